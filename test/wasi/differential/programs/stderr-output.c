#include "observe.h"
int main(void) { fprintf(stderr, "a warning\n"); printf("a result\n"); perror("why"); return ferror(stdout); }
