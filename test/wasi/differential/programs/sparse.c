#include "observe.h"
int main(void) {
  int fd = open("sparse", O_RDWR | O_CREAT, 0644);
  OBSERVE("write far", pwrite(fd, "end", 3, 1 << 20));
  char bytes[4096];
  OBSERVE("read hole", pread(fd, bytes, sizeof bytes, 4096));
  int zeros = 1;
  for (unsigned index = 0; index < sizeof bytes; index++) zeros &= bytes[index] == 0;
  printf("zeros %d\n", zeros);
  OBSERVE("read end", pread(fd, bytes, sizeof bytes, 1 << 20));
  struct stat stats;
  fstat(fd, &stats);
  printf("size %lld\n", (long long)stats.st_size);
}
