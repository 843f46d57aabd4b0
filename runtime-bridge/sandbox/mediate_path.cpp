#include "runtime-bridge/sandbox/mediate_path.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <string_view>

namespace bulkhead::sandbox {
namespace {

Descriptor open_in_root(int root, const std::string& path, int flags, Lookup lookup) {
  open_how how{};
  how.flags = static_cast<std::uint64_t>(flags | O_CLOEXEC);
  how.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS | (lookup == Lookup::Cached ? RESOLVE_CACHED : 0U);
  return Descriptor(syscall(SYS_openat2, root, path.c_str(), &how, sizeof how));
}

std::string link_to(const Descriptor& fd) {
  return "/proc/self/fd/" + std::to_string(fd.get());
}

/// Where `fd` is, as its own mount namespace names it: our root is not above it, so the kernel walks up to the
/// sandbox's. Empty, with ENOENT, where its name is gone: the kernel then says another name, of which other rules may
/// speak.
std::string name_of(const Descriptor& fd) {
  static constexpr std::string_view kGone = " (deleted)";
  std::string name(PATH_MAX, '\0');
  const ssize_t n = readlink(link_to(fd).c_str(), name.data(), name.size());
  name.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
  if (name.size() >= kGone.size() && name.compare(name.size() - kGone.size(), kGone.size(), kGone) == 0) {
    name.clear();
    errno = ENOENT;
  }
  return name;
}

/// A folder of its own for the umask: the worker shares nothing of its file system state with the supervisor.
class Umask {
 public:
  explicit Umask(mode_t mask) : before_(umask(mask)) {}
  ~Umask() { umask(before_); }
  Umask(const Umask&) = delete;
  Umask& operator=(const Umask&) = delete;

