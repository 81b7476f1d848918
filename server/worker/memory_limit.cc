#include "server/worker/memory_limit.h"

#include <malloc.h>
#include <sys/resource.h>

#include <algorithm>

#include "server/worker/outbox.h"
#include "server/worker/process_usage.h"

namespace engram {

void PrepareAllocator() {
  // By default glibc raises this to 32 MiB as arrays are freed, and keeps what
  // is below it.
  mallopt(M_MMAP_THRESHOLD, 1 << 20);
  // Every arena reserves address space of its own that the limit would count.
  mallopt(M_ARENA_MAX, 4);
}

ScopedMemoryLimit::ScopedMemoryLimit(int64_t bytes) {
  if (bytes <= 0) return;
  malloc_trim(0);
  rlimit limit{};
  if (getrlimit(RLIMIT_DATA, &limit) != 0) return;
  before_ = limit.rlim_cur;
  limit.rlim_cur =
      std::min(limit.rlim_max, static_cast<rlim_t>(DataBytes()) +
                                   static_cast<rlim_t>(bytes) +
                                   static_cast<rlim_t>(Outbox::kMemoryBytes));
  is_set_ = setrlimit(RLIMIT_DATA, &limit) == 0;
}

ScopedMemoryLimit::~ScopedMemoryLimit() {
  if (!is_set_) return;
  rlimit limit{};
  if (getrlimit(RLIMIT_DATA, &limit) != 0) return;
  limit.rlim_cur = before_;
  setrlimit(RLIMIT_DATA, &limit);
}

}  // namespace engram
