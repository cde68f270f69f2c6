// A program that does what its first argument says, for tests of programs as tools.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int count(void) {
  int lines = 0, c;
  while ((c = getchar()) != EOF) lines += c == '\n';
  printf("%d lines\n", lines);
  return 0;
}

static int write_file(const char *path, const char *text) {
  FILE *file = fopen(path, "w");
  if (file == NULL) return perror(path), 2;
  fputs(text, file);
  return fclose(file) == 0 ? 0 : 2;
}

static int flood(void) {
  for (;;) puts("one more line of many that nobody wants to read");
}

int main(int argc, char **argv) {
  const char *what = argc > 1 ? argv[1] : "";
  if (strcmp(what, "count") == 0) return count();
  if (strcmp(what, "echo") == 0) {
    for (int i = 0; i < argc; i++) printf("[%s]", argv[i]);
    fputs("\xff", stderr);
    return 0;
  }
  if (strcmp(what, "write") == 0) return write_file(argv[2], argv[3]);
  if (strcmp(what, "exit") == 0) exit(atoi(argv[2]));
  if (strcmp(what, "write-exit") == 0) {
    write_file(argv[2], "half done");
    fputs("told", stderr);
    exit(3);
  }
  if (strcmp(what, "flood") == 0) return flood();
  if (strcmp(what, "abort") == 0) abort();
  fputs("what?", stderr);
  return 64;
}