 private:
  mode_t before_;
};

/// The devices of the minimal /dev that have no owner and no state; a terminal would be the supervisor's.
bool harmless_device(const struct stat& now) {
  if (!S_ISCHR(now.st_mode) || major(now.st_rdev) != 1) return false;
  const unsigned minor_number = minor(now.st_rdev);
  return minor_number == 3 || minor_number == 5 || minor_number == 7 || minor_number == 8 || minor_number == 9;
}

constexpr int kPassedFlags =
    O_ACCMODE | O_APPEND | O_TRUNC | O_DIRECTORY | O_NONBLOCK | O_DSYNC | O_SYNC | O_DIRECT | O_LARGEFILE | O_NOATIME;

Descriptor create(const Place& place, const OpenRequest& how, int& error) {
  const Umask mask(how.umask);
  const int flags = (how.flags & kPassedFlags) | O_CREAT | O_EXCL | O_NOFOLLOW | O_NOCTTY | O_CLOEXEC;
  Descriptor fd(openat(place.folder.get(), place.name.c_str(), flags, how.mode & 01777));
  if (!fd.valid()) error = errno;
  return fd;
}

Descriptor open_found(const Place& place, const OpenRequest& how, int& error) {
  struct stat now {};
  if (fstat(place.object.get(), &now) != 0) {
    error = errno;
    return {};
  }
  if (S_ISLNK(now.st_mode)) error = ELOOP;
  if ((how.flags & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL)) error = EEXIST;
  if (error != 0) return {};
  if (!S_ISREG(now.st_mode) && !S_ISDIR(now.st_mode) && !harmless_device(now)) {
    error = EACCES;
    return {};
  }
  // Through our own descriptor: no name is resolved a second time.
  Descriptor fd(open(link_to(place.object).c_str(), (how.flags & kPassedFlags) | O_NOCTTY | O_CLOEXEC));
  if (!fd.valid()) error = errno;
  return fd;
}

Descriptor open_for(const Place& place, const OpenRequest& how, int& error) {
  if ((how.flags & O_TMPFILE) == O_TMPFILE) {
    error = EOPNOTSUPP;  // a file without a name has no place in the table
    return {};
  }
  if (place.object.valid()) return open_found(place, how, error);
  if ((how.flags & O_CREAT) != 0 && place.folder.valid()) return create(place, how, error);
  error = place.error;
  return {};
}

void decide_at(const table::Decider& decider, const Place& place, const PathUse& use, const PathQuestion& question,
               PathAnswer& out) {
  std::uint16_t rights = use.rights;
  // Creating is writing, opening what stands there is not.
  if (question.is_open && (question.open.flags & O_CREAT) != 0 && !place.object.valid()) {
    rights = static_cast<std::uint16_t>(rights | table::kWrite);
  }
  const table::Resolved resolved = table::resolve(decider.table(), place.path);
  for (std::uint16_t right = table::kRead; right <= table::kExecute; right = static_cast<std::uint16_t>(right << 1)) {
    if ((rights & right) == 0) continue;
    const table::Decision decision = decider.decide(right, resolved.object);
    out.denied = out.denied || !decision.allowed;
    out.verdicts.push_back({place.path, right, decision});
  }
}

constexpr std::size_t kFirstLine = 256;  // as much as the kernel looks at
constexpr int kMaxInterpreters = 5;      // that name each other; more, the kernel refuses too

/// What the first line of a script names, as the kernel reads it; "" of a file that is no script.
///
/// Soundness: a line that the kernel finds too long is read as far as it goes, so more is decided and never less.
OrErrno<std::string> interpreter_of(const Place& place) {
  struct stat now {};
  if (fstat(place.object.get(), &now) != 0) return fail(int{errno});
  if (!S_ISREG(now.st_mode)) return fail(int{EACCES});
  const Descriptor file(open(link_to(place.object).c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  if (!file.valid()) return fail(int{errno});
  std::string line(kFirstLine, '\0');
  const ssize_t n = pread(file.get(), line.data(), line.size(), 0);
  if (n < 0) return fail(int{errno});
  line.resize(static_cast<std::size_t>(n));
  if (line.rfind("#!", 0) != 0) return std::string();
  line = line.substr(2, line.find('\n') - 2);
  const std::size_t begin = line.find_first_not_of(" \t");
  if (begin == std::string::npos) return std::string();
  return line.substr(begin, line.find_first_of(std::string_view(" \t\0", 3), begin) - begin);
}

/// An exec is of the named file and of each interpreter that the kernel would execute for it. None goes on that was not
/// found here: the kernel would follow links that this look-up does not (those of /proc).
void decide_exec(const table::Decider& decider, int root, const PathQuestion& question, PathAnswer& out) {
  PathUse use = question.uses.front();
  for (int depth = 0; depth <= kMaxInterpreters; ++depth) {
    const Place place = find_place(root, use.path, use.last);
    decide_at(decider, place, use, question, out);
    if (out.denied) return;
    if (!place.object.valid()) {
      out.error = place.error != 0 ? place.error : ENOENT;
      return;
    }
    const OrErrno<std::string> interpreter = interpreter_of(place);
    if (!interpreter) out.error = interpreter.error();
    if (!interpreter || interpreter->empty()) return;
    if (interpreter->front() != '/' && question.folder.empty()) {
      out.error = ENOENT;
      return;
    }
    use.path = join(question.folder, *interpreter);
    use.last = LastPart::Followed;
  }
  out.error = ELOOP;
}

}  // namespace

Place find_place(int root, const std::string& path, LastPart last, Lookup lookup) {
  Place place;
  place.object = open_in_root(root, path, O_PATH | (last == LastPart::Kept ? O_NOFOLLOW : 0), lookup);
  if (place.object.valid()) {
    place.path = name_of(place.object);
    if (!place.path.empty()) return place;
    place.object.reset();
  }
  place.error = errno;
  std::string trimmed = path;
  while (trimmed.size() > 1 && trimmed.back() == '/') trimmed.pop_back();
  const std::size_t slash = trimmed.rfind('/');
  const std::string name = slash == std::string::npos ? "" : trimmed.substr(slash + 1);
  if (place.error == ENOENT && !name.empty() && name != ".." && name != ".") {
    place.folder = open_in_root(root, slash == 0 ? "/" : trimmed.substr(0, slash), O_PATH | O_DIRECTORY, lookup);
    const std::string folder = place.folder.valid() ? name_of(place.folder) : "";
    if (!folder.empty()) {
      place.name = name;
      place.path = folder == "/" ? "/" + name : folder + "/" + name;
      return place;
    }
    place.folder.reset();
  }
  place.path = lexical(path);
  return place;
}

PathAnswer answer(const table::Decider& decider, int root, const PathQuestion& question) {
  PathAnswer out;
  if (question.is_exec) {
    decide_exec(decider, root, question, out);
    return out;
  }
  for (const PathUse& use : question.uses) {
    const Place place = find_place(root, use.path, use.last);
    decide_at(decider, place, use, question, out);
    if (!question.act || (out.denied && question.enforce)) continue;
    out.opened = open_for(place, question.open, out.error);
    if (out.error == EEXIST && (question.open.flags & O_EXCL) == 0) {
      // Another thread made it meanwhile: open what stands there now. It has the same name, so the same decision.
      out.error = 0;
      const Place again = find_place(root, place.path, LastPart::Kept);
      if (again.path == place.path) out.opened = open_for(again, question.open, out.error);
      if (!out.opened.valid() && out.error == 0) out.error = EEXIST;
    }
  }
  return out;
}

std::optional<PathAnswer> answer_from_cache(const table::Decider& decider, int root, const PathQuestion& question) {
  if (question.act || question.is_exec) return std::nullopt;
  PathAnswer out;
  for (const PathUse& use : question.uses) {
    const Place place = find_place(root, use.path, use.last, Lookup::Cached);
    if (!place.object.valid() && !place.folder.valid()) return std::nullopt;
    decide_at(decider, place, use, question, out);
  }
  return out;
}

}  // namespace bulkhead::sandbox
