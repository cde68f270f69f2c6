#include "observe.h"
int main(void) {
  FILE *file = fopen("file", "w+");
  fprintf(file, "line %d\nline %d\n", 1, 2);
  rewind(file);
  char line[32];
  fgets(line, sizeof line, file); printf("%s", line);
  printf("%ld\n", ftell(file));
  ungetc('L', file); fgets(line, sizeof line, file); printf("%s", line);
  fseek(file, 5, SEEK_SET); fputc('X', file); fflush(file);
  fseek(file, -2, SEEK_END); printf("%c\n", fgetc(file));
  fclose(file);
  file = fopen("file", "a+"); fputs("more\n", file); fclose(file);
  show("file");
  printf("%s\n", fopen("missing", "r") ? "opened" : error_name(errno));
}
