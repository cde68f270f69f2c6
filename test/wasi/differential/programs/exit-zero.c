#include "observe.h"
int main(void) { printf("fine\n"); fflush(stdout); _Exit(0); }
