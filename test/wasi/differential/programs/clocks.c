// Relations that hold for any clock.
#include "observe.h"
#include <time.h>
static long long ns(clockid_t clock) { struct timespec now; clock_gettime(clock, &now); return now.tv_sec * 1000000000LL + now.tv_nsec; }
int main(void) {
  long long first = ns(CLOCK_MONOTONIC), wall = ns(CLOCK_REALTIME);
  struct timespec nap = {0, 20000000};
  OBSERVE("nanosleep", nanosleep(&nap, NULL));
  printf("monotonic moved %d\n", ns(CLOCK_MONOTONIC) - first >= 20000000);
  printf("wall moved %d\n", ns(CLOCK_REALTIME) - wall >= 19000000);
  printf("plausible %d\n", wall / 1000000000LL > 1600000000LL);
  struct timespec resolution;
  OBSERVE("getres", clock_getres(CLOCK_MONOTONIC, &resolution));
}
