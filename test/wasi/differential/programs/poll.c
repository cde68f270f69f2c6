#include "observe.h"
#include <poll.h>
int main(void) {
  put("file", "text");
  struct pollfd fds[2] = {{open("file", O_RDONLY), POLLIN, 0}, {open("file", O_WRONLY), POLLOUT, 0}};
  OBSERVE("both", poll(fds, 2, 1000));
  printf("%d %d\n", !!(fds[0].revents & POLLIN), !!(fds[1].revents & POLLOUT));
  OBSERVE("nothing but time", poll(NULL, 0, 10));
}
