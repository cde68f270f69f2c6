#include "observe.h"
int main(void) {
  put("one", "text");
  OBSERVE("link", link("one", "two"));
  OBSERVE("over a name", link("one", "two"));
  OBSERVE("missing", link("missing", "three"));
  mkdir("dir", 0755);
  OBSERVE("into a directory", link("two", "dir/three"));
  struct stat stats;
  stat("one", &stats);
  printf("links %d\n", (int)stats.st_nlink);
  put("dir/three", "changed");
  show("one"); show("two");
  unlink("one");
  stat("two", &stats);
  printf("links %d\n", (int)stats.st_nlink);
  list("."); list("dir");
}
