// Creating through a link makes the link's target.
#include "observe.h"
int main(void) {
  mkdir("dir", 0755);
  symlink("dir/made", "link");
  put("link", "through");
  show("dir/made");
  symlink("../outside", "out");
  OUTCOME("create outside", open("out", O_WRONLY | O_CREAT, 0644));
  OUTCOME("no follow", open("link", O_RDONLY | O_NOFOLLOW));
  OUTCOME("no follow file", open("dir/made", O_RDONLY | O_NOFOLLOW));
  list("."); list("dir");
}
