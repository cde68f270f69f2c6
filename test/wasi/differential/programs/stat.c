#include "observe.h"
static void describe(const char *path, int flags) {
  struct stat stats;
  if (fstatat(AT_FDCWD, path, &stats, flags) < 0) { printf("%s: %s\n", path, error_name(errno)); return; }
  const char *type = S_ISDIR(stats.st_mode) ? "directory" : S_ISREG(stats.st_mode) ? "file" : S_ISLNK(stats.st_mode) ? "link" : "other";
  printf("%s: %s size %lld\n", path, type, S_ISDIR(stats.st_mode) ? 0 : (long long)stats.st_size);
}
int main(void) {
  put("file", "12345"); mkdir("dir", 0755); symlink("file", "link"); symlink("gone", "dangling"); symlink("dir", "dirlink");
  const char *paths[] = {"file", "dir", "link", "dangling", "dirlink", "missing", "file/x", "dir/", "dirlink/", "file/", ".", "dir/."};
  for (unsigned index = 0; index < sizeof paths / sizeof *paths; index++) {
    describe(paths[index], 0);
    describe(paths[index], AT_SYMLINK_NOFOLLOW);
  }
}
