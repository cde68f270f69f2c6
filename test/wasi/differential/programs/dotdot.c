#include "observe.h"
int main(void) {
  mkdir("a", 0755); mkdir("a/b", 0755); put("a/file", "file");
  symlink("a/b", "ab");
  show("a/b/../file"); show("a/./file"); show("./a//file"); show("ab/../file");
  OUTCOME("missing/..", open("missing/../a/file", O_RDONLY));
  OUTCOME("file/..", open("a/file/../file", O_RDONLY));
  list("a/b/.."); list("a/.");
}
