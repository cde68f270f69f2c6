#include "observe.h"
int main(void) {
  char line[256];
  int count = 0;
  while (fgets(line, sizeof line, stdin)) printf("%d: %s", ++count, line);
  printf("eof %d error %d\n", !!feof(stdin), !!ferror(stdin));
}
