// Times a step of training as peer_torch.py does: zeroing the gradient,
// forward, backward, clipping to norm 1 and Adam, on one thread, from the
// numbers that all contenders share.
//
//   training_step ROW [STEPS] [WARM]
//
// Prints a line of JSON: the median of the steps in milliseconds of processor
// time, and the loss before each step.

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <map>
#include <string>
#include <vector>

#include "core/base/numerics.h"
#include "core/learners/learner.h"
#include "core/optimizers/optimizer.h"
#include "core/training/catalog.h"
#include "core/training/trained_network.h"
#include "tests/bench/training/shared_numbers.h"
#include "tests/support/experiment_tree.h"

namespace engram {
namespace {

using bench::SharedUniform;
using bench::SharedWeight;

constexpr int64_t kSteps = 100;
// Streams of shared numbers, as peer_torch.py has them.
enum : uint64_t {
  kNone,
  kInputs,
  kLabels,
  kInputWeights,
  kRecurrent,
  kBias,
  kReadout,
  kTau
};

struct Row {
  std::string network, readout;
  int64_t units = 0, batch = 0, inputs = 1;
  // Of peer and ours: gate k of the peer is gate gates[k] here.
  std::vector<int64_t> gates = {0};
};

const std::map<std::string, Row>& Rows() {
  const std::string linear = "{type: linear_readout}";
  const std::string leaky =
      "{type: leaky_rnn, leak: inside, slope: 0.1, initial_state: 0, units: ";
  static const std::map<std::string, Row> rows = {
      {"leaky_rnn_64", {leaky + "64}", linear, 64, 64}},
      {"leaky_rnn_128", {leaky + "128}", linear, 128, 64}},
      {"leaky_rnn_500", {leaky + "500}", linear, 500, 256}},
      {"lstm_128",
       {"{type: lstm, units: 128}", linear, 128, 64, 1, {0, 1, 2, 3}}},
      {"sublstm_128",
       {"{type: sublstm, units: 128}", linear, 128, 64, 1, {3, 2, 0, 1}}},
      {"lif_256",
       {"{type: recurrent_lif, units: 256}", "{type: leaky_readout}", 256, 64,
        40}},
      // As snnTorch's units are: the membrane takes the present current.
      {"lif_256_present",
       {"{type: recurrent_lif, units: 256, current: present}",
        "{type: leaky_readout}", 256, 64, 40}},
  };
  return rows;
}

double NowMs() {
  timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return 1e3 * static_cast<double>(now.tv_sec) +
         1e-6 * static_cast<double>(now.tv_nsec);
}

class Step {
 public:
  explicit Step(const Row& row)
      : row_(row),
        readout_(Tree(row.readout, Kind::kTrainedNetwork, "readout")),
        network_(Tree(row.network, Kind::kTrainedNetwork, "network"),
                 {row.inputs, 2, 1}, 1, &readout_),
        adam_(Tree("{type: adam, rate: 0.001}", Kind::kOptimizer, "optimizer")),
        optimizer_(MakeOptimizer<float>(adam_)),
        learner_(MakeLearner<float>(
            Tree("{type: bptt}", Kind::kLearner, "learner"))),
        parameters_(network_.layout().size()),
        gradients_(network_.layout().size(), Blocks()) {
    for (Array<float>& moments : moments_) {
      moments = Array<float>(network_.layout().size());
    }
    loss_.push_back(MakeLossTerm<float>(
        Tree("{type: cross_entropy}", Kind::kLoss, "loss")));
    for (const ParameterMatrix& matrix : network_.layout().matrices()) {
      Draw(matrix);
    }
    blocks_.resize(static_cast<size_t>(Blocks()));
    passes_.resize(blocks_.size());
    for (size_t b = 0; b < blocks_.size(); ++b) {
      FillBlock(static_cast<int64_t>(b) * kSamplesPerBlock, blocks_[b]);
    }
  }

  double Run() {
    gradients_.Fill(0);
    double loss = 0;
    for (size_t b = 0; b < blocks_.size(); ++b) {
      network_.Resize(blocks_[b], passes_[b]);
      network_.DrawState(blocks_[b], passes_[b]);
      loss += learner_->Learn(
          network_, loss_, parameters_.data(), blocks_[b], passes_[b],
          gradients_.data() + gradients_.rows() * static_cast<int64_t>(b));
    }
    const int64_t size = gradients_.rows();
    double squares = 0;
    for (int64_t i = 0; i < size; ++i) {
      for (int64_t b = 1; b < Blocks(); ++b) {
        gradients_[i] += gradients_(i, b);
      }
      squares += static_cast<double>(gradients_[i]) *
                 static_cast<double>(gradients_[i]);
    }
    const double norm = std::sqrt(squares);
    if (norm > 1) {
      const auto scale = static_cast<float>(1 / norm);
      for (int64_t i = 0; i < size; ++i) gradients_[i] *= scale;
    }
    ++update_;
    optimizer_->Step(update_, RateAt(adam_, update_),
                     {.size = size,
                      .gradient = gradients_.data(),
                      .parameters = parameters_.data(),
                      .moments = {moments_[0].data(), moments_[1].data()}});
    return loss;
  }

