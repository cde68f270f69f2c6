// Standard input, to its end and beyond.
#include "observe.h"
int main(void) {
  char bytes[8];
  for (ssize_t count; (count = read(0, bytes, sizeof bytes)) > 0;) printf("%zd [%.*s]\n", count, (int)count, bytes);
  OBSERVE("read at the end", read(0, bytes, 1));
  OBSERVE("seek", lseek(0, 0, SEEK_CUR));
}
