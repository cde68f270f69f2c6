#include "observe.h"
int main(void) {
  mkdir("dir", 0755);
  put("file", "x");
  OUTCOME("dir read", open("dir", O_RDONLY));
  OUTCOME("dir O_DIRECTORY", open("dir", O_RDONLY | O_DIRECTORY));
  OUTCOME("dir write", open("dir", O_WRONLY));
  OUTCOME("dir O_RDWR", open("dir", O_RDWR));
  OUTCOME("file O_DIRECTORY", open("file", O_RDONLY | O_DIRECTORY));
  OUTCOME("missing O_DIRECTORY", open("missing", O_RDONLY | O_DIRECTORY));
}
