#include "observe.h"
int main(void) {
  mkdir("dir", 0755);
  list("dir");
  char name[32];
  for (int index = 0; index < 120; index++) { sprintf(name, "dir/entry-%03d", index); put(name, ""); }
  mkdir("dir/sub", 0755); symlink("sub", "dir/link");
  list("dir");
  DIR *directory = opendir("dir");
  int count = 0;
  while (readdir(directory)) count++;
  rewinddir(directory);
  int again = 0;
  while (readdir(directory)) again++;
  printf("%d %d\n", count, again);
  closedir(directory);
  list("missing"); list("dir/entry-000");
}
