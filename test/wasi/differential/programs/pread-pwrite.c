#include "observe.h"
int main(void) {
  int fd = open("file", O_RDWR | O_CREAT | O_EXCL, 0644);
  OBSERVE("pwrite 5", pwrite(fd, "world", 5, 6));
  OBSERVE("pwrite 0", pwrite(fd, "hello ", 6, 0));
  char bytes[32];
  OBSERVE("pread", pread(fd, bytes, 5, 6));
  printf("%.5s\n", bytes);
  OBSERVE("pread at the end", pread(fd, bytes, 5, 11));
  OBSERVE("pread beyond", pread(fd, bytes, 5, 100));
  OBSERVE("pread nothing", pread(fd, bytes, 0, 0));
  OBSERVE("pwrite nothing", pwrite(fd, bytes, 0, 50));
  OBSERVE("position", lseek(fd, 0, SEEK_CUR));
  struct stat stats;
  fstat(fd, &stats);
  printf("size %lld\n", (long long)stats.st_size);
}
