// Writes eight megabytes of terminal escapes to stdout and one endless line to stderr.
#include <stdio.h>
int main(void) {
  for (int line = 0; line < 200000; line++) printf("\x1b]0;%d\x07 {\"level\":\"fake\"}\r\n", line);
  for (int part = 0; part < 100000; part++) fputs("no end in sight ", stderr);
  return 0;
}
