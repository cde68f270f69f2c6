#include "observe.h"
int main(void) {
  OUTCOME("create", open("new", O_WRONLY | O_CREAT | O_EXCL, 0644));
  OUTCOME("again", open("new", O_WRONLY | O_CREAT | O_EXCL, 0644));
  mkdir("dir", 0755);
  OUTCOME("directory", open("dir", O_WRONLY | O_CREAT | O_EXCL, 0644));
  symlink("nowhere", "link");
  OUTCOME("dangling link", open("link", O_WRONLY | O_CREAT | O_EXCL, 0644));
  list(".");
}
