#pragma once

#include <cstdint>
#include <memory>

#include "absl/functional/function_ref.h"

namespace engram {

// The threads of one run. Work is cut into blocks whose bounds depend on the
// problem's shape alone, never on the number of threads, so a result has the
// same bits on any machine. Calls come from one thread and do not nest.
class Parallel {
 public:
  // At least 1; the calling thread is one of them, so `threads` - 1 start here.
  explicit Parallel(int threads);
  ~Parallel();
  Parallel(const Parallel&) = delete;
  Parallel& operator=(const Parallel&) = delete;

  int threads() const;

  // Calls work(begin, end) for [0, n) cut at multiples of `block`, on all
  // threads, and returns when all are done. What `work` throws is thrown here,
  // of several the one of the first block. Allocates nothing.
  void ForBlocks(int64_t n, int64_t block,
                 absl::FunctionRef<void(int64_t begin, int64_t end)> work);

 private:
  struct Pool;
  std::unique_ptr<Pool> pool_;
};

}  // namespace engram
