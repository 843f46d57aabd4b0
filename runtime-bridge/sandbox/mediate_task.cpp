#include "runtime-bridge/sandbox/mediate_task.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <climits>
#include <cstring>
#include <string_view>
#include <vector>

#include "runtime-bridge/sandbox/descriptor.h"

namespace bulkhead::sandbox {
namespace {

constexpr std::uint64_t kPage = 4096;

std::string proc(pid_t task, const char* what) {
  return "/proc/" + std::to_string(task) + "/" + what;
}

/// The first 8 KiB of a small text file of /proc.
OrErrno<std::string> small_file(const std::string& path) {
  const Descriptor fd(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd.valid()) return fail(int{errno});
  std::string text(8192, '\0');
  const ssize_t n = read(fd.get(), text.data(), text.size());
  if (n < 0) return fail(int{errno});
  text.resize(static_cast<std::size_t>(n));
  return text;
}

/// What stands behind `key` on its line.
std::string_view field(std::string_view text, std::string_view key) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    std::string_view line = text.substr(at, end - at);
    at = end + 1;
    if (line.substr(0, key.size()) != key) continue;
    line.remove_prefix(key.size());
    while (!line.empty() && (line.front() == '\t' || line.front() == ' ')) line.remove_prefix(1);
    return line;
  }
  return {};
}

std::string last_word(std::string_view text) {
  const std::size_t cut = text.find_last_of(" \t");
  return std::string(cut == std::string_view::npos ? text : text.substr(cut + 1));
}

template <typename Number>
Number number(std::string_view text, int base, Number otherwise) {
  Number value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  return error == std::errc{} && end != text.data() ? value : otherwise;
}

OrErrno<std::string> link_of(const std::string& link) {
  std::string target(PATH_MAX, '\0');
  const ssize_t n = readlink(link.c_str(), target.data(), target.size());
  if (n < 0) return fail(errno == ENOENT ? EBADF : int{errno});
  target.resize(static_cast<std::size_t>(n));
  struct stat now {};
  if (target.empty() || target.front() != '/') return fail(int{ENOTDIR});
  if (stat(link.c_str(), &now) != 0) return fail(int{errno});
  if (now.st_nlink == 0) return fail(S_ISDIR(now.st_mode) ? int{ENOENT} : int{ENOTDIR});
  return target;
}

std::vector<std::string_view> parts_of(std::string_view path) {
  std::vector<std::string_view> parts;
  for (std::size_t at = 0; at < path.size();) {
    const std::size_t end = std::min(path.find('/', at), path.size());
    const std::string_view part = path.substr(at, end - at);
    if (!part.empty() && part != ".") parts.push_back(part);
    at = end + 1;
  }
  return parts;
}

}  // namespace

OrErrno<std::string> copy_memory(pid_t task, std::uint64_t address, std::size_t size) {
  std::string bytes(size, '\0');
  const iovec local{bytes.data(), size};
  const iovec remote{reinterpret_cast<void*>(address), size};
  const ssize_t n = process_vm_readv(task, &local, 1, &remote, 1, 0);
  if (n < 0 && errno == ESRCH) return fail(int{ESRCH});
  if (n < 0 || static_cast<std::size_t>(n) != size) return fail(int{EFAULT});
  return bytes;
}

OrErrno<std::string> copy_path(pid_t task, std::uint64_t address) {
  std::string path;
  while (path.size() < PATH_MAX) {
    // Up to the end of the page: the next one need not be mapped.
    const std::uint64_t at = address + path.size();
    const std::size_t size = std::min<std::size_t>(kPage - at % kPage, PATH_MAX - path.size());
    const OrErrno<std::string> part = copy_memory(task, at, size);
    if (!part) return fail(part.error());
    if (const std::size_t zero = part->find('\0'); zero != std::string::npos) return path + part->substr(0, zero);
    path += *part;
  }
  return fail(int{ENAMETOOLONG});
}

OrErrno<TaskIds> ids_of(pid_t task) {
  const OrErrno<std::string> status = small_file(proc(task, "status"));
  if (!status) return fail(status.error());
  TaskIds ids;
  ids.process = number<pid_t>(field(*status, "Tgid:"), 10, -1);
  ids.inner_process = last_word(field(*status, "NStgid:"));
  ids.inner_thread = last_word(field(*status, "NSpid:"));
  ids.umask = number<mode_t>(field(*status, "Umask:"), 8, 0077);
  if (ids.process <= 0) return fail(int{ESRCH});
  return ids;
}

OrErrno<std::string> folder_of(pid_t task) {
  return link_of(proc(task, "cwd"));
}

OrErrno<std::string> place_of(pid_t task, int fd) {
  return link_of(proc(task, "fd/") + std::to_string(fd));
}

OrErrno<int> flags_of(pid_t task, int fd) {
  const OrErrno<std::string> info = small_file(proc(task, "fdinfo/") + std::to_string(fd));
  if (!info) return fail(int{EBADF});
  return number<int>(field(*info, "flags:"), 8, 0);
}

std::string join(const std::string& base, const std::string& path) {
  const std::string whole = !path.empty() && path.front() == '/' ? path : base + "/" + path;
  std::string out;
  for (const std::string_view part : parts_of(whole)) {
    out += '/';
    out += part;
  }
  // A final slash asks for a folder; the kernel must see it.
  if (!whole.empty() && whole.back() == '/') out += '/';
  return out.empty() ? "/" : out;
}

std::string lexical(const std::string& path) {
  std::vector<std::string_view> kept;
  for (const std::string_view part : parts_of(path)) {
    if (part != "..") {
      kept.push_back(part);
    } else if (!kept.empty()) {
      kept.pop_back();
    }
  }
  std::string out;
  for (const std::string_view part : kept) {
    out += '/';
    out += part;
  }
  return out.empty() ? "/" : out;
}

}  // namespace bulkhead::sandbox
