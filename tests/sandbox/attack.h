// What the attackers share: each attempt runs in a child of its own and prints one line, `NAME worked` or `NAME failed
// ERRNO`.
//
// An attempt answers 0 where the attack worked, the errno where it did not. A child that dies of signal N counts as
// 1000 + N.
#ifndef BULKHEAD_TESTS_SANDBOX_ATTACK_H
#define BULKHEAD_TESTS_SANDBOX_ATTACK_H

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

typedef int (*attack_fn)(void);

static inline void attempt(const char* name, attack_fn attack) {
  fflush(stdout);
  const pid_t child = fork();
  if (child == 0) {
    alarm(20);
    const int error = attack();
    _exit(error > 255 ? 255 : error);
  }
  int status = 0;
  if (child < 0 || waitpid(child, &status, 0) != child) {
    printf("%s broken\n", name);
    return;
  }
  const int error = WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
  if (error == 0)
    printf("%s worked\n", name);
  else
    printf("%s failed %d\n", name, error);
}

/* 0 or errno, never 0 for a failure. */
static inline int result(long value) {
  return value >= 0 ? 0 : errno != 0 ? errno : 255;
}

static inline int reads(int fd, const char* wanted) {
  char text[16] = {0};
  if (fd < 0) return errno;
  if (read(fd, text, sizeof text - 1) < 0) return errno;
  return strncmp(text, wanted, strlen(wanted)) == 0 ? 0 : 254;
}

#endif
