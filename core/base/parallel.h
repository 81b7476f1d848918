#pragma once

#include <cstdint>
#include <functional>
#include <memory>

namespace engram {

// The threads of one run. Work is cut into blocks whose bounds depend on the
// problem's shape alone, never on the number of threads, so a result has the
// same bits on any machine.
class Parallel {
 public:
  explicit Parallel(int threads);
  ~Parallel();
  Parallel(const Parallel&) = delete;
  Parallel& operator=(const Parallel&) = delete;

  int threads() const;

  // Calls work(begin, end) for [0, n) cut at multiples of `block`, on all
  // threads, and returns when all are done. What `work` throws is thrown here.
  void ForBlocks(int64_t n, int64_t block,
                 const std::function<void(int64_t begin, int64_t end)>& work);

 private:
  struct Pool;
  std::unique_ptr<Pool> pool_;
};

}  // namespace engram
