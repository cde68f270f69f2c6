// A trap after partial output.
#include "observe.h"
int main(void) { printf("partial\n"); fflush(stdout); abort(); }
