#include "core/base/parallel.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <limits>
#include <thread>
#include <vector>

#include "core/base/contract.h"
#include "core/base/mutex.h"

namespace engram {
namespace {

// One call of ForBlocks: threads take the next block until none is left.
struct Job {
  Job(int64_t count, int64_t block_size,
      absl::FunctionRef<void(int64_t, int64_t)> call)
      : n(count), block(block_size), work(call) {}

  const int64_t n;
  const int64_t block;
  const absl::FunctionRef<void(int64_t, int64_t)> work;
  std::atomic<int64_t> next = 0;
  Mutex mu;
  int64_t failed_block GUARDED_BY(mu) = std::numeric_limits<int64_t>::max();
  std::exception_ptr failure GUARDED_BY(mu);
};

void Fail(Job& job, int64_t block, std::exception_ptr failure) {
  MutexLock lock(job.mu);
  if (block >= job.failed_block) return;
  job.failed_block = block;
  job.failure = std::move(failure);
}

void TakeBlocks(Job& job) {
  for (;;) {
    const int64_t block = job.next.fetch_add(1, std::memory_order_relaxed);
    const int64_t begin = block * job.block;
    if (begin >= job.n) return;
    try {
      job.work(begin, std::min(begin + job.block, job.n));
    } catch (...) {
      Fail(job, block, std::current_exception());
    }
  }
}

// Waits a little for what another thread is about to do: a run that meets
// thousands of times a second would else spend its time in being woken. Less
// than what falling asleep and waking up cost together; none where threads
// would take each other's processor.
template <class Done>
void SpinUntil(int threads, Done done) {
  constexpr int kSpins = 1000;
  if (static_cast<unsigned>(threads) > std::thread::hardware_concurrency()) {
    return;
  }
  for (int spin = 0; spin < kSpins && !done(); ++spin) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#endif
  }
}

}  // namespace

struct Parallel::Pool {
  explicit Pool(int count) : threads(count) {
    for (int i = 1; i < threads; ++i) workers.emplace_back([this] { Work(); });
  }

  ~Pool() {
    {
      MutexLock lock(mu);
      stopping = true;
    }
    wake.NotifyAll();
    for (std::thread& worker : workers) worker.join();
  }

  void Work() {
    uint64_t seen = 0;
    for (;;) {
      Job* mine = nullptr;
      SpinUntil(threads,
                [&] { return posted.load(std::memory_order_acquire) != seen; });
      {
        MutexLock lock(mu);
        while (!stopping && generation == seen) wake.Wait(mu);
        if (stopping) return;
        seen = generation;
        mine = job;
      }
      if (mine != nullptr) TakeBlocks(*mine);
      MutexLock lock(mu);
      if (--busy == 0) done.NotifyOne();
      left.store(busy, std::memory_order_release);
    }
  }

  void Run(Job& mine) {
    {
      MutexLock lock(mu);
      ENGRAM_EXPECT(job == nullptr);
      job = &mine;
      busy = threads - 1;
      left.store(busy, std::memory_order_relaxed);
      posted.store(++generation, std::memory_order_release);
    }
    wake.NotifyAll();
    TakeBlocks(mine);
    SpinUntil(threads,
              [&] { return left.load(std::memory_order_acquire) == 0; });
    MutexLock lock(mu);
    while (busy != 0) done.Wait(mu);
    job = nullptr;
  }

  const int threads;
  Mutex mu;
  CondVar wake, done;
  Job* job GUARDED_BY(mu) = nullptr;
  uint64_t generation GUARDED_BY(mu) = 0;
  int busy GUARDED_BY(mu) = 0;
  bool stopping GUARDED_BY(mu) = false;
  // Copies of generation and busy, to look at without the mutex.
  std::atomic<uint64_t> posted = 0;
  std::atomic<int> left = 0;
  std::vector<std::thread> workers;
};

Parallel::Parallel(int threads) {
  ENGRAM_EXPECT(threads >= 1);
  pool_ = std::make_unique<Pool>(threads);
}
Parallel::~Parallel() = default;

int Parallel::threads() const { return pool_->threads; }

void Parallel::ForBlocks(int64_t n, int64_t block,
                         absl::FunctionRef<void(int64_t, int64_t)> work) {
  ENGRAM_EXPECT(n >= 0 && block > 0);
  if (pool_->threads == 1 || n <= block) {
    // Without atomics, which would wait until all that was written before has
    // reached the cache.
    for (int64_t begin = 0; begin < n; begin += block) {
      work(begin, std::min(begin + block, n));
    }
    return;
  }
  Job job(n, block, work);
  pool_->Run(job);
  MutexLock lock(job.mu);
  if (job.failure) std::rethrow_exception(job.failure);
}

}  // namespace engram
