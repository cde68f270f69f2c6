#include "observe.h"
int main(void) {
  put("a", "A"); put("b", "B");
  mkdir("dir", 0755); mkdir("empty", 0755); mkdir("full", 0755); put("full/x", "x");
  OBSERVE("file over file", rename("a", "b"));
  show("b");
  OBSERVE("missing", rename("a", "c"));
  OBSERVE("file over directory", rename("b", "dir"));
  OBSERVE("directory over file", rename("dir", "b"));
  OBSERVE("directory over empty", rename("dir", "empty"));
  OBSERVE("directory over full", rename("empty", "full"));
  OBSERVE("into itself", rename("full", "full/inside"));
  OBSERVE("to itself", rename("b", "b"));
  OBSERVE("into a directory", rename("b", "full/b"));
  OBSERVE("missing target directory", rename("full/b", "no/b"));
  list("."); list("full");
}
