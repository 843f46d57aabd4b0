#include <dirent.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>

#include "runtime-bridge/sandbox/cgroup.h"
#include "runtime-bridge/sandbox/process_file.h"

namespace bulkhead::sandbox {

namespace {

bool lists(std::string_view options, std::string_view name) {
  while (!options.empty()) {
    const std::size_t end = options.find(',');
    if (options.substr(0, end) == name) return true;
    if (end == std::string_view::npos) break;
    options.remove_prefix(end + 1);
  }
  return false;
}

/// `mount` + `group`, where the mount shows the subtree `root` of the hierarchy.
std::string folder_of(std::string_view mount, std::string_view root, std::string_view group) {
  if (root != "/" && group.substr(0, root.size()) == root) group.remove_prefix(root.size());
  std::string folder(mount);
  if (group != "/") folder += group;
  return folder;
}

bool dead(const std::string& name) {
  char* end = nullptr;
  const unsigned long pid = std::strtoul(name.c_str() + 9, &end, 10);
  if (end == nullptr || *end != '-') return false;
  const unsigned long long started = std::strtoull(end + 1, nullptr, 10);
  return start_time(static_cast<pid_t>(pid)) != started;
}

unsigned sweep_folder(const std::string& parent) {
  DIR* folder = parent.empty() ? nullptr : ::opendir(parent.c_str());
  if (folder == nullptr) return 0;
  unsigned removed = 0;
  while (const dirent* entry = ::readdir(folder)) {
    const std::string name = entry->d_name;
    if (name.rfind("bulkhead-", 0) != 0 || !dead(name)) continue;
    const std::string path = parent + "/" + name;
    for (int i = 0; i < 50 && ::rmdir(path.c_str()) != 0 && errno == EBUSY; ++i) {
      for (const std::uint64_t pid : numbers_in(path + "/cgroup.procs")) ::kill(static_cast<pid_t>(pid), SIGKILL);
      ::usleep(2000);
    }
    if (::access(path.c_str(), F_OK) != 0) ++removed;
  }
  ::closedir(folder);
  return removed;
}

}  // namespace

CgroupTree find_cgroups() {
  return find_cgroups(read_process_file("/proc/self/cgroup"), read_process_file("/proc/self/mountinfo"));
}

CgroupTree find_cgroups(const std::string& groups, const std::string& mounts) {
  CgroupTree tree;
  for (const std::string_view line : lines_of(mounts)) {
    // id parent device root mountpoint options ... - type source superoptions
    const std::vector<std::string_view> words = words_of(line);
    const auto dash = std::find(words.begin(), words.end(), "-");
    if (words.size() < 10 || words.end() - dash < 4) continue;
    const std::string_view type = *(dash + 1), options = *(dash + 3);
    if (type != "cgroup" && type != "cgroup2") continue;
    for (const std::string_view group : lines_of(groups)) {
      const std::size_t first = group.find(':'), second = group.find(':', first + 1);
      if (second == std::string_view::npos) continue;
      const std::string_view controllers = group.substr(first + 1, second - first - 1);
      const std::string folder = folder_of(words[4], words[3], group.substr(second + 1));
      if (type == "cgroup2" && controllers.empty()) tree.unified = folder;
      if (type == "cgroup" && lists(options, "memory") && lists(controllers, "memory")) tree.memory = folder;
      if (type == "cgroup" && lists(options, "cpu") && lists(controllers, "cpu")) tree.cpu = folder;
      if (type == "cgroup" && lists(options, "pids") && lists(controllers, "pids")) tree.pids = folder;
    }
  }
  if (!tree.unified.empty()) {
    std::string offered = read_process_file(tree.unified + "/cgroup.subtree_control");
    while (!offered.empty() && offered.back() == '\n') offered.pop_back();
    for (const std::string_view name : words_of(offered)) {
      if (name == "memory" || name == "pids" || name == "cpu") tree.unified_controllers.emplace_back(name);
    }
  }
  return tree;
}

unsigned sweep_cgroups(const CgroupTree& tree) {
  return sweep_folder(tree.memory) + sweep_folder(tree.pids) + sweep_folder(tree.cpu) + sweep_folder(tree.unified);
}

}  // namespace bulkhead::sandbox
