#include "observe.h"
int main(void) {
  symlink("self", "self");
  symlink("b", "a"); symlink("a", "b");
  OUTCOME("self", open("self", O_RDONLY));
  OUTCOME("pair", open("a", O_RDONLY));
  OUTCOME("through", open("a/x", O_RDONLY));
  put("end", "end");
  symlink("end", "l0");
  char from[8], to[8];
  for (int index = 1; index < 38; index++) { sprintf(from, "l%d", index - 1); sprintf(to, "l%d", index); symlink(from, to); }
  show("l37");
}
