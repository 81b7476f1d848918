// Preloaded, makes every fsync and fdatasync take ENGRAM_FSYNC_MS milliseconds
// more (5 when that is not set), as on a disk that is slow to promise:
//
//   LD_PRELOAD=build/release/bin/libslow_fsync.so engramd ...
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <time.h>

static void Wait(void) {
  const char* text = getenv("ENGRAM_FSYNC_MS");
  const double ms = text != NULL ? atof(text) : 5.0;
  struct timespec left;
  left.tv_sec = (time_t)(ms / 1000.0);
  left.tv_nsec = (long)((ms - 1000.0 * (double)left.tv_sec) * 1e6);
  while (nanosleep(&left, &left) != 0 && errno == EINTR) {
  }
}

typedef int (*SyncCall)(int);

static int Sync(const char* name, int fd) {
  const SyncCall call = (SyncCall)dlsym(RTLD_NEXT, name);
  Wait();
  return call(fd);
}

int fsync(int fd) { return Sync("fsync", fd); }
int fdatasync(int fd) { return Sync("fdatasync", fd); }
