// Links that lead out of the directory lead nowhere; those that come back inside do.
#include "observe.h"
int main(void) {
  mkdir("a", 0755); mkdir("a/b", 0755); put("top", "top"); put("a/side", "side");
  symlink("../../..", "a/b/out"); symlink("../side", "a/b/in"); symlink("../../top", "a/b/up");
  symlink("..", "parent");
  OUTCOME("out", open("a/b/out", O_RDONLY));
  OUTCOME("beyond", open("a/b/out/x", O_RDONLY));
  OUTCOME("parent", open("parent", O_RDONLY));
  OUTCOME("parent create", open("parent/x", O_WRONLY | O_CREAT, 0644));
  OBSERVE("parent mkdir", mkdir("parent/x", 0755));
  show("a/b/in"); show("a/b/up");
}
