// Names move; an open file stays what it is.
#include "observe.h"
int main(void) {
  mkdir("old", 0755); mkdir("old/sub", 0755);
  put("old/sub/file", "content");
  int fd = open("old/sub/file", O_RDWR);
  OBSERVE("rename", rename("old", "new"));
  OBSERVE("write", pwrite(fd, "C", 1, 0));
  show("new/sub/file");
  show("old/sub/file");
  OBSERVE("rename back", rename("new/sub", "old"));
  list("."); list("old"); list("new");
}
