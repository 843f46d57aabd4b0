#include "runtime-bridge/audit/line_source.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "runtime-bridge/audit/verify.h"

namespace bulkhead::audit {

Result<LineSource> LineSource::open(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (fd < 0) return fail(SystemError{"open", path, errno, "an audit log"});
  struct stat now {};
  const bool seen = fstat(fd, &now) == 0;
  if (!seen || !S_ISREG(now.st_mode) || static_cast<std::uint64_t>(now.st_size) > kMaxLogBytes) {
    close(fd);
    return fail(SystemError{"open", path,
                            !seen                  ? errno
                            : S_ISREG(now.st_mode) ? EFBIG
                                                   : EINVAL,
                            "an audit log is a regular file of at most 1 GiB"});
  }
  return LineSource(fd);
}

LineSource::LineSource(LineSource&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)),
      buffer_(std::move(other.buffer_)),
      at_(other.at_),
      total_(other.total_),
      ended_(other.ended_) {}

LineSource::~LineSource() {
  if (fd_ >= 0) close(fd_);
}

Result<LineSource::Next> LineSource::next(std::string& line) {
  while (true) {
    const std::size_t newline = buffer_.find('\n', at_);
    if (newline != std::string::npos) {
      line.assign(buffer_, at_, newline - at_);
      at_ = newline + 1;
      return line.size() > kMaxLineBytes ? Next::TooLong : Next::Line;
    }
    buffer_.erase(0, std::exchange(at_, 0));
    if (buffer_.size() > kMaxLineBytes) return Next::TooLong;
    if (ended_) return buffer_.empty() ? Next::End : Next::Torn;
    const std::size_t before = buffer_.size();
    buffer_.resize(before + (std::size_t{1} << 16));
    const ssize_t n = read(fd_, buffer_.data() + before, buffer_.size() - before);
    buffer_.resize(before + static_cast<std::size_t>(n > 0 ? n : 0));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return fail(SystemError{"read", "the audit log", errno, ""});
    ended_ = n == 0;
    total_ += static_cast<std::uint64_t>(n);
    if (total_ > kMaxLogBytes) return fail(SystemError{"read", "the audit log", EFBIG, "it grew while it was read"});
  }
}

}  // namespace bulkhead::audit