  double SpikingShare() const {
    if (row_.inputs == 1) return 0;
    double spikes = 0;
    for (const NetworkPass<float>& pass : passes_) {
      const LayerCourse<float>& course = pass.courses[0];
      for (int64_t i = row_.units * course.samples;
           i < row_.units * course.samples * (kSteps + 1); ++i) {
        spikes += static_cast<double>(course.outputs[i]);
      }
    }
    return spikes / static_cast<double>(row_.units * row_.batch * kSteps);
  }

 private:
  int64_t Blocks() const {
    return (row_.batch + kSamplesPerBlock - 1) / kSamplesPerBlock;
  }

  // Peers draw rows in the order of their gates.
  void Draw(const ParameterMatrix& matrix) {
    const double bound = 1 / std::sqrt(static_cast<double>(row_.units));
    const std::string& name = matrix.name;
    const bool is_lif = row_.inputs > 1;
    const uint64_t stream = name == "input_weights"       ? kInputWeights
                            : name == "recurrent_weights" ? kRecurrent
                            : name == "bias"              ? kBias
                            : name == "readout_weights"   ? kReadout
                            : name == "tau"               ? kTau
                                                          : kNone;
    if (stream == kNone) return;  // second biases and those of readouts: 0
    const double scale = is_lif && stream == kInputWeights ? 1.5
                         : is_lif && stream == kRecurrent  ? 0.5
                                                           : 1;
    for (int64_t i = 0; i < matrix.rows; ++i) {
      const bool is_gated =
          stream == kInputWeights || stream == kRecurrent || stream == kBias;
      const int64_t row =
          is_gated
              ? row_.gates[static_cast<size_t>(i / row_.units)] * row_.units +
                    i % row_.units
              : i;
      for (int64_t j = 0; j < matrix.cols; ++j) {
        const auto k = static_cast<uint64_t>(i * matrix.cols + j);
        parameters_[matrix.offset + row + matrix.rows * j] =
            stream == kTau
                ? static_cast<float>(1 + SharedUniform(stream, k))
                : static_cast<float>(scale * static_cast<double>(SharedWeight(
                                                 stream, k, bound)));
      }
    }
  }

  double Bit(int64_t t, int64_t sample, int64_t input, double share) const {
    const int64_t k = (t * row_.batch + sample) * row_.inputs + input;
    return SharedUniform(kInputs, static_cast<uint64_t>(k)) < share ? 1 : 0;
  }

  void FillBlock(int64_t first, TrainingBlock<float>& block) const {
    const bool is_lif = row_.inputs > 1;
    block.samples = std::min(kSamplesPerBlock, row_.batch - first);
    block.batch_samples = row_.batch;
    block.steps = kSteps;
    block.first_scored = kSteps - 1;
    block.total_weight = static_cast<double>(row_.batch);
    Resize(row_.inputs, 2, block);
    for (int64_t k = 0; k < block.samples; ++k) {
      const int64_t s = first + k;
      for (int64_t t = 0; t < kSteps; ++t) {
        for (int64_t i = 0; i < row_.inputs; ++i) {
          block.inputs(i, t * block.samples + k) = static_cast<float>(
              is_lif ? Bit(t, s, i, 0.05) : 2 * Bit(t, s, i, 0.5) - 1);
        }
      }
      const bool one =
          is_lif ? SharedUniform(kLabels, static_cast<uint64_t>(s)) < 0.5
                 : Bit(kSteps - 1, s, 0, 0.5) != Bit(kSteps - 2, s, 0, 0.5);
      block.labels(0, k) = one ? 1 : 0;
    }
  }

  const Row& row_;
  const Component readout_;
  TrainedNetwork<float> network_;
  const Component adam_;
  std::unique_ptr<Optimizer<float>> optimizer_;
  std::unique_ptr<Learner<float>> learner_;
  Loss<float> loss_;
  Array<float> parameters_, gradients_, moments_[2];
  std::vector<TrainingBlock<float>> blocks_;
  std::vector<NetworkPass<float>> passes_;
  int64_t update_ = 0;
};

int Main(int argc, char** argv) {
  if (argc < 2 || !Rows().contains(argv[1])) {
    std::fprintf(stderr, "usage: training_step ROW [STEPS] [WARM]; rows:");
    for (const auto& [name, row] : Rows()) {
      std::fprintf(stderr, " %s", name.c_str());
    }
    std::fprintf(stderr, "\n");
    return 2;
  }
  const int steps = argc > 2 ? std::atoi(argv[2]) : 20;
  const int warm = argc > 3 ? std::atoi(argv[3]) : 5;
  const ScopedNumericEnvironment environment;
  Step step(Rows().at(argv[1]));
  std::vector<double> times;
  std::string losses;
  for (int k = 0; k < warm + steps; ++k) {
    const double begin = NowMs();
    const double loss = step.Run();
    if (k >= warm) times.push_back(NowMs() - begin);
    losses += (k == 0 ? "" : ", ") + std::to_string(loss);
  }
  std::sort(times.begin(), times.end());
  std::printf(
      "{\"row\": \"%s\", \"ms\": %.4f, \"spiking\": %.4f, "
      "\"losses\": [%s]}\n",
      argv[1], times[times.size() / 2], step.SpikingShare(), losses.c_str());
  return 0;
}

}  // namespace
}  // namespace engram

int main(int argc, char** argv) { return engram::Main(argc, argv); }
