// Takes what it can get of one thing: fill KIND FOLDER MEBIBYTES, and says `took` where it got it all.
#include "attack.h"

#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/socket.h>

enum { kMebi = 1 << 20 };
static char block[kMebi];

static int write_all(int fd, long mebibytes) {
  for (long i = 0; i < mebibytes; ++i) {
    if (write(fd, block, kMebi) != kMebi) return errno != 0 ? errno : ENOSPC;
  }
  return 0;
}
static int buffers(long mebibytes) {
  long taken = 0;
  while (taken < mebibytes * kMebi) {
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends) != 0) return errno;
    for (ssize_t n; (n = write(ends[0], block, 65536)) > 0;) taken += n;
  }
  return 0;
}
static int pipes(long mebibytes) {
  long taken = 0;
  while (taken < mebibytes * kMebi) {
    int ends[2];
    if (pipe2(ends, O_NONBLOCK) != 0) return errno;
    for (ssize_t n; (n = write(ends[1], block, 4096)) > 0;) taken += n;
  }
  return 0;
}
static int segment(long mebibytes) {
  const int id = shmget(IPC_PRIVATE, (size_t)mebibytes * kMebi, IPC_CREAT | 0700);
  if (id < 0) return errno;
  char* at = shmat(id, NULL, 0);
  shmctl(id, IPC_RMID, NULL);
  if (at == (void*)-1) return errno;
  for (long i = 0; i < mebibytes; ++i) memcpy(at + i * kMebi, block, kMebi);
  return 0;
}
static int files(const char* folder, long count) {
  char name[4096];
  for (long i = 0; i < count; ++i) {
    snprintf(name, sizeof name, "%s/%ld", folder, i);
    const int fd = open(name, O_WRONLY | O_CREAT, 0600);
    if (fd < 0) return errno;
    close(fd);
  }
  return 0;
}
static int processes(long count) {
  for (long i = 0; i < count; ++i) {
    const pid_t child = fork();
    if (child < 0) return errno;
    if (child == 0) {
      pause();
      _exit(0);
    }
  }
  return 0;
}

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  const char* kind = argv[1];
  const long amount = atol(argv[3]);
  char name[4096];
  snprintf(name, sizeof name, "%s/filled", argv[2]);
  memset(block, 0x5a, sizeof block);
  int error = EINVAL;
  if (strcmp(kind, "file") == 0) error = write_all(open(name, O_WRONLY | O_CREAT, 0600), amount);
  if (strcmp(kind, "sparse") == 0) error = result(ftruncate(open(name, O_WRONLY | O_CREAT, 0600), amount * kMebi));
  if (strcmp(kind, "memfd") == 0) error = write_all(memfd_create("x", 0), amount);
  if (strcmp(kind, "sockets") == 0) error = buffers(amount);
  if (strcmp(kind, "pipes") == 0) error = pipes(amount);
  if (strcmp(kind, "segment") == 0) error = segment(amount);
  if (strcmp(kind, "files") == 0) error = files(argv[2], amount);
  if (strcmp(kind, "processes") == 0) error = processes(amount);
  if (error == 0) printf("took\n");
  else printf("refused %d\n", error);
  return 0;
}
