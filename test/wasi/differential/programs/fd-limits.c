// Descriptors can be used again after they were closed, many times.
#include "observe.h"
int main(void) {
  put("file", "x");
  int last = -1;
  for (int round = 0; round < 3000; round++) { last = open("file", O_RDONLY); if (last < 0) break; close(last); }
  OUTCOME("last", last);
  int many[64];
  for (int index = 0; index < 64; index++) many[index] = open("file", O_RDONLY);
  int distinct = 1;
  for (int index = 1; index < 64; index++) distinct &= many[index] != many[index - 1];
  printf("distinct %d\n", distinct);
}
