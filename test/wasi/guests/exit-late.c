// Leaves output and files behind, then exits with a failure.
#include <stdio.h>
#include <stdlib.h>
int main(void) {
  FILE *file = fopen("half-done", "w");
  fputs("half", file);
  fflush(file);
  printf("working\n");
  exit(1);
}
