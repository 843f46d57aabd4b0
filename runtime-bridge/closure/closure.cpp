#include "runtime-bridge/closure/closure.h"

#include <dirent.h>
#include <glob.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <deque>
#include <map>
#include <memory>
#include <set>

#include "lang/base/file.h"
#include "runtime-bridge/closure/elf.h"

namespace bulkhead::closure {

namespace {

constexpr int kMaxLinks = 40;  // as the kernel
constexpr std::size_t kMaxFiles = 4096;

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == 0 || slash == std::string::npos ? "/" : path.substr(0, slash);
}

std::string base_of(const std::string& path) {
  return path.substr(path.rfind('/') + 1);
}

bool is_regular(const std::string& path) {
  struct stat status;
  return ::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode);
}

bool is_folder(const std::string& path) {
  struct stat status;
  return ::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
}

/// Walks a name component by component, so that each symbolic link on the way is seen.
class Walk {
 public:
  explicit Walk(std::map<std::string, std::string>& links) : links_(links) {}

  /// The resolved path, or "" where a component is missing or there are too many links.
  std::string resolve(const std::string& name) {
    std::deque<std::string> rest = components(name);
    std::string done;
    for (int followed = 0; !rest.empty();) {
      const std::string part = rest.front();
      rest.pop_front();
      if (part == "..") {
        done = done.empty() ? "" : done.substr(0, done.rfind('/'));
        continue;
      }
      const std::string next = done + "/" + part;
      struct stat status;
      if (::lstat(next.c_str(), &status) != 0) return "";
      if (!S_ISLNK(status.st_mode)) {
        done = next;
        continue;
      }
      if (++followed > kMaxLinks) return "";
      char target[PATH_MAX];
      const ssize_t size = ::readlink(next.c_str(), target, sizeof target);
      if (size <= 0 || size == sizeof target) return "";
      const std::string text(target, static_cast<std::size_t>(size));
      links_[next] = text;
      if (text[0] == '/') done.clear();
      const std::deque<std::string> more = components(text);
      rest.insert(rest.begin(), more.begin(), more.end());
    }
    return done.empty() ? "/" : done;
  }

 private:
  static std::deque<std::string> components(const std::string& path) {
    std::deque<std::string> parts;
    std::size_t begin = 0;
    while (begin < path.size()) {
      const std::size_t end = std::min(path.find('/', begin), path.size());
      const std::string part = path.substr(begin, end - begin);
      if (!part.empty() && part != ".") parts.push_back(part);
      begin = end + 1;
    }
    return parts;
  }

  std::map<std::string, std::string>& links_;
};

/// The folders of /etc/ld.so.conf and what it includes, then the loader's own.
std::vector<std::string> library_folders() {
  std::vector<std::string> folders;
  std::deque<std::string> files{"/etc/ld.so.conf"};
  for (std::size_t read = 0; !files.empty() && read < 256; ++read) {
    const std::string name = files.front();
    files.pop_front();
    const Result<std::string> text = read_file(name, 1 << 20);
    if (!text.ok()) continue;  // a machine without it has only the default folders
    std::size_t begin = 0;
    while (begin < text->size()) {
      const std::size_t end = std::min(text->find('\n', begin), text->size());
      std::string line = text->substr(begin, end - begin);
      begin = end + 1;
      line = line.substr(0, line.find('#'));
      line.erase(line.find_last_not_of(" \t\r") + 1);
      if (line.rfind("include ", 0) == 0) {
        glob_t found{};
        if (::glob(line.substr(8).c_str(), 0, nullptr, &found) == 0) {
          for (std::size_t i = 0; i < found.gl_pathc; ++i) files.emplace_back(found.gl_pathv[i]);
        }
        ::globfree(&found);
      } else if (!line.empty() && line[0] == '/') {
        folders.push_back(line);
      }
    }
  }
  for (const char* folder : {"/lib64", "/usr/lib64", "/lib", "/usr/lib"}) folders.emplace_back(folder);
  return folders;
}

/// Collects entries and links while following ELF files.
class Collector {
 public:
  Collector() : folders_(library_folders()) {}

  void add(const std::string& name, const std::string& why) {
    const std::string path = Walk(links_).resolve(name);
    if (path.empty()) return;
    entries_.emplace(path, Entry{path, is_folder(path), why});
  }

