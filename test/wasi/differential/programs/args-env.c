// Arguments and environment, as the program was given them.
#include "observe.h"
extern char **environ;
int main(int argc, char **argv) {
  for (int index = 0; index < argc; index++) printf("arg %d [%s]\n", index, argv[index]);
  printf("GREETING=%s MISSING=%s\n", getenv("GREETING"), getenv("MISSING") ? "there" : "absent");
  int count = 0;
  while (environ[count]) count++;
  printf("%d variables\n", count);
  setenv("GREETING", "changed", 1);
  printf("GREETING=%s\n", getenv("GREETING"));
}
