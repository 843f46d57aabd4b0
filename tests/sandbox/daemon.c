// Outlives what it can: takes off its death signal, leaves its session, ignores signals, and says when it stands.
#include "attack.h"

#include <sys/prctl.h>

int main(void) {
  prctl(PR_SET_PDEATHSIG, 0, 0, 0, 0);
  if (fork() != 0) pause();
  setsid();
  prctl(PR_SET_PDEATHSIG, 0, 0, 0, 0);
  for (int number = 1; number < 32; ++number) signal(number, SIG_IGN);
  if (write(1, "stands\n", 7) != 7) return 1;
  for (;;) sleep(600);
}
