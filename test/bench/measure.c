/*
 * measure SECONDS COMMAND...: runs the command for at most so many seconds and writes to file
 * descriptor 3 how it ended, how long it took and the most memory it held. A small process of its
 * own, because the peak of a child starts with what its parent held when it was forked.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

int main(int argc, char **argv) {
  if (argc < 3) return 2;
  struct timespec from, to;
  clock_gettime(CLOCK_MONOTONIC, &from);
  const pid_t child = fork();
  if (child < 0) return 2;
  if (child == 0) {
    close(3);
    alarm((unsigned)atoi(argv[1])); /* outlives exec, and ends what does not catch it */
    execvp(argv[2], argv + 2);
    perror(argv[2]);
    _exit(127);
  }
  int status;
  struct rusage usage;
  if (wait4(child, &status, 0, &usage) < 0) return 2;
  clock_gettime(CLOCK_MONOTONIC, &to);
  const struct timeval user = usage.ru_utime, system = usage.ru_stime;
  dprintf(3,
          "{\"status\":%d,\"signal\":%d,\"wallMs\":%.3f,\"cpuMs\":%.3f,\"peakKib\":%ld}\n",
          WIFEXITED(status) ? WEXITSTATUS(status) : -1, WIFSIGNALED(status) ? WTERMSIG(status) : 0,
          (to.tv_sec - from.tv_sec) * 1e3 + (to.tv_nsec - from.tv_nsec) / 1e6,
          (user.tv_sec + system.tv_sec) * 1e3 + (user.tv_usec + system.tv_usec) / 1e3,
          usage.ru_maxrss);
  return 0;
}
