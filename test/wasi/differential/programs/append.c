// O_APPEND writes at the end, wherever the position is.
#include "observe.h"
int main(void) {
  put("log", "one\n");
  int fd = open("log", O_WRONLY | O_APPEND);
  OBSERVE("write", write(fd, "two\n", 4));
  OBSERVE("seek", lseek(fd, 0, SEEK_SET));
  OBSERVE("write", write(fd, "three\n", 6));
  int other = open("log", O_WRONLY | O_APPEND);
  OBSERVE("other", write(other, "four\n", 5));
  OBSERVE("write", write(fd, "five\n", 5));
  close(fd); close(other);
  show("log");
}
