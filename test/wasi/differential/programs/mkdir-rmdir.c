#include "observe.h"
int main(void) {
  OBSERVE("mkdir", mkdir("a", 0755));
  OBSERVE("again", mkdir("a", 0755));
  OBSERVE("nested", mkdir("a/b", 0755));
  OBSERVE("deep", mkdir("x/y/z", 0755));
  put("file", "x");
  OBSERVE("over a file", mkdir("file", 0755));
  OBSERVE("below a file", mkdir("file/x", 0755));
  OBSERVE("rmdir full", rmdir("a"));
  OBSERVE("rmdir file", rmdir("file"));
  OBSERVE("rmdir missing", rmdir("missing"));
  OBSERVE("rmdir", rmdir("a/b"));
  OBSERVE("rmdir", rmdir("a"));
  list(".");
}