  /// Adds an ELF file and, breadth first, everything that it names.
  Status add_elf(const std::string& name, const std::string& why) {
    std::deque<std::pair<std::string, std::string>> open{{name, why}};
    while (!open.empty()) {
      const auto [path, reason] = open.front();
      open.pop_front();
      const std::string resolved = Walk(links_).resolve(path);
      if (resolved.empty()) return fail(SystemError{"open", path, ENOENT, reason});
      if (!seen_.insert(resolved).second) continue;
      if (seen_.size() > kMaxFiles) return fail(SystemError{"follow", name, E2BIG, "it needs too many libraries"});
      Result<ElfNeeds> needs = read_elf(resolved);
      if (!needs.ok()) return fail(needs.error());
      entries_.emplace(resolved, Entry{resolved, false, reason});
      if (!needs->interpreter.empty()) open.emplace_back(needs->interpreter, "ELF interpreter");
      for (const std::string& library : needs->libraries) {
        const std::string found = find_library(library, needs->run_paths, folder_of(resolved));
        if (found.empty()) {
          return fail(SystemError{"follow", resolved, ELIBACC, "the library " + library + " is not on this machine"});
        }
        open.emplace_back(found, "library of " + base_of(resolved));
      }
    }
    return Unit{};
  }

  Closure finish(std::string program) {
    Closure closure;
    closure.program = std::move(program);
    std::string folder;  // the last folder listed: what lies below it needs no entry of its own
    for (auto& [path, entry] : entries_) {
      if (!folder.empty() && path.rfind(folder + "/", 0) == 0) continue;
      if (entry.folder) folder = path;
      closure.entries.push_back(entry);
    }
    for (const auto& [path, target] : links_) {
      const bool shown = std::any_of(
          closure.entries.begin(), closure.entries.end(),
          [&link = path](const Entry& entry) { return entry.folder && link.rfind(entry.path + "/", 0) == 0; });
      if (!shown) closure.links.push_back({path, target});
    }
    return closure;
  }

 private:
  std::string find_library(const std::string& name, const std::vector<std::string>& run_paths,
                           const std::string& origin) const {
    if (name.find('/') != std::string::npos) return is_regular(name) ? name : "";
    for (std::string folder : run_paths) {
      for (const std::string token : {"${ORIGIN}", "$ORIGIN"}) {
        const std::size_t at = folder.find(token);
        if (at != std::string::npos) folder.replace(at, token.size(), origin);
      }
      if (is_regular(folder + "/" + name)) return folder + "/" + name;
    }
    for (const std::string& folder : folders_) {
      if (is_regular(folder + "/" + name)) return folder + "/" + name;
    }
    return "";
  }

  std::vector<std::string> folders_;
  std::map<std::string, Entry> entries_;
  std::map<std::string, std::string> links_;
  std::set<std::string> seen_;
};

/// What the C library of every program, and Python's start, look for in vain.
std::vector<Probe> start_probes(const std::string& program, const std::vector<Entry>& entries) {
  std::vector<Probe> probes{
      {"/etc/ld.so.preload"}, {"/etc/localtime"}, {"/usr/lib/locale", true}, {"/usr/share/locale", true}};
  for (const Entry& entry : entries) {
    const std::string file = base_of(entry.path);
    if (file.rfind("libc.so", 0) == 0) probes.push_back({folder_of(entry.path) + "/gconv", true});
    if (file.rfind("libcrypto.so", 0) == 0) {
      probes.push_back({"/usr/lib/ssl/openssl.cnf"});
      probes.push_back({"/etc/ssl/openssl.cnf"});
    }
  }
  const std::string name = base_of(program);
  if (name.rfind("python3.", 0) == 0) {
    const std::string folder = folder_of(program);
    const std::string prefix = folder_of(folder);
    const std::string base = prefix == "/" ? "" : prefix;
    for (const char* file : {"/pyvenv.cfg", "/pybuilddir.txt"}) probes.push_back({folder + file});
    probes.push_back({base + "/pyvenv.cfg"});
    for (const std::string& stem : {name, std::string("python3"), std::string("python")}) {
      probes.push_back({folder + "/" + stem + "._pth"});
    }
    probes.push_back({base + "/local/lib/" + name, true});
    probes.push_back({base + "/lib/python3", true});
  }
  std::sort(probes.begin(), probes.end(), [](const Probe& a, const Probe& b) { return a.path < b.path; });
  return probes;
}

