#include "benchmark/benchmark.h"
#include "tests/bench/store/lab.h"

namespace engram::store {
namespace {

// An experiment of 10,000 runs with three parameters each, durable in one
// commit.
void Accept10000Runs(benchmark::State& state) {
  const BenchFolder folder;
  const auto store = folder.Open();
  const std::vector<NewRun> runs = LabRuns(0, 10'000);
  int number = 0;
  for (auto _ : state) {
    ExperimentRow row = LabExperiment(number++, 10'000);
    Check(store->Write([&](Transaction& transaction) {
      const auto key = InsertExperiment(transaction, row);
      if (!key.ok()) return key.status();
      InsertRuns(transaction, *key, runs, row.resources, "users/ada",
                 "submitted", row.create_time_us);
      return absl::OkStatus();
    }));
  }
  state.counters["runs/s"] =
      benchmark::Counter(10'000.0 * static_cast<double>(state.iterations()),
                         benchmark::Counter::kIsRate);
}
BENCHMARK(Accept10000Runs)
    ->Name("submit/10000_runs")
    ->Unit(benchmark::kMillisecond)
    ->Iterations(5)
    ->UseRealTime();

}  // namespace
}  // namespace engram::store
