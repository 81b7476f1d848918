#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tests/server/queue/book_builder.h"

namespace engram {

// The order at work, without store or processes: runs that take as long as the
// test says, workers that do as they are told, a clock that jumps from one
// thing that happens to the next. The same calls give the same course.
class OrderSimulation {
 public:
  struct Happening {
    int64_t at_us;
    std::string what;  // "start", "end", "yield", "back"
    int64_t work;
    std::string owner;
    friend bool operator==(const Happening&, const Happening&) = default;
  };

  OrderSimulation(int cpus, int workers);

  // `count` runs of `seconds` each, which arrive now; their works.
  std::vector<int64_t> Submit(const std::string& owner, const Wish& wish,
                              double seconds, int count = 1);
  // Lets time pass; nothing takes longer than a tick to be noticed.
  void Advance(double seconds);

  double now_s() const { return static_cast<double>(clock_us()) / 1e6; }
  const std::vector<Happening>& course() const { return course_; }
  std::size_t Count(const std::string& what) const;
  // Processor time that a user's runs have had, at work ones included.
  double UsedBy(const std::string& owner) const;
  std::size_t open_runs() const { return builder.books.works.size(); }
  // When it began for the first time; -1: it has not.
  double StartOf(int64_t work) const;

  // From being asked to yielding; negative: nothing yields.
  double yield_s = 3;
  // Called after everything that could be given out was.
  std::function<void(const OrderSimulation&)> check;
  BookBuilder builder;

 private:
  int64_t clock_us() const { return builder.clock.SteadyUs(); }
  void Schedule();
  // Whether anything came back.
  bool GiveAndTakeBack();
  // When something happens next.
  int64_t NextUs() const;
  void Happen();
  void EndRun(int64_t id);
  void Yield(int64_t id);
  void Note(const std::string& what, int64_t id);

  std::map<int64_t, int64_t> left_us_;    // of each run, when it last began
  std::map<int64_t, int64_t> yields_us_;  // when each that was asked does
  std::map<std::string, double> used_;
  std::vector<Happening> course_;
};

}  // namespace engram
