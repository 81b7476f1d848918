#include "server/rpc/ticker.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "server/queue/clock.h"

namespace engram {

Ticker::Ticker(std::vector<Chore> chores)
    : chores_(std::move(chores)), thread_([this] { Serve(); }) {}

Ticker::~Ticker() {
  {
    MutexLock lock(mu_);
    is_ending_ = true;
  }
  changed_.NotifyAll();
  thread_.join();
}

bool Ticker::WaitUntil(int64_t steady_us) {
  MutexLock lock(mu_);
  while (!is_ending_) {
    const int64_t left = steady_us - SystemClock().SteadyUs();
    if (left <= 0) return true;
    changed_.WaitFor(mu_, std::chrono::microseconds(left));
  }
  return false;
}

void Ticker::Serve() {
  std::vector<int64_t> due;
  for (const Chore& chore : chores_) {
    due.push_back(SystemClock().SteadyUs() + chore.every_us);
  }
  if (due.empty()) return;
  while (WaitUntil(*std::min_element(due.begin(), due.end()))) {
    for (size_t i = 0; i < due.size(); ++i) {
      if (due[i] > SystemClock().SteadyUs()) continue;
      chores_[i].work();
      due[i] = SystemClock().SteadyUs() + chores_[i].every_us;
    }
  }
}

}  // namespace engram
