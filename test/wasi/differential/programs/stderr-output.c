#include "observe.h"
int main(void) { fprintf(stderr, "a warning\n"); printf("a result\n"); errno = ENOENT; perror("why"); return ferror(stdout); }
