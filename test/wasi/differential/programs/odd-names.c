#include "observe.h"
int main(void) {
  const char *names[] = {"with space", "back\\slash", "a:b", "CON", "trailing. ", "-dash", "*?", "\xc3\xa9", "e\xcc\x81", "\xf0\x9f\x98\x80", "tab\tnewline\n", "..."};
  for (unsigned index = 0; index < sizeof names / sizeof *names; index++) { put(names[index], "x"); show(names[index]); }
  char name[300];
  memset(name, 'n', sizeof name);
  name[255] = 0; OUTCOME("255 bytes", open(name, O_WRONLY | O_CREAT, 0644));
  name[255] = 'n'; name[256] = 0; OUTCOME("256 bytes", open(name, O_WRONLY | O_CREAT, 0644));
  list(".");
}
