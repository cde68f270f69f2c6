#include "observe.h"
#include <time.h>
static void report(const char *path) {
  struct stat stats;
  fstatat(AT_FDCWD, path, &stats, AT_SYMLINK_NOFOLLOW);
  printf("%s %lld %lld\n", path, (long long)stats.st_atim.tv_sec, (long long)stats.st_mtim.tv_sec);
}
int main(void) {
  put("file", "x");
  struct timespec times[2] = {{1000, 0}, {2000, 0}};
  OBSERVE("utimensat", utimensat(AT_FDCWD, "file", times, 0));
  report("file");
  struct timespec others[2] = {{3000, 0}, {4000000000, 0}};
  int fd = open("file", O_RDWR);
  OBSERVE("futimens", futimens(fd, others));
  report("file");
  OBSERVE("missing", utimensat(AT_FDCWD, "missing", times, 0));
}
