// One attempt of each plane, in this process: once ALLOWED SECRET OUT. SECRET holds "SECRET", ALLOWED "allowed".
#include "attack.h"

#include <arpa/inet.h>
#include <sys/socket.h>

static void say(const char* name, int error) {
  if (error == 0)
    printf("%s worked\n", name);
  else
    printf("%s failed %d\n", name, error);
  fflush(stdout);
}

static int connects(void) {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(1), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  if (fd < 0) return errno;
  if (connect(fd, (const struct sockaddr*)&to, sizeof to) == 0) return 0;
  return errno == ECONNREFUSED ? 0 : errno;  // an answer of the host's network
}

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  say("started", 0);
  say("allowed", reads(open(argv[1], O_RDONLY), "allowed"));
  say("secret", reads(open(argv[2], O_RDONLY), "SECRET"));
  say("connect", connects());
  say("mount", result(syscall(SYS_fsopen, "tmpfs", 0)));
  return 0;
}
