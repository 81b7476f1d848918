#include <atomic>
#include <functional>

#include "absl/strings/str_cat.h"
#include "benchmark/benchmark.h"
#include "core/base/mutex.h"
#include "server/store/attempt_table.h"
#include "server/store/item_table.h"
#include "server/store/run_states.h"
#include "server/store/series_table.h"
#include "tests/bench/store/lab.h"

namespace engram::store {
namespace {

constexpr int64_t kRuns = 4000;

// What the server writes of a tiny run, each step durable before the next one
// begins: its start, that it runs, what it recorded, its end.
class Lifecycle {
 public:
  explicit Lifecycle(Transaction& transaction, RunKey run, int64_t number)
      : t_(transaction), run_(run), number_(number) {}

  void Step(int step) {
    if (step == 0) Begin();
    if (step == 1) Change("starting", "running");
    if (step == 2) Record();
    if (step == 3) End();
  }

 private:
  AttemptRow Attempt() const {
    AttemptRow row{.run = run_,
                   .number = 1,
                   .worker = "workers/1",
                   .host = "lab",
                   .build = std::string(64, 'b'),
                   .fencing_token = number_};
    row.start_time_us = number_;
    return row;
  }
  void Change(const char* from, const char* to) {
    StateChange change{
        .from = from, .to = to, .actor = "server", .now_us = number_};
    change.attempt = 1;
    if (IsEndState(to)) change.end_time_us = number_;
    if (!ChangeState(t_, run_, change)) Check(absl::InternalError("no change"));
  }
  void Begin() {
    StoreAttempt(t_, Attempt(), number_);
    Change("queued", "starting");
  }
  void Record() {
    SeriesRow series;
    series.name = "weight_norm";
    series.unit = "1";
    series.x = "trial";
    std::vector<SeriesPoint> points;
    v1::ItemChunk items;
    items.add_series(series.name);
    for (int i = 0; i < 20; ++i) {
      points.push_back({static_cast<double>(i), 0.5 * i, ""});
      items.add_items()->set_point(0);
    }
    Check(AppendPoints(t_, run_, series, points, number_).status());
    for (const char* name : {"score", "length"})
      StoreSummary(t_, run_, {name, "1", static_cast<double>(number_), ""});
    AppendItems(t_, run_, 1, items);
    SetStoredOrdinal(t_, run_, 20);
    SetProgress(t_, run_, 20, 20, "trial");
  }
  void End() {
    AttemptRow row = Attempt();
    row.end_time_us = number_;
    row.end_state = "succeeded";
    StoreAttempt(t_, row, number_);
    AddUse(t_, run_, 0.01, 10'000);
    Change("running", "succeeded");
  }

  Transaction& t_;
  const RunKey run_;
  const int64_t number_;
};

// Takes all runs from queued to their end, so many at a time.
class Conveyor {
 public:
  Conveyor(Store& store, std::vector<RunKey> runs)
      : store_(store), runs_(std::move(runs)) {}

  void RunAll(int at_a_time) {
    for (int i = 0; i < at_a_time; ++i) Next();
    MutexLock lock(mu_);
    while (ended_ < std::ssize(runs_)) all_ended_.Wait(mu_);
  }

 private:
  void Next() {
    const int64_t number = next_++;
    if (number < std::ssize(runs_)) Step(number, 0);
  }
  void Step(int64_t number, int step) {
    const RunKey run = runs_[static_cast<size_t>(number)];
    store_.WriteAsync(
        [=](Transaction& transaction) {
          Lifecycle(transaction, run, number + 1).Step(step);
          return absl::OkStatus();
        },
        [this, number, step](absl::Status status) {
          Check(status);
          if (step < 3) return Step(number, step + 1);
          Next();
          MutexLock lock(mu_);
          if (++ended_ == std::ssize(runs_)) all_ended_.NotifyOne();
        });
  }

  Store& store_;
  const std::vector<RunKey> runs_;
  std::atomic<int64_t> next_ = 0;
  Mutex mu_;
  CondVar all_ended_;
  int64_t ended_ GUARDED_BY(mu_) = 0;
};

void TinyRuns(benchmark::State& state) {
  const BenchFolder folder;
  const auto store = folder.Open();
  const auto at_a_time = static_cast<int>(state.range(0));
  int number = 0;
  int64_t commits = 0;
  for (auto _ : state) {
    state.PauseTiming();
    Conveyor conveyor(*store, SubmitLab(*store, number++, kRuns));
    const int64_t before = store->commit_count();
    state.ResumeTiming();
    conveyor.RunAll(at_a_time);
    commits += store->commit_count() - before;
  }
  const double runs = static_cast<double>(kRuns * state.iterations());
  state.counters["runs/s"] =
      benchmark::Counter(runs, benchmark::Counter::kIsRate);
  state.counters["commits/run"] = static_cast<double>(commits) / runs;
}
BENCHMARK(TinyRuns)
    ->Name("lifecycle/tiny_runs_in_flight")
    ->Arg(1)
    ->Arg(16)
    ->Arg(34)
    ->Arg(128)
    ->Unit(benchmark::kMillisecond)
    ->Iterations(1)
    ->UseRealTime();

}  // namespace
}  // namespace engram::store
