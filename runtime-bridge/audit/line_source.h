// The lines of an untrusted file, one at a time, bounded in length and number of bytes.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "lang/base/result.h"

namespace bulkhead::audit {

class LineSource {
 public:
  enum class Next : std::uint8_t { Line, End, Torn, TooLong };  // Torn: the last bytes have no newline

  /// Regular files of at most kMaxLogBytes only.
  static Result<LineSource> open(const std::string& path);

  LineSource(LineSource&& other) noexcept;
  LineSource& operator=(LineSource&&) = delete;
  ~LineSource();

  /// The next line without its newline.
  Result<Next> next(std::string& line);

 private:
  explicit LineSource(int fd) : fd_(fd) {}
  int fd_;
  std::string buffer_;
  std::size_t at_ = 0;
  std::uint64_t total_ = 0;
  bool ended_ = false;
};

}  // namespace bulkhead::audit
