#include "runtime-bridge/sandbox/process_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>

#include "runtime-bridge/sandbox/descriptor.h"

namespace bulkhead::sandbox {

namespace {

constexpr std::size_t kMaxBytes = std::size_t{1} << 20;

std::uint64_t number_at(std::string_view text) {
  std::uint64_t number = 0;
  text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const std::size_t end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return parts;
}

}  // namespace

int read_process_file(const std::string& path, std::string& text) {
  text.clear();
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.valid()) return errno;
  char buffer[4096];
  while (text.size() < kMaxBytes) {
    const ssize_t count = ::read(file.get(), buffer, sizeof buffer);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return errno;
    if (count == 0) break;
    text.append(buffer, static_cast<std::size_t>(count));
  }
  return 0;
}

std::string read_process_file(const std::string& path) {
  std::string text;
  read_process_file(path, text);
  return text;
}

int write_file_once(const std::string& path, std::string_view text) {
  const Descriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (!file.valid()) return errno;
  const ssize_t count = ::write(file.get(), text.data(), text.size());
  if (count < 0) return errno;
  return count == static_cast<ssize_t>(text.size()) ? 0 : EIO;
}

std::uint64_t number_after(const std::string& path, std::string_view key) {
  const std::string text = read_process_file(path);
  for (const std::string_view line : lines_of(text)) {
    if (line.substr(0, key.size()) == key) return number_at(line.substr(key.size()));
  }
  return 0;
}

std::vector<std::uint64_t> numbers_in(const std::string& path) {
  const std::string text = read_process_file(path);
  std::vector<std::uint64_t> numbers;
  for (const std::string_view line : lines_of(text)) numbers.push_back(number_at(line));
  return numbers;
}

std::uint64_t stat_field(const std::string& stat, unsigned n) {
  const std::size_t name_end = stat.rfind(')');
  if (name_end == std::string::npos || n < 3) return 0;
  const std::vector<std::string_view> words = words_of(std::string_view(stat).substr(name_end + 2));
  return n - 3 < words.size() ? number_at(words[n - 3]) : 0;
}

std::uint64_t own_start_time() {
  return stat_field(read_process_file("/proc/self/stat"), 22);
}

std::vector<std::string_view> lines_of(std::string_view text) {
  return split(text, '\n');
}
std::vector<std::string_view> words_of(std::string_view line) {
  return split(line, ' ');
}

}  // namespace bulkhead::sandbox
