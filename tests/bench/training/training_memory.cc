// The memory that the gradient of one long batch takes: 4,096 steps of 64
// samples through 256 units, in single precision, answers at the last step.
//
//   training_memory NETWORK [RECOMPUTE_EVERY] [STEPS] [UNITS] [BATCH]
//
// Prints a line of JSON: what the passes hold, the resident peak of the process
// and what it was before the network was made, in MB of 1e6 bytes, and the
// length of the gradient, which tells that both ways give the same.

#include <sys/resource.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "core/base/numerics.h"
#include "core/learners/learner.h"
#include "core/training/catalog.h"
#include "tests/bench/training/shared_numbers.h"
#include "tests/support/experiment_tree.h"

namespace engram {
namespace {

double PeakMb() {
  rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) * 1024e-6;
}

struct Size {
  int64_t steps = 4096, units = 256, batch = 64;
};

void Fill(const Size& size, int64_t first, TrainingBlock<float>& block) {
  block.samples = std::min(kSamplesPerBlock, size.batch - first);
  block.batch_samples = size.batch;
  block.steps = size.steps;
  block.first_scored = size.steps - 1;
  block.total_weight = static_cast<double>(size.batch);
  Resize(1, 2, block);
  for (int64_t i = 0; i < block.samples * size.steps; ++i) {
    block.inputs[i] =
        bench::SharedUniform(1, static_cast<uint64_t>(i)) < 0.5 ? 0.0f : 1.0f;
  }
  for (int64_t k = 0; k < block.samples; ++k) {
    block.labels(0, k) = static_cast<int32_t>(k % 2);
  }
}

int Run(const std::string& type, const std::string& every, const Size& size) {
  const ScopedNumericEnvironment environment;
  const double before = PeakMb();
  const TrainedNetwork<float> network(
      Tree("{type: " + type + ", units: " + std::to_string(size.units) + "}",
           Kind::kTrainedNetwork, "network"),
      {1, 2, 1}, 1);
  const auto learner =
      MakeLearner<float>(Tree("{type: bptt, recompute_every: " + every + "}",
                              Kind::kLearner, "learner"));
  Loss<float> loss;
  loss.push_back(
      MakeLossTerm<float>(Tree("{type: cross_entropy}", Kind::kLoss, "loss")));
  Array<float> parameters(network.layout().size());
  for (size_t i = 0; i < parameters.size(); ++i) {
    parameters[static_cast<int64_t>(i)] = bench::SharedWeight(
        2, i, 1 / std::sqrt(static_cast<double>(size.units)));
  }
  Array<float> gradient(network.layout().size());
  const int64_t blocks = (size.batch + kSamplesPerBlock - 1) / kSamplesPerBlock;
  std::vector<TrainingBlock<float>> data(static_cast<size_t>(blocks));
  std::vector<NetworkPass<float>> passes(data.size());
  double held = 0;
  for (size_t b = 0; b < data.size(); ++b) {
    Fill(size, static_cast<int64_t>(b) * kSamplesPerBlock, data[b]);
    passes[b].plan = learner->plan();
    network.Resize(data[b], passes[b]);
    network.DrawState(data[b], passes[b]);
    learner->Learn(network, loss, parameters.data(), data[b], passes[b],
                   gradient.data());
    held += 1e-6 * static_cast<double>(passes[b].bytes());
  }
  double squares = 0;
  for (const float g : gradient.span()) {
    squares += static_cast<double>(g) * static_cast<double>(g);
  }
  std::printf(
      "{\"network\": \"%s\", \"recompute_every\": %s, \"passes_mb\": %.1f, "
      "\"peak_mb\": %.1f, \"before_mb\": %.1f, \"gradient\": %.17g}\n",
      type.c_str(), every.c_str(), held, PeakMb(), before, std::sqrt(squares));
  return 0;
}

int Main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr,
                 "usage: training_memory NETWORK [RECOMPUTE_EVERY] [STEPS] "
                 "[UNITS] [BATCH]\n");
    return 2;
  }
  Size size;
  if (argc > 3) size.steps = std::atoll(argv[3]);
  if (argc > 4) size.units = std::atoll(argv[4]);
  if (argc > 5) size.batch = std::atoll(argv[5]);
  return Run(argv[1], argc > 2 ? argv[2] : "0", size);
}

}  // namespace
}  // namespace engram

int main(int argc, char** argv) { return engram::Main(argc, argv); }
