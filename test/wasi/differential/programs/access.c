#include "observe.h"
int main(void) {
  put("file", "x"); mkdir("dir", 0755);
  OBSERVE("file", access("file", F_OK));
  OBSERVE("file read", access("file", R_OK));
  OBSERVE("directory", access("dir", F_OK));
  OBSERVE("missing", access("missing", F_OK));
  OBSERVE("below a file", access("file/x", F_OK));
}
