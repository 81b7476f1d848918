#pragma once

#include <cstdint>

namespace engram {

// This process, as /proc/self says (proc(5)); 0 for what it does not.
struct ProcessFigures {
  double cpu_seconds = 0;
  int64_t resident_bytes = 0;
  int64_t virtual_bytes = 0;
  int64_t open_files = 0;
  int64_t most_files = 0;
  int64_t threads = 0;
};

ProcessFigures ReadProcessFigures();

}  // namespace engram
