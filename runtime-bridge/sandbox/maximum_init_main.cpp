// bulkhead-init: the first program in a gVisor container. Says what it finds there, parks, then becomes the program.
//
//   bulkhead-init COUNT CANDIDATE... ARGV...
//
// First it reads the policy's filter (maximum_orders.h). The report goes to standard output, one fact a line, and ends
// with `park`. One byte on standard input then lets it go: `n` gives the program /dev/null as its input, `s` what
// follows on the stream; anything else, or nothing, ends it. The filter is the last thing before the program: from then
// on it does nothing but start it.
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <netinet/in.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "runtime-bridge/sandbox/maximum_init_filter.h"

namespace {

constexpr int kRefused = 125, kNotExecutable = 126, kNotFound = 127;

bulkhead::sandbox::InitFilter filter;  // too large for a stack

/// Copies the lines of `path` that begin with `wanted`, each after `label`.
bool report_lines(const char* path, const char* wanted, const char* label) {
  std::FILE* file = std::fopen(path, "re");
  if (file == nullptr) return false;
  char line[8192];
  while (std::fgets(line, sizeof line, file) != nullptr) {
    if (std::strncmp(line, wanted, std::strlen(wanted)) == 0) std::printf("%s %s", label, line);
  }
  return std::fclose(file) == 0;
}

void report_descriptors() {
  for (int fd = 0; fd < 1024; ++fd) {
    if (fcntl(fd, F_GETFD) >= 0) std::printf("fd %d\n", fd);
  }
}

/// The root must not take writes, no address outside may be reached, and calls that the policy grants nowhere fail
/// before they look at a file.
void report_sentinels() {
  const int made = open("/.sentinel", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  std::printf("sentinel write %d\n", made < 0 ? errno : 0);
  const char* nothing = "/.sentinel-of-nothing";
  std::printf("sentinel rename %d\n", std::rename(nothing, nothing) == 0 ? 0 : errno);
  std::printf("sentinel link %d\n", link(nothing, nothing) == 0 ? 0 : errno);
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in outside{};
  outside.sin_family = AF_INET;
  outside.sin_port = htons(53);
  outside.sin_addr.s_addr = htonl(0xC0000201);  // 192.0.2.1, for documentation only
  const bool reached = fd >= 0 && connect(fd, reinterpret_cast<const sockaddr*>(&outside), sizeof outside) == 0;
  std::printf("sentinel connect %d\n", reached ? 0 : errno);
  if (fd >= 0) close(fd);
}

}  // namespace

int main(int argc, char** argv) {
  const long count = argc > 1 ? std::strtol(argv[1], nullptr, 10) : 0;
  if (count < 1 || count + 2 >= argc) return kRefused;
  if (!filter.read_orders(0)) return kRefused;
  report_descriptors();
  const bool known = report_lines("/proc/self/mounts", "", "mount") &&
                     report_lines("/proc/self/status", "Cap", "status") && report_lines("/proc/net/dev", "", "net");
  if (!known) return kRefused;
  std::printf("id %u %u\n", static_cast<unsigned>(getuid()), static_cast<unsigned>(getgid()));
  report_sentinels();
  if (!filter.choose_places() || !filter.report_trials()) return kRefused;
  std::printf("park\n");
  if (std::fflush(stdout) != 0) return kRefused;

  char word = 0;
  if (read(0, &word, 1) != 1 || (word != 'n' && word != 's')) return kRefused;
  if (word == 'n') {
    const int null = open("/dev/null", O_RDONLY);
    if (null < 0 || dup2(null, 0) != 0 || close(null) != 0) return kRefused;
  }
  if (!filter.install()) return kRefused;
  int worst = ENOENT;
  for (long i = 0; i < count; ++i) {
    const int error = filter.start(argv[2 + i], argv + 2 + count, environ);
    if (error != ENOENT && error != ENOTDIR) worst = error;
  }
  _exit(worst == ENOENT ? kNotFound : kNotExecutable);
}
