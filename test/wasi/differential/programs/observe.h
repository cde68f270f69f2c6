// What the programs share: print what a call gave, by name, so that two hosts can be compared line by line.
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static inline const char *error_name(int code) {
  switch (code) {
    case 0: return "ok";
    case EACCES: return "EACCES"; case EBADF: return "EBADF"; case EBUSY: return "EBUSY";
    case EEXIST: return "EEXIST"; case EFBIG: return "EFBIG"; case EINVAL: return "EINVAL";
    case EIO: return "EIO"; case EISDIR: return "EISDIR"; case ELOOP: return "ELOOP";
    case EMLINK: return "EMLINK"; case ENAMETOOLONG: return "ENAMETOOLONG"; case ENOENT: return "ENOENT";
    case ENOTDIR: return "ENOTDIR"; case ENOTEMPTY: return "ENOTEMPTY";
    case ENOTSUP: return "ENOTSUP"; case EPERM: return "EPERM"; case EROFS: return "EROFS";
    case ESPIPE: return "ESPIPE"; case EXDEV: return "EXDEV"; case EILSEQ: return "EILSEQ";
    case EPIPE: return "EPIPE";
  }
  static char text[16];
  snprintf(text, sizeof text, "E%d", code);
  return text;
}

// Prints `what: value` or `what: ERROR`.
#define OBSERVE(what, call) do { \
    errno = 0; long long observed = (long long)(call); \
    if (observed < 0) printf("%s: %s\n", what, error_name(errno)); else printf("%s: %lld\n", what, observed); \
  } while (0)

// The same for calls whose value says nothing, such as a new file descriptor.
#define OUTCOME(what, call) do { \
    errno = 0; long long outcome = (long long)(call); \
    printf("%s: %s\n", what, outcome < 0 ? error_name(errno) : "ok"); \
  } while (0)

static inline void put(const char *path, const char *text) {
  int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
  if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text)) printf("put %s: %s\n", path, error_name(errno));
  if (fd >= 0) close(fd);
}

static inline void show(const char *path) {
  char bytes[4096];
  int fd = open(path, O_RDONLY);
  if (fd < 0) { printf("%s: %s\n", path, error_name(errno)); return; }
  ssize_t count = read(fd, bytes, sizeof bytes);
  if (count < 0) printf("%s: read %s\n", path, error_name(errno));
  else printf("%s: [%.*s]\n", path, (int)count, bytes);
  close(fd);
}

static inline int by_name(const void *one, const void *other) { return strcmp(*(char *const *)one, *(char *const *)other); }

// The entries of a directory, sorted, without `.` and `..`.
static inline void list(const char *path) {
  DIR *directory = opendir(path);
  if (!directory) { printf("%s: %s\n", path, error_name(errno)); return; }
  char *names[256];
  int count = 0;
  for (struct dirent *entry; (entry = readdir(directory)) && count < 256;) {
    if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..")) continue;
    const char *type = entry->d_type == DT_DIR ? "/" : entry->d_type == DT_LNK ? "@" : entry->d_type == DT_REG ? "" : "?";
    names[count] = malloc(strlen(entry->d_name) + 2);
    sprintf(names[count++], "%s%s", entry->d_name, type);
  }
  closedir(directory);
  qsort(names, count, sizeof *names, by_name);
  printf("%s:", path);
  for (int index = 0; index < count; index++) printf(" %s", names[index]);
  printf("\n");
}
