#include "observe.h"
int main(void) {
  put("a.txt", "hello\n");
  show("a.txt");
  put("a.txt", "shorter");
  show("a.txt");
  put("dir-missing/a.txt", "x");
  show("missing.txt");
}
