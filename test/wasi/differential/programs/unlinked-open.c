// A file that lost its name can still be read and written.
#include "observe.h"
int main(void) {
  put("file", "before");
  int fd = open("file", O_RDWR);
  OBSERVE("unlink", unlink("file"));
  OBSERVE("write", pwrite(fd, "B", 1, 0));
  char bytes[8] = {0};
  OBSERVE("read", pread(fd, bytes, 6, 0));
  printf("%s\n", bytes);
  put("file", "another");
  pread(fd, bytes, 6, 0);
  printf("%s\n", bytes);
  struct stat stats;
  OBSERVE("stat", fstat(fd, &stats));
  printf("links %d\n", (int)stats.st_nlink);
  close(fd);
  show("file");
}
