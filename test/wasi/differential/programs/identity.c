// The same file has the same number by every name; another file has another.
#include "observe.h"
static unsigned long long number(const char *path) { struct stat stats; return stat(path, &stats) ? 0 : stats.st_ino; }
int main(void) {
  put("a", "a"); put("b", "b"); link("a", "hard"); symlink("a", "soft");
  unsigned long long before = number("a");
  printf("%d %d %d\n", number("a") == number("hard"), number("a") == number("soft"), number("a") == number("b"));
  rename("a", "moved");
  printf("%d %d\n", number("moved") == before, number("a") == 0);
}
