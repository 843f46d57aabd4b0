#include "runtime-bridge/audit/tail.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string>

#include "runtime-bridge/audit/verify.h"

namespace bulkhead::audit {
namespace {

constexpr std::string_view kBefore = ",\"hash\":\"";
constexpr std::string_view kAfter = "\"}";
constexpr std::size_t kUsualLineBytes = 4096;

int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

}  // namespace

bool from_hex(std::string_view text, Digest& digest) {
  if (text.size() != 2 * digest.size()) return false;
  for (std::size_t i = 0; i < digest.size(); ++i) {
    const int high = digit(text[2 * i]), low = digit(text[2 * i + 1]);
    if (high < 0 || low < 0) return false;
    digest[i] = static_cast<std::uint8_t>(high << 4 | low);
  }
  return true;
}

bool split_hash(std::string_view line, std::string_view& covered, Digest& hash) {
  const std::size_t tail = kBefore.size() + 2 * hash.size() + kAfter.size();
  if (line.size() < tail) return false;
  covered = line.substr(0, line.size() - tail);
  line.remove_prefix(covered.size());
  return line.substr(0, kBefore.size()) == kBefore && line.substr(tail - kAfter.size()) == kAfter &&
         from_hex(line.substr(kBefore.size(), 2 * hash.size()), hash);
}

namespace {

/// `whole`: the last line begins within the last `most` bytes, or there is no last line.
Result<Digest> hash_in_last(std::size_t most, int fd, off_t size, bool& whole) {
  const auto length = static_cast<std::size_t>(std::min<off_t>(size, static_cast<off_t>(most)));
  std::string bytes(length, '\0');
  const ssize_t n = pread(fd, bytes.data(), bytes.size(), size - static_cast<off_t>(length));
  // A descriptor that cannot be read back starts a chain of its own.
  if (n < 0 && errno == EBADF) return Digest{};
  if (n < 0) return fail(SystemError{"read", "the audit log", errno, "its last line"});
  whole = length == static_cast<std::size_t>(size);
  std::string_view text(bytes.data(), static_cast<std::size_t>(n));
  if (text.empty() || text.back() != '\n') {
    whole = true;
    return Digest{};
  }
  text.remove_suffix(1);
  const std::size_t newline = text.rfind('\n');
  if (newline != std::string_view::npos) {
    text.remove_prefix(newline + 1);
    whole = true;
  }
  std::string_view covered;
  Digest hash{};
  return split_hash(text, covered, hash) ? hash : Digest{};
}

}  // namespace

Result<Digest> hash_of_last_line(int fd, off_t size) {
  // Most lines are short; only where no line begins in the last part is the longest possible one looked for.
  for (const std::size_t most : {kUsualLineBytes, kMaxLineBytes}) {
    bool whole = false;
    Result<Digest> hash = hash_in_last(most, fd, size, whole);
    if (whole || !hash.ok() || most == kMaxLineBytes) return hash;
  }
  return Digest{};
}

}  // namespace bulkhead::audit
