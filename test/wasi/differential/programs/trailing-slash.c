#include "observe.h"
int main(void) {
  put("file", "x"); mkdir("dir", 0755); symlink("dir", "link");
  OUTCOME("open file/", open("file/", O_RDONLY));
  OUTCOME("open dir/", open("dir/", O_RDONLY));
  OUTCOME("open dir///", open("dir///", O_RDONLY));
  OUTCOME("open link/", open("link/", O_RDONLY));
  OUTCOME("create new/", open("new/", O_WRONLY | O_CREAT, 0644));
  OBSERVE("unlink file/", unlink("file/"));
  OBSERVE("mkdir made/", mkdir("made/", 0755));
  OBSERVE("rmdir made", rmdir("made"));
  OBSERVE("link to new/", link("file", "new/"));
  OBSERVE("rename dir/", rename("dir/", "moved"));
  list(".");
}
