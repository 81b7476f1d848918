#include "tests/server/queue/order_simulation.h"

#include <algorithm>

#include "core/base/contract.h"

namespace engram {
namespace {

constexpr int64_t kTickUs = 10'000'000;

}  // namespace

OrderSimulation::OrderSimulation(int cpus, int workers) {
  builder.capacity.cpus = cpus;
  for (int i = 0; i < workers; ++i) builder.Attach(cpus);
}

std::vector<int64_t> OrderSimulation::Submit(const std::string& owner,
                                             const Wish& wish, double seconds,
                                             int count) {
  const auto experiment = builder.MakeExperiment(owner, wish);
  std::vector<int64_t> works;
  for (int i = 0; i < count; ++i) {
    works.push_back(builder.AddRun(experiment, i));
    left_us_[works.back()] = static_cast<int64_t>(seconds * 1e6);
  }
  return works;
}

void OrderSimulation::Advance(double seconds) {
  const int64_t until = clock_us() + static_cast<int64_t>(seconds * 1e6);
  while (clock_us() < until) {
    Schedule();
    const int64_t next = std::min({until, clock_us() + kTickUs, NextUs()});
    builder.clock.Advance(static_cast<double>(next - clock_us()) / 1e6);
    Happen();
  }
}

// What comes back at once may be given out again; were that to go to and fro,
// it would never end.
void OrderSimulation::Schedule() {
  for (int i = 0; GiveAndTakeBack(); ++i) ENGRAM_EXPECT(i < 10);
  if (check) check(*this);
}

bool OrderSimulation::GiveAndTakeBack() {
  bool is_any_back = false;
  for (const int64_t id : builder.GiveAll()) Note("start", id);
  for (const AskedBack& back : builder.asked) {
    const Work& work = builder.books.works.at(back.work);
    if (yield_s < 0 || !work.in_hand()) continue;
    if (work.has_begun) {
      yields_us_[work.id] = clock_us() + static_cast<int64_t>(yield_s * 1e6);
    } else {
      Note("back", work.id);
      builder.books.TakeBack(builder.books.works.at(work.id));
      is_any_back = true;
    }
  }
  return is_any_back;
}

int64_t OrderSimulation::NextUs() const {
  int64_t next = clock_us() + kTickUs;
  for (const auto& [number, worker] : builder.books.workers) {
    if (worker.hand.empty()) continue;
    const Work& work = builder.books.works.at(worker.hand.front());
    next = std::min(next, work.begun_steady_us + left_us_.at(work.id));
  }
  for (const auto& [id, at_us] : yields_us_) next = std::min(next, at_us);
  return std::max(next, clock_us());
}

void OrderSimulation::Happen() {
  for (auto& [number, worker] : builder.books.workers) {
    if (worker.hand.empty()) continue;
    const Work& work = builder.books.works.at(worker.hand.front());
    if (work.begun_steady_us + left_us_.at(work.id) <= clock_us()) {
      EndRun(work.id);
    }
  }
  for (const auto& [id, at_us] : std::map(yields_us_)) {
    if (at_us <= clock_us()) Yield(id);
  }
}

void OrderSimulation::EndRun(int64_t id) {
  const Work& work = builder.books.works.at(id);
  Note("end", id);
  const int64_t took_us = clock_us() - work.begun_steady_us;
  work.experiment->Measure(static_cast<double>(took_us) / 1e6);
  used_[work.owner] += work.CpuSeconds(clock_us());
  yields_us_.erase(id);
  builder.End(id);
}

void OrderSimulation::Yield(int64_t id) {
  yields_us_.erase(id);
  Work& work = builder.books.works.at(id);
  Note("yield", id);
  left_us_[id] -= clock_us() - work.begun_steady_us;
  const double used = work.CpuSeconds(clock_us());
  used_[work.owner] += used;
  builder.Use(work.owner, used);
  builder.books.TakeBack(work);
}

void OrderSimulation::Note(const std::string& what, int64_t id) {
  course_.push_back({clock_us(), what, id, builder.books.works.at(id).owner});
}

std::size_t OrderSimulation::Count(const std::string& what) const {
  return static_cast<std::size_t>(std::count_if(
      course_.begin(), course_.end(),
      [&](const Happening& happening) { return happening.what == what; }));
}

double OrderSimulation::UsedBy(const std::string& owner) const {
  const auto it = used_.find(owner);
  double sum = it == used_.end() ? 0 : it->second;
  for (const auto& [number, worker] : builder.books.workers) {
    for (const int64_t id : worker.hand) {
      const Work& work = builder.books.works.at(id);
      if (work.owner == owner) sum += work.CpuSeconds(clock_us());
    }
  }
  return sum;
}

double OrderSimulation::StartOf(int64_t work) const {
  for (const Happening& happening : course_) {
    if (happening.work == work && happening.what == "start") {
      return static_cast<double>(happening.at_us) / 1e6;
    }
  }
  return -1;
}

}  // namespace engram
