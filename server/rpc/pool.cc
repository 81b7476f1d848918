#include "server/rpc/pool.h"

#include <utility>

namespace engram {

Pool::Pool(int threads) {
  for (int i = 0; i < threads; ++i) {
    threads_.emplace_back([this] { Serve(); });
  }
}

Pool::~Pool() {
  {
    MutexLock lock(mu_);
    ending_ = true;
  }
  changed_.NotifyAll();
  for (std::thread& thread : threads_) thread.join();
}

void Pool::Add(std::function<void()> work) {
  {
    MutexLock lock(mu_);
    waiting_.push_back(std::move(work));
  }
  changed_.NotifyOne();
}

void Pool::Serve() {
  while (true) {
    std::function<void()> work;
    {
      MutexLock lock(mu_);
      while (waiting_.empty() && !ending_) changed_.Wait(mu_);
      if (waiting_.empty()) return;
      work = std::move(waiting_.front());
      waiting_.pop_front();
    }
    work();
  }
}

}  // namespace engram
