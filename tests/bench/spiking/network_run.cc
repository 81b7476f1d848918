// Runs one experiment with nothing around it and says what it took:
//
//   network_run FILE.yaml THREADS [PATH=VALUE ...]
//
// Prints one line of JSON: wall seconds of building and of the time loop apart,
// processor seconds of the loop, resident memory after building less what the
// process had before (`built`) and the largest while building (`peak`), both in
// bytes, and the summary values.

#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <iostream>
#include <optional>
#include <span>
#include <sstream>
#include <stop_token>
#include <string>

#include "absl/strings/str_cat.h"
#include "core/base/numerics.h"
#include "core/base/parallel.h"
#include "core/programs/builtin.h"
#include "core/programs/execution.h"
#include "core/spec/experiment.h"

namespace engram {
namespace {

class NoInputs final : public Inputs {
 public:
  absl::StatusOr<InputArray> Get(absl::string_view digest) const override {
    return absl::NotFoundError(digest);
  }
};

// Takes everything and keeps the number of spikes.
class CountingRecorder final : public Recorder {
 public:
  void Point(const SeriesInfo&, double, const Measured&) override {}
  void Array(absl::string_view, int64_t, const ArrayView&) override {}
  void Spikes(const PopulationInfo&, std::span<const int64_t>,
              std::span<const int32_t> units) override {
    spikes += static_cast<int64_t>(units.size());
  }
  void Summary(absl::string_view, absl::string_view, const Measured&) override {
  }
  void Log(LogLevel, absl::string_view) override {}
  void Live(absl::string_view, std::span<const double>) override {}
  void Activity(const PopulationInfo&, int64_t, int64_t,
                std::span<const int64_t>, std::span<const int32_t>) override {}

  int64_t spikes = 0;
};

double Now() {
  return std::chrono::duration<double>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

// Of this process, all threads together.
double ProcessorSeconds() {
  return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

int64_t ResidentBytes() {
  std::ifstream file("/proc/self/statm");
  int64_t size = 0, resident = 0;
  file >> size >> resident;
  return resident * sysconf(_SC_PAGESIZE);
}

int64_t PeakBytes() {
  rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return int64_t{usage.ru_maxrss} * 1024;
}

int Fail(const std::string& why) {
  std::cerr << why << "\n";
  return 1;
}

std::optional<Experiment> Read(int argc, char** argv) {
  std::ifstream file(argv[1]);
  std::stringstream text;
  text << file.rdbuf();
  ExperimentText experiment{.text = text.str(), .file = argv[1]};
  for (int i = 3; i < argc; ++i) {
    const std::string assignment = argv[i];
    const size_t equals = assignment.find('=');
    const std::string path = assignment.substr(0, equals);
    const std::string value = assignment.substr(equals + 1);
    if (path == "seed") {
      experiment.seeds = value;  // in place of a preset's own
    } else {
      experiment.set.push_back({path, value});
    }
  }
  Faults faults;
  std::optional<Experiment> parsed =
      Experiment::Parse(experiment, BuiltinCatalog(), RefuseAll(), 1, faults);
  for (const Fault& fault : faults) {
    std::cerr << fault.Format(experiment.file) << "\n";
  }
  return parsed;
}

int Main(int argc, char** argv) {
  if (argc < 3) return Fail("network_run FILE.yaml THREADS [PATH=VALUE ...]");
  SetNumericEnvironment();
  const std::optional<Experiment> experiment = Read(argc, argv);
  if (!experiment) return 1;
  Parallel parallel(std::stoi(argv[2]));
  const NoInputs inputs;
  const Point point = experiment->At(0);
  const int64_t before = ResidentBytes();
  const double start = Now();
  auto run = Execution::Make(point.tree, point.seed, experiment->record(),
                             {.parallel = parallel, .inputs = inputs});
  if (!run.ok()) return Fail(std::string(run.status().message()));
  const double built = Now(), cpu_built = ProcessorSeconds();
  const int64_t resident = ResidentBytes(), peak = PeakBytes();
  CountingRecorder recorder;
  while (!(*run)->progress().finished) {
    const absl::StatusOr<Progress> progress =
        (*run)->Advance(1, recorder, std::stop_token());
    if (!progress.ok()) return Fail(std::string(progress.status().message()));
  }
  const double end = Now(), cpu_end = ProcessorSeconds();
  std::string json = absl::StrCat(
      "{\"build\": ", built - start, ", \"seconds\": ", end - built,
      ", \"cpu\": ", cpu_end - cpu_built, ", \"built\": ", resident - before,
      ", \"peak\": ", peak - before, ", \"spikes\": ", recorder.spikes);
  for (const auto& [name, entry] : (*run)->summary()) {
    if (entry.value.is_absent()) continue;
    absl::StrAppend(&json, ", \"", name, "\": ", entry.value.value());
  }
  std::cout << json << "}\n";
  return 0;
}

}  // namespace
}  // namespace engram

int main(int argc, char** argv) { return engram::Main(argc, argv); }
