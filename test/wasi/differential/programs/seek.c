#include "observe.h"
int main(void) {
  put("digits", "0123456789");
  int fd = open("digits", O_RDWR);
  char byte;
  OBSERVE("set 3", lseek(fd, 3, SEEK_SET));
  read(fd, &byte, 1); printf("%c\n", byte);
  OBSERVE("cur 2", lseek(fd, 2, SEEK_CUR));
  read(fd, &byte, 1); printf("%c\n", byte);
  OBSERVE("end -1", lseek(fd, -1, SEEK_END));
  read(fd, &byte, 1); printf("%c\n", byte);
  OBSERVE("before the start", lseek(fd, -1, SEEK_SET));
  OBSERVE("beyond the end", lseek(fd, 20, SEEK_SET));
  OBSERVE("read there", read(fd, &byte, 1));
  OBSERVE("write there", write(fd, "x", 1));
  OBSERVE("end", lseek(fd, 0, SEEK_END));
  close(fd);
}
