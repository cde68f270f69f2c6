#include "observe.h"
int main(void) {
  put("file", "x");
  mkdir("dir", 0755);
  symlink("file", "link");
  OBSERVE("unlink directory", unlink("dir"));
  OBSERVE("unlink missing", unlink("missing"));
  OBSERVE("unlink below a file", unlink("file/x"));
  OBSERVE("unlink link", unlink("link"));
  list(".");
  OBSERVE("unlink", unlink("file"));
  OBSERVE("again", unlink("file"));
  OBSERVE("remove() a directory", remove("dir"));
  list(".");
}
