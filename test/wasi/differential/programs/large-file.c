// A megabyte in odd pieces, and its checksum on the way back.
#include "observe.h"
int main(void) {
  FILE *file = fopen("large", "w");
  unsigned state = 1;
  for (int index = 0; index < 1000003; index++) { state = state * 1103515245 + 12345; fputc(state >> 16 & 0xff, file); }
  fclose(file);
  file = fopen("large", "r");
  unsigned sum = 0, length = 0;
  for (int byte; (byte = fgetc(file)) != EOF; length++) sum = sum * 31 + byte;
  printf("%u %u\n", length, sum);
  static char block[70000];
  rewind(file);
  size_t total = 0;
  for (size_t count; (count = fread(block, 1, sizeof block, file)) > 0;) total += count;
  printf("%zu\n", total);
}
