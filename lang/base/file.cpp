#include "lang/base/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <utility>

namespace bulkhead {

namespace {

/// Closes on every path out of a function.
class OpenFile {
 public:
  explicit OpenFile(int fd) : fd_(fd) {}
  ~OpenFile() {
    if (fd_ >= 0) ::close(fd_);
  }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  int fd() const { return fd_; }
  /// Closes now and tells whether that worked: a full disk may show only here.
  bool close() {
    const int fd = fd_;
    fd_ = -1;
    return ::close(fd) == 0;
  }

 private:
  int fd_;
};

Status write_all(int fd, std::string_view bytes, const std::string& path) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(fd, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return fail(SystemError{"write", path, errno, ""});
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return Unit{};
}

}  // namespace

Result<std::string> read_file(const std::string& path, std::size_t max_bytes) {
  // The open itself would wait for somebody to write to a pipe.
  OpenFile file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
  if (file.fd() < 0) return fail(SystemError{"open", path, errno, ""});
  struct stat now {};
  const bool pipe = ::fstat(file.fd(), &now) == 0 && S_ISFIFO(now.st_mode);
  std::string bytes;
  char buffer[1 << 16];
  for (bool first = true;; first = false) {
    const ssize_t count = ::read(file.fd(), buffer, sizeof buffer);
    if (first) ::fcntl(file.fd(), F_SETFL, 0);  // from here on it waits for whoever writes
    if (count < 0 && (errno == EINTR || (first && errno == EAGAIN))) continue;
    if (count < 0) return fail(SystemError{"read", path, errno, ""});
    if (count == 0 && first && pipe) return fail(SystemError{"read", path, 0, "nobody writes to this pipe"});
    if (count == 0) return bytes;
    bytes.append(buffer, static_cast<std::size_t>(count));
    if (bytes.size() > max_bytes) {
      return fail(SystemError{"read", path, EFBIG, "the limit is " + std::to_string(max_bytes) + " bytes"});
    }
  }
}

namespace {

/// Into what stands at `path` and is no file that could be replaced.
Status write_through(const std::string& path, std::string_view bytes) {
  OpenFile file(::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
  if (file.fd() < 0 && errno == ENXIO) return fail(SystemError{"open", path, 0, "nobody reads from this pipe"});
  if (file.fd() < 0) return fail(SystemError{"open", path, errno, ""});
  ::fcntl(file.fd(), F_SETFL, 0);  // from here on it waits for whoever reads
  Status written = write_all(file.fd(), bytes, path);
  if (written.ok() && !file.close()) written = fail(SystemError{"close", path, errno, ""});
  return written;
}

/// The name of what the link `path` leads to. The kernel follows it, who refuses links that others left in /tmp.
Result<std::string> target_of(const std::string& path) {
  OpenFile file(::open(path.c_str(), O_PATH | O_CLOEXEC));
  if (file.fd() < 0) return fail(SystemError{"follow", path, errno, ""});
  std::string name(PATH_MAX, '\0');
  const ssize_t length = ::readlink(("/proc/self/fd/" + std::to_string(file.fd())).c_str(), name.data(), name.size());
  if (length <= 0 || static_cast<std::size_t>(length) == name.size())
    return fail(SystemError{"follow", path, length < 0 ? errno : ENAMETOOLONG, ""});
  name.resize(static_cast<std::size_t>(length));
  return name;
}

}  // namespace

// What a link leads to is replaced, not the link; a device or a pipe, as /dev/stdout, is written to and never replaced.
Status write_file(const std::string& asked, std::string_view bytes, unsigned mode) {
  std::string path = asked;
  struct stat now {};
  if (::stat(asked.c_str(), &now) == 0 && !S_ISREG(now.st_mode) && !S_ISDIR(now.st_mode)) {
    return write_through(asked, bytes);
  }
  if (::lstat(asked.c_str(), &now) == 0 && S_ISLNK(now.st_mode)) {
    Result<std::string> target = target_of(asked);
    if (!target.ok()) return fail(target.error());
    path = std::move(target).value();
  }
  std::string temporary = path + ".XXXXXX";
  OpenFile file(::mkostemp(temporary.data(), O_CLOEXEC));
  if (file.fd() < 0) return fail(SystemError{"create", path, errno, ""});
  Status written = write_all(file.fd(), bytes, path);
  if (written.ok() && ::fchmod(file.fd(), mode) != 0) written = fail(SystemError{"chmod", path, errno, ""});
  if (written.ok() && !file.close()) written = fail(SystemError{"close", path, errno, ""});
  if (written.ok() && ::rename(temporary.c_str(), path.c_str()) != 0) {
    written = fail(SystemError{"rename", path, errno, ""});
  }
  if (!written.ok()) ::unlink(temporary.c_str());
  return written;
}

}  // namespace bulkhead
