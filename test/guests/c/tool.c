// A tool in C: ordinary stdio on the paths it is given. The canonical ABI is written out by hand at the end.

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum notes_error { NOT_FOUND, FAILED };

static int append_line(const char *path, const char *line) {
  FILE *file = fopen(path, "a");
  if (file == NULL) return -1;
  int failed = fprintf(file, "%s\n", line) < 0;
  return fclose(file) != 0 || failed ? -1 : 0;
}

static int measure_file(const char *path, uint32_t *lines, uint64_t *bytes) {
  FILE *file = fopen(path, "r");
  if (file == NULL) return -1;
  char buffer[4096];
  size_t count;
  *lines = 0;
  *bytes = 0;
  while ((count = fread(buffer, 1, sizeof buffer, file)) > 0) {
    *bytes += count;
    for (size_t i = 0; i < count; i++) *lines += buffer[i] == '\n';
  }
  int failed = ferror(file);
  return fclose(file) != 0 || failed ? -1 : 0;
}

// result<_, notes-error>: case at 0, case of the error at 4, its text at 8. result<size, _>: case at 0, lines at 8, bytes at 16;
// the error's case is at 8 there, its text at 12.
static _Alignas(8) uint8_t area[24];

static uint8_t *fail(size_t offset) {
  area[0] = 1;
  area[offset] = errno == ENOENT ? NOT_FOUND : FAILED;
  const char *text = strerror(errno);
  uint32_t length = strlen(text);
  memcpy(area + offset + 4, &text, 4);
  memcpy(area + offset + 8, &length, 4);
  return area;
}

static char *text_of(const char *bytes, size_t length) {
  char *text = malloc(length + 1);
  if (text == NULL) abort();
  memcpy(text, bytes, length);
  text[length] = 0;
  return text;
}

__attribute__((export_name("cabi_realloc"))) void *cabi_realloc(void *old, size_t old_size, size_t align, size_t size) {
  (void)old_size;
  if (size == 0) return (void *)align;
  void *block = realloc(old, size);
  if (block == NULL) abort();
  return block;
}

__attribute__((export_name("example:guests/notes@0.1.0#append"))) uint8_t *notes_append(const char *path, size_t path_length,
                                                                                         const char *line, size_t line_length) {
  area[0] = 0;
  return append_line(text_of(path, path_length), text_of(line, line_length)) == 0 ? area : fail(4);
}

__attribute__((export_name("example:guests/notes@0.1.0#measure"))) uint8_t *notes_measure(const char *path, size_t path_length) {
  uint32_t lines;
  uint64_t bytes;
  if (measure_file(text_of(path, path_length), &lines, &bytes) != 0) return fail(8);
  area[0] = 0;
  memcpy(area + 8, &lines, 4);
  memcpy(area + 16, &bytes, 8);
  return area;
}
