// What a live raster costs the simulation that it shows: two networks of one
// tree, advanced tick by tick in turn, one bare, the other with all that a
// worker does of its spikes: gathered, thinned to pictures, ten of them a
// second turned into the bytes that go to the server. Processor time of both,
// so that what else the machine does matters little.
//
//   live_raster FILE.yaml TICKS [PATH=VALUE ...]

#include <ctime>
#include <fstream>
#include <iostream>
#include <optional>
#include <sstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "core/base/numerics.h"
#include "core/base/parallel.h"
#include "core/programs/builtin.h"
#include "core/programs/network_recorder.h"
#include "core/programs/spiking_network.h"
#include "core/spec/experiment.h"
#include "server/worker/event_recorder.h"
#include "server/worker/outbox.h"
#include "server/worker/spool.h"
#include "tests/server/worker/test_spool.h"

namespace engram {
namespace {

constexpr double kPerCent = 100;

double CpuSeconds() {
  timespec time;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) +
         1e-9 * static_cast<double>(time.tv_nsec);
}

std::optional<Experiment> Read(int argc, char** argv) {
  std::ifstream file(argv[1]);
  std::stringstream text;
  text << file.rdbuf();
  ExperimentText experiment{.text = text.str(), .file = argv[1]};
  for (int i = 3; i < argc; ++i) {
    const std::string assignment = argv[i];
    const size_t equals = assignment.find('=');
    experiment.set.push_back(
        {assignment.substr(0, equals), assignment.substr(equals + 1)});
  }
  Faults faults;
  std::optional<Experiment> parsed =
      Experiment::Parse(experiment, BuiltinCatalog(), RefuseAll(), 1, faults);
  for (const Fault& fault : faults) {
    std::cerr << fault.Format(experiment.file) << "\n";
  }
  return parsed;
}

struct Costs {
  double bare = 0;   // [s] of processor time
  double shown = 0;  // the same
  int64_t spikes = 0;
  int64_t pictures = 0;
  int64_t bytes = 0;
};

// Turns what waits to be sent into its bytes, as the stream's writer does.
void Send(Outbox& outbox, Costs& costs) {
  while (const auto message = outbox.Next(std::chrono::milliseconds(0))) {
    costs.bytes += std::ssize(message->SerializeAsString());
    ++costs.pictures;
  }
}

template <class Real>
Costs Measure(const NetworkPlan& plan, uint64_t seed, int64_t ticks) {
  Parallel parallel(1);
  SpikingNetwork<Real> bare(plan, seed, parallel);
  SpikingNetwork<Real> shown(plan, seed, parallel);
  RecordingPlan nothing;
  nothing.spikes.resize(plan.populations.size());
  NetworkRecorder<Real> recorder(plan, nothing, shown);
  TestSpool spool;
  Outbox outbox(spool);
  EventRecorder events({}, 0, false, outbox,
                       [] { return std::chrono::steady_clock::now(); });
  const int64_t steps = StepsOfTick(plan);
  Costs costs;
  for (int64_t tick = 0; tick < ticks; ++tick) {
    const double start = CpuSeconds();
    bare.Advance(steps);
    const double between = CpuSeconds();
    const int64_t from = shown.step();
    shown.Advance(steps);
    recorder.Take(from, events);
    recorder.Tell(from, events);
    Send(outbox, costs);
    costs.shown += CpuSeconds() - between;
    costs.bare += between - start;
    for (const int64_t count : recorder.counts()) costs.spikes += count;
  }
  return costs;
}

int Main(int argc, char** argv) {
  if (argc < 3) {
    std::cerr << "live_raster FILE.yaml TICKS [PATH=VALUE ...]\n";
    return 1;
  }
  SetNumericEnvironment();
  const std::optional<Experiment> experiment = Read(argc, argv);
  if (!experiment) return 1;
  const Point point = experiment->At(0);
  Faults faults;
  const NetworkPlan plan = PlanNetwork(point.tree, faults);
  const int64_t ticks = std::stoll(argv[2]);
  const Costs costs = plan.is_single ? Measure<float>(plan, point.seed, ticks)
                                     : Measure<double>(plan, point.seed, ticks);
  if (costs.spikes == 0) {
    std::cerr << "no unit fired: there was nothing to show\n";
    return 1;
  }
  const double ms = static_cast<double>(ticks * StepsOfTick(plan)) * plan.dt;
  std::cout << absl::StrCat(
      "{\"units\": ", plan.units(), ", \"ms\": ", ms,
      ", \"spikes\": ", costs.spikes, ", \"pictures\": ", costs.pictures,
      ", \"bytes\": ", costs.bytes, ", \"bare\": ", costs.bare,
      ", \"shown\": ", costs.shown,
      ", \"per_cent\": ", kPerCent * (costs.shown - costs.bare) / costs.bare,
      "}\n");
  return 0;
}

}  // namespace
}  // namespace engram

int main(int argc, char** argv) { return engram::Main(argc, argv); }
