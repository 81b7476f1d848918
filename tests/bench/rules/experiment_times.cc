// experiment_times PRESET|FILE [WORKERS [THREADS]]: makes every run of an
// experiment, WORKERS at a time with THREADS threads each, and prints how long
// they took together and the longest tick of any of them.

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "core/base/numerics.h"
#include "core/base/parallel.h"
#include "core/presets/presets.h"
#include "core/programs/builtin.h"
#include "core/programs/execution.h"
#include "core/programs/memory_recorder.h"
#include "core/spec/experiment.h"

namespace engram {
namespace {

class NoInputs final : public Inputs {
 public:
  absl::StatusOr<InputArray> Get(absl::string_view digest) const override {
    return absl::NotFoundError(std::string(digest));
  }
};

double Now() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration<double>(now).count();
}

std::string TextOf(const std::string& name) {
  if (const Preset* preset = FindPreset(name)) {
    return std::string(preset->text);
  }
  std::ifstream file(name);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::optional<Experiment> ParsedExperiment(const std::string& name) {
  Faults faults;
  ExperimentText text;
  text.text = TextOf(name);
  text.file = name;
  std::optional<Experiment> experiment =
      Experiment::Parse(text, BuiltinCatalog(), RefuseAll(), 1, faults);
  for (const Fault& fault : faults) {
    std::fprintf(stderr, "%s\n", fault.Format(name).c_str());
  }
  return experiment;
}

struct Times {
  double longest_tick = 0;
  double longest_run = 0;
  int64_t failed = 0;
};

// One tick at a time, so that each can be told.
void TimeRun(const Experiment& experiment, const Point& point, int threads,
             Times& times) {
  Parallel parallel(threads);
  const NoInputs inputs;
  MemoryRecorder record;
  const double start = Now();
  auto execution = Execution::Make(point.tree, point.seed, experiment.record(),
                                   {parallel, inputs});
  absl::Status status = execution.status();
  while (status.ok() && !(*execution)->progress().finished) {
    const double before = Now();
    status = (*execution)->Advance(1, record, {}).status();
    times.longest_tick = std::max(times.longest_tick, Now() - before);
  }
  times.longest_run = std::max(times.longest_run, Now() - start);
  if (status.ok()) return;
  ++times.failed;
  std::fprintf(stderr, "%s\n", status.ToString().c_str());
}

int TimeAll(const Experiment& experiment, int workers, int threads) {
  std::atomic<int64_t> next = 0;
  std::vector<Times> times(static_cast<size_t>(workers));
  const double start = Now();
  std::vector<std::jthread> pool;
  for (Times& mine : times) {
    pool.emplace_back([&] {
      for (int64_t i = next++; i < experiment.run_count(); i = next++) {
        TimeRun(experiment, experiment.At(i), threads, mine);
      }
    });
  }
  pool.clear();
  Times all;
  for (const Times& mine : times) {
    all.longest_tick = std::max(all.longest_tick, mine.longest_tick);
    all.longest_run = std::max(all.longest_run, mine.longest_run);
    all.failed += mine.failed;
  }
  std::printf("%lld runs in %.2f s, longest run %.2f s, longest tick %.3f s\n",
              static_cast<long long>(experiment.run_count()), Now() - start,
              all.longest_run, all.longest_tick);
  return all.failed == 0 ? 0 : 1;
}

}  // namespace
}  // namespace engram

int main(int argc, char** argv) {
  engram::SetNumericEnvironment();
  if (argc < 2) {
    std::fprintf(stderr, "experiment_times PRESET|FILE [WORKERS [THREADS]]\n");
    return 2;
  }
  const auto experiment = engram::ParsedExperiment(argv[1]);
  if (!experiment.has_value()) return 2;
  return engram::TimeAll(*experiment, argc > 2 ? std::atoi(argv[2]) : 2,
                         argc > 3 ? std::atoi(argv[3]) : 1);
}
