// A small program of the ordinary kind: makes a tree, copies it, changes the copy.
#include "observe.h"
static void copy(const char *from, const char *to) {
  struct stat stats;
  lstat(from, &stats);
  char bytes[256], one[256], other[256];
  if (S_ISLNK(stats.st_mode)) { bytes[readlink(from, bytes, sizeof bytes - 1)] = 0; symlink(bytes, to); return; }
  if (S_ISREG(stats.st_mode)) {
    int in = open(from, O_RDONLY), out = open(to, O_WRONLY | O_CREAT | O_EXCL, 0644);
    for (ssize_t count; (count = read(in, bytes, sizeof bytes)) > 0;) write(out, bytes, count);
    close(in); close(out);
    return;
  }
  mkdir(to, 0755);
  DIR *directory = opendir(from);
  for (struct dirent *entry; (entry = readdir(directory));) {
    if (entry->d_name[0] == '.') continue;
    snprintf(one, sizeof one, "%s/%s", from, entry->d_name);
    snprintf(other, sizeof other, "%s/%s", to, entry->d_name);
    copy(one, other);
  }
  closedir(directory);
}
int main(void) {
  mkdir("src", 0755); mkdir("src/lib", 0755); mkdir("src/empty", 0755);
  put("src/main.c", "int main;\n"); put("src/lib/a.c", "int a;\n"); symlink("lib/a.c", "src/link");
  copy("src", "dst");
  put("dst/lib/a.c", "int changed;\n"); unlink("dst/main.c"); rename("dst/empty", "dst/lib/empty");
  list("src"); list("dst"); list("dst/lib"); show("src/link"); show("dst/link");
}
