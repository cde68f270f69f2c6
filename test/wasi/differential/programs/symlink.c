#include "observe.h"
int main(void) {
  put("target", "text");
  mkdir("dir", 0755); put("dir/inner", "inner");
  OBSERVE("file", symlink("target", "link"));
  OBSERVE("directory", symlink("dir", "dirlink"));
  OBSERVE("dangling", symlink("nowhere", "dangling"));
  OBSERVE("over a name", symlink("target", "dir"));
  OBSERVE("absolute", symlink("/etc/passwd", "absolute"));
  OBSERVE("empty", symlink("", "empty"));
  show("link"); show("dirlink/inner"); show("dangling");
  char bytes[64];
  OBSERVE("readlink", readlink("link", bytes, sizeof bytes));
  OBSERVE("readlink short", readlink("link", bytes, 3));
  OBSERVE("readlink file", readlink("target", bytes, sizeof bytes));
  OBSERVE("readlink directory", readlink("dir", bytes, sizeof bytes));
  OBSERVE("readlink missing", readlink("missing", bytes, sizeof bytes));
  list(".");
}