Result<std::string> find_program(const std::string& program, const std::string& search_path) {
  if (program.empty()) return fail(SystemError{"find", "", ENOENT, "the name of the program is empty"});
  if (program.find('/') != std::string::npos) {
    std::unique_ptr<char, decltype(&std::free)> absolute(::realpath(program.c_str(), nullptr), &std::free);
    if (!absolute) return fail(SystemError{"find", program, errno, ""});
    // The name as given matters (python looks for its library beside it); only its folder is made absolute.
    if (program[0] == '/') return program;
    return std::string(absolute.get());
  }
  std::size_t begin = 0;
  while (begin <= search_path.size()) {
    const std::size_t end = std::min(search_path.find(':', begin), search_path.size());
    const std::string candidate = search_path.substr(begin, end - begin) + "/" + program;
    begin = end + 1;
    if (is_regular(candidate) && ::access(candidate.c_str(), X_OK) == 0) return candidate;
  }
  return fail(SystemError{"find", program, ENOENT, "looked in " + search_path});
}

struct CloseFolder {
  void operator()(DIR* folder) const { ::closedir(folder); }
};

/// Adds every shared object directly in `folder`: binary modules of an interpreter.
Status add_modules(Collector& collector, const std::string& folder, const std::string& why) {
  std::unique_ptr<DIR, CloseFolder> listing(::opendir(folder.c_str()));
  if (!listing) return Unit{};
  while (const dirent* item = ::readdir(listing.get())) {
    const std::string name = item->d_name;
    if (name.size() < 4 || name.substr(name.size() - 3) != ".so") continue;
    Status added = collector.add_elf(folder + "/" + name, why);
    // A module whose library is not installed fails on its own import, not at the start of the program.
    if (!added.ok() && added.error().error != ELIBACC) return added;
  }
  return Unit{};
}

/// The library folders of interpreters that need more than what their ELF file names.
Status add_interpreter_library(Collector& collector, const std::string& program) {
  const std::string name = base_of(program);
  const std::string prefix = folder_of(folder_of(program));
  if (name.rfind("python3.", 0) == 0) {
    const std::string library = prefix + "/lib/" + name;
    collector.add(library, "python library");
    return add_modules(collector, library + "/lib-dynload", "module of " + name);
  }
  if (name == "perl" || name.rfind("perl5", 0) == 0) {
    for (const char* pattern :
         {"/usr/share/perl/5*", "/usr/lib/*/perl-base", "/usr/lib/*/perl/5*", "/usr/share/perl-base"}) {
      glob_t found{};
      if (::glob(pattern, 0, nullptr, &found) == 0) {
        for (std::size_t i = 0; i < found.gl_pathc; ++i) collector.add(found.gl_pathv[i], "perl library");
      }
      ::globfree(&found);
    }
  }
  return Unit{};
}

}  // namespace

Result<Closure> runtime_closure(const std::string& program, const std::string& search_path) {
  Result<std::string> found = find_program(program, search_path);
  if (!found.ok()) return fail(found.error());
  if (!is_regular(*found)) return fail(SystemError{"run", *found, EACCES, "not a regular file"});
  if (::access(found->c_str(), X_OK) != 0) return fail(SystemError{"run", *found, EACCES, "not executable"});

  std::map<std::string, std::string> ignored;
  const std::string resolved = Walk(ignored).resolve(*found);
  Collector collector;
  Status followed = collector.add_elf(*found, "program");
  if (followed.ok()) followed = add_interpreter_library(collector, resolved);
  if (!followed.ok()) return fail(followed.error());
  collector.add("/etc/ld.so.cache", "loader cache");
  collector.add("/usr/share/zoneinfo/UTC", "time zone");
  collector.add("/usr/lib/locale/C.utf8", "locale");
  Closure closure = collector.finish(resolved);
  if (const Result<ElfNeeds> needs = read_elf(resolved); needs.ok() && !needs->interpreter.empty())
    closure.loader = Walk(ignored).resolve(needs->interpreter);
  closure.probes = start_probes(resolved, closure.entries);
  return closure;
}

}  // namespace bulkhead::closure
