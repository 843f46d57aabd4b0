#include <dirent.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdint>

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

constexpr std::string_view kGroupPrefix = "bulkhead-";

bool writable(const std::string& group, const char* file) {
  return ::access((group + "/" + file).c_str(), W_OK) == 0;
}

/// Whether `file` of a v2 group lists each controller that a run needs.
bool names_controllers(const std::string& group, const char* file) {
  std::string text = read_process_file(group + "/" + file);
  while (!text.empty() && text.back() == '\n') text.pop_back();
  const std::vector<std::string_view> names = words_of(text);
  const auto named = [&](std::string_view name) { return std::find(names.begin(), names.end(), name) != names.end(); };
  return named("memory") && named("pids") && named("cpu");
}

/// The inode number of this process's pid namespace, 0 where it cannot be told.
std::uint64_t own_pid_namespace() {
  struct stat found;
  return ::stat("/proc/self/ns/pid", &found) == 0 ? found.st_ino : 0;
}

/// Takes a number and the dash behind it from the front of `text`; 0 if they do not stand there.
std::uint64_t take_number(std::string_view& text) {
  std::uint64_t number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc{} || stop == end || *stop != '-') return 0;
  text.remove_prefix(static_cast<std::size_t>(stop - text.data()) + 1);
  return number;
}

unsigned sweep_folder(const std::string& parent) {
  DIR* folder = parent.empty() ? nullptr : ::opendir(parent.c_str());
  if (folder == nullptr) return 0;
  unsigned removed = 0;
  while (const dirent* entry = ::readdir(folder)) {
    const std::string name = entry->d_name;
    if (!owner_is_dead(name)) continue;
    const std::string path = parent + "/" + name;
    for (int i = 0; i < 50 && ::rmdir(path.c_str()) != 0 && errno == EBUSY; ++i) {
      kill_members(path);
      ::usleep(2000);
    }
    if (::access(path.c_str(), F_OK) != 0) ++removed;
  }
  ::closedir(folder);
  return removed;
}

}  // namespace

std::string group_name(const std::string& run_id) {
  const std::uint64_t started = own_start_time(), space = own_pid_namespace();
  if (started == 0 || space == 0) return "";
  std::string name(kGroupPrefix);
  for (const std::uint64_t number : {static_cast<std::uint64_t>(::getpid()), started, space})
    name += std::to_string(number) + "-";
  return name + run_id;
}

bool owner_is_dead(const std::string& name, const std::string& processes) {
  std::string_view rest = name;
  if (rest.substr(0, kGroupPrefix.size()) != kGroupPrefix) return false;
  rest.remove_prefix(kGroupPrefix.size());
  const std::uint64_t pid = take_number(rest), started = take_number(rest), space = take_number(rest);
  if (pid == 0 || started == 0 || space == 0 || space != own_pid_namespace()) return false;
  std::string stat;
  const int error = read_process_file(processes + "/" + std::to_string(pid) + "/stat", stat);
  if (error != 0) return error == ENOENT || error == ESRCH;
  const std::uint64_t now = stat_field(stat, 22);
  return now != 0 && now != started;  // another process has the number by now
}

void kill_members(const std::string& group) {
  for (const std::uint64_t pid : numbers_in(group + "/cgroup.procs")) {
    // 0 is what cgroup v2 shows for a member outside our pid namespace; to kill(2) it is our own process group.
    if (pid > 1 && pid <= static_cast<std::uint64_t>(INT32_MAX)) ::kill(static_cast<pid_t>(pid), SIGKILL);
  }
}

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
      if (type == "cgroup2" && controllers.empty()) {
        tree.unified = folder;
        tree.unified_root = words[4];
      }
      if (type == "cgroup" && lists(options, "memory") && lists(controllers, "memory")) tree.memory = folder;
      if (type == "cgroup" && lists(options, "cpu") && lists(controllers, "cpu")) tree.cpu = folder;
      if (type == "cgroup" && lists(options, "pids") && lists(controllers, "pids")) tree.pids = folder;
    }
  }
  return tree;
}

UnifiedGround find_ground(const CgroupTree& tree, bool privileged) {
  std::vector<std::string> places;
  if (!tree.unified.empty()) places.push_back(tree.unified);
  if (privileged && !tree.unified_root.empty()) places.push_back(tree.unified_root);
  for (const std::string& place : places) {
    if (writable(place, "cgroup.procs") && names_controllers(place, "cgroup.subtree_control")) {
      return {Ground::Ready, place};
    }
  }
  for (const std::string& place : places) {
    if (!writable(place, "cgroup.procs") || !writable(place, "cgroup.subtree_control") ||
        !names_controllers(place, "cgroup.controllers")) {
      continue;
    }
    // Only the root of the whole hierarchy has no type; any other group hands down controllers or has processes.
    const bool root = ::access((place + "/cgroup.type").c_str(), F_OK) != 0;
    const std::vector<std::uint64_t> members = numbers_in(place + "/cgroup.procs");
    if (root || members.empty()) return {Ground::Enable, place};
    if (place == tree.unified && members == std::vector<std::uint64_t>{static_cast<std::uint64_t>(::getpid())}) {
      return {Ground::Vacate, place};
    }
  }
  return {};
}

unsigned sweep_cgroups(const CgroupTree& tree) {
  unsigned removed = sweep_folder(tree.memory) + sweep_folder(tree.pids) + sweep_folder(tree.cpu);
  removed += sweep_folder(tree.unified);
  return tree.unified_root == tree.unified ? removed : removed + sweep_folder(tree.unified_root);
}

}  // namespace bulkhead::sandbox
