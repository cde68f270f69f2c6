// What a descriptor was not opened for fails.
#include "observe.h"
int main(void) {
  put("file", "text");
  char byte = 'x';
  int reader = open("file", O_RDONLY), writer = open("file", O_WRONLY);
  OBSERVE("write to a reader", write(reader, &byte, 1));
  OBSERVE("read from a writer", read(writer, &byte, 1));
  OBSERVE("pwrite to a reader", pwrite(reader, &byte, 1, 0));
  OBSERVE("pread from a writer", pread(writer, &byte, 1, 0));
  OBSERVE("reader reads", read(reader, &byte, 1));
  OBSERVE("writer writes", write(writer, &byte, 1));
  close(reader);
  OBSERVE("closed", read(reader, &byte, 1));
}
