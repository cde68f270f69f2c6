#include "observe.h"
int main(void) {
  put("file", "0123456789");
  int fd = open("file", O_RDWR);
  OBSERVE("shrink", ftruncate(fd, 4));
  show("file");
  OBSERVE("grow", ftruncate(fd, 8));
  char bytes[16];
  ssize_t count = pread(fd, bytes, sizeof bytes, 0);
  for (ssize_t index = 0; index < count; index++) printf("%02x", bytes[index]);
  printf("\n");
  close(fd);
  int only = open("file", O_RDONLY);
  OBSERVE("read-only", ftruncate(only, 0));
  close(only);
  close(open("file", O_WRONLY | O_TRUNC));
  show("file");
}
