#include "observe.h"
int main(void) {
  unsigned char one[64] = {0}, other[64] = {0};
  OBSERVE("getentropy", getentropy(one, sizeof one));
  OBSERVE("again", getentropy(other, sizeof other));
  printf("differ %d\n", memcmp(one, other, sizeof one) != 0);
  unsigned char too_many[300];
  OBSERVE("too many", getentropy(too_many, sizeof too_many));
}
