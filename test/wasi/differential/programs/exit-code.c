// Output that was written before the program ends with a status.
#include "observe.h"
int main(void) { printf("before the end"); exit(3); }
