// A directory descriptor as the start of paths.
#include "observe.h"
int main(void) {
  mkdir("dir", 0755); put("dir/inner", "inner"); put("outer", "outer");
  int directory = open("dir", O_RDONLY | O_DIRECTORY);
  OUTCOME("inner", openat(directory, "inner", O_RDONLY));
  OUTCOME("outer", openat(directory, "../outer", O_RDONLY));
  OUTCOME("create", openat(directory, "made", O_WRONLY | O_CREAT, 0644));
  OBSERVE("mkdirat", mkdirat(directory, "sub", 0755));
  OBSERVE("symlinkat", symlinkat("inner", directory, "link"));
  OBSERVE("renameat", renameat(directory, "made", directory, "sub/moved"));
  OBSERVE("linkat", linkat(directory, "inner", directory, "sub/hard", 0));
  struct stat stats;
  OBSERVE("fstatat", fstatat(directory, "inner", &stats, 0));
  OBSERVE("unlinkat", unlinkat(directory, "inner", 0));
  OBSERVE("unlinkat sub", unlinkat(directory, "sub", AT_REMOVEDIR));
  int file = open("outer", O_RDONLY);
  OUTCOME("below a file", openat(file, "x", O_RDONLY));
  list("dir"); list("dir/sub");
}
