// SuperSpike against its formula, evaluated by convolutions over whole trials,
// and against the way back where the two must agree; the distance of spike
// trains that both go down.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "core/training/readout.h"
#include "core/training/spiking/van_rossum.h"
#include "tests/bench/training/shared_numbers.h"
#include "tests/core/training/training_fixture.h"

namespace engram {
namespace {

using bench::SharedUniform;
using testing::HasSubstr;

constexpr int64_t kInputs = 6, kUnits = 3, kSteps = 70, kSamples = 2;
// Time constants in steps.
constexpr double kSyn = 5, kInh = 12, kMem = 10, kRise = 4, kDecay = 9;

// Small layers with drawn weights, inputs and targets.
struct Trains {
  explicit Trains(const std::string& more, double size = 1.2)
      : readout(Tree("{type: spike_train_readout}", Kind::kTrainedNetwork,
                     "readout")),
        network(Tree("{" + more +
                         ", units: 3, kappa: 3, tau_syn: 5, tau_inh: 12, "
                         "tau_mem: 10}",
                     Kind::kTrainedNetwork, "network"),
                {kInputs, kUnits, 1}, 1, &readout) {
    parameters = Array<double>(network.layout().size());
    uint64_t stream = 20;
    for (const ParameterMatrix& matrix : network.layout().matrices()) {
      ++stream;
      for (int64_t i = 0; i < matrix.size(); ++i) {
        const double x = SharedUniform(stream, static_cast<uint64_t>(i));
        parameters[matrix.offset + i] = size * (matrix.low < 0 ? 2 * x - 1 : x);
      }
    }
    block.samples = block.batch_samples = kSamples;
    block.steps = kSteps;
    block.first_scored = 0;
    Resize(kInputs, kUnits, block);
    block.total_weight = kSamples * kSteps;
    for (size_t i = 0; i < block.inputs.size(); ++i) {
      block.inputs[static_cast<int64_t>(i)] = SharedUniform(11, i) < 0.2;
    }
    for (size_t i = 0; i < block.targets.size(); ++i) {
      block.targets[static_cast<int64_t>(i)] = SharedUniform(12, i) < 0.1;
    }
    loss.push_back(MakeLossTerm<double>(
        Tree("{type: van_rossum, weight: 1.5, tau_rise: 4, tau_decay: 9}",
             Kind::kLoss, "loss")));
  }

  Array<double> Direction(const std::string& learner) {
    network.Resize(block, pass);
    network.DrawState(block, pass);
    Array<double> direction(network.layout().size());
    value = MakeLearner<double>(
                Tree("{type: " + learner + "}", Kind::kLearner, "learner"))
                ->Learn(network, loss, parameters.data(), block, pass,
                        direction.data());
    return direction;
  }
  double Spikes() const {
    double sum = 0;
    for (const double s : pass.outputs.span()) sum += s;
    return sum;
  }

  const ScopedNumericEnvironment environment;
  const Component readout;
  TrainedNetwork<double> network;
  Array<double> parameters;
  TrainingBlock<double> block;
  NetworkPass<double> pass;
  Loss<double> loss;
  double value = 0;
};

// (x * kernel)(t) by the sum itself; kernel(n) is the answer n steps later.
template <class Kernel>
std::vector<double> Convolved(const std::vector<double>& x, Kernel kernel) {
  std::vector<double> y(x.size());
  for (size_t t = 0; t < x.size(); ++t) {
    for (size_t s = 0; s <= t; ++s) {
      y[t] += x[s] * kernel(static_cast<double>(t - s));
    }
  }
  return y;
}

// Two exponentials of area 1, one behind the other.
double Smooth(double n) {
  const double r = std::exp(-1 / kRise), d = std::exp(-1 / kDecay);
  return (1 - r) * (1 - d) * (std::pow(d, n + 1) - std::pow(r, n + 1)) /
         (d - r);
}

// What a spike makes of the potential n steps later: the current counts in the
// step after it, and the membrane behind that, or at once.
double Potential(double n, double tau_syn, bool at_once) {
  const double a = std::exp(-1 / tau_syn), b = std::exp(-1 / kMem);
  const double k = at_once ? n : n - 1;
  return k < 0 ? 0 : (std::pow(b, k) - std::pow(a, k)) / (b - a);
}

std::vector<double> TrainOf(const Array<double>& stack, int64_t row,
                            int64_t sample, int64_t first_column) {
  std::vector<double> train;
  for (int64_t t = 0; t < kSteps; ++t) {
    train.push_back(stack(row, first_column + kSamples * t + sample));
  }
  return train;
}

// dL/dw of unit i and one source, summed over samples: the formula. `source`
// gives its train in a sample.
template <class Source>
double Formula(const Trains& trains, int64_t unit, Source source,
               double tau_syn, bool at_once, double sign) {
  const LayerCourse<double>& course = trains.pass.courses[0];
  double sum = 0;
  for (int64_t k = 0; k < kSamples; ++k) {
    std::vector<double> error = TrainOf(course.outputs, unit, k, kSamples);
    const std::vector<double> target =
        TrainOf(trains.block.targets, unit, k, 0);
    for (size_t t = 0; t < error.size(); ++t) error[t] -= target[t];
    const std::vector<double> e = Convolved(error, Smooth);
    std::vector<double> pairing = Convolved(
        source(k), [&](double n) { return Potential(n, tau_syn, at_once); });
    const std::vector<double> u = TrainOf(course.cells, unit, k, 0);
    for (size_t t = 0; t < u.size(); ++t) {
      pairing[t] *= 1 / std::pow(3 * std::abs(u[t] - 1) + 1, 2);
    }
    const std::vector<double> eligibility = Convolved(pairing, Smooth);
    for (size_t t = 0; t < e.size(); ++t) sum += e[t] * eligibility[t];
  }
  // 2 weight (tau_rise + tau_decay), a mean over units and trials.
  return sign * sum * 2 * 1.5 * (kRise + kDecay) / (kUnits * kSamples);
}

struct Case {
  std::string name, yaml;
  bool at_once = false;
};

class SuperSpikeFormula : public testing::TestWithParam<Case> {};

// Rounding of sums of 70 steps that reach 10: 1e-13 of the largest.
TEST_P(SuperSpikeFormula, IsWhatTheTracesAddUpTo) {
  Trains trains(GetParam().yaml);
  const Array<double> direction = trains.Direction("superspike");
  ASSERT_GT(trains.Spikes(), 5);
  double largest = 0;
  for (const double g : direction.span()) {
    largest = std::max(largest, std::abs(g));
  }
  ASSERT_GT(largest, 0.01);
  for (const ParameterMatrix& matrix : trains.network.layout().matrices()) {
    const bool inhibits = matrix.name.starts_with("inhibitory_");
    const bool from_units = matrix.name.ends_with("recurrent_weights");
    const int64_t first =
        inhibits ? (from_units ? kUnits : kInputs) - matrix.cols : 0;
    for (int64_t i = 0; i < matrix.rows; ++i) {
      for (int64_t j = 0; j < matrix.cols; ++j) {
        const auto source = [&](int64_t k) {
          return from_units ? TrainOf(trains.pass.courses[0].outputs, first + j,
                                      k, kSamples)
                            : TrainOf(trains.block.inputs, first + j, k, 0);
        };
        EXPECT_NEAR(direction[matrix.offset + i + matrix.rows * j],
                    Formula(trains, i, source, inhibits ? kInh : kSyn,
                            GetParam().at_once, inhibits ? -1 : 1),
                    1e-12 * largest)
            << matrix.name << " " << i << " " << j;
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(
    Layers, SuperSpikeFormula,
    testing::Values(
        Case{"feed_forward", "type: feedforward_lif"},
        Case{"recurrent", "type: recurrent_lif"},
        Case{"present_current", "type: feedforward_lif, current: present",
             true},
        Case{"two_kinds",
             "type: recurrent_lif, inhibitory_inputs: 0.5, inhibitory_units: "
             "0.34"}),
    [](const testing::TestParamInfo<Case>& of) { return of.param.name; });

// Where no unit spikes nothing is reset, and the exact way back with the same
// surrogate says the same.
TEST(SuperSpikeTest, IsBackpropagationWhereNothingIsReset) {
  Trains trains("type: feedforward_lif", 0.05);
  const Array<double> forward = trains.Direction("superspike");
  const double value = trains.value;
  ASSERT_EQ(trains.Spikes(), 0);
  const Array<double> back = trains.Direction("bptt");
  EXPECT_NEAR(value, trains.value, 1e-13);
  double largest = 0;
  for (const double g : back.span()) largest = std::max(largest, std::abs(g));
  ASSERT_GT(largest, 1e-3);
  for (size_t i = 0; i < back.size(); ++i) {
    const auto at = static_cast<int64_t>(i);
    EXPECT_NEAR(forward[at], back[at], 1e-13 * largest);
  }
}

// The area of the squared filter for short steps, so that a spike too many
// counts one half: sum f^2 = 1 / (2 (tau_rise + tau_decay)) up to terms of
// order (dt / tau)^2.
TEST(VanRossumTest, CountsHalfOfTheSpikesThatLieFarApart) {
  const ScopedNumericEnvironment environment;
  const auto term = MakeLossTerm<double>(
      Tree("{type: van_rossum, dt: 0.1, tau_rise: 5, tau_decay: 10}",
           Kind::kLoss, "loss"));
  TrainingBlock<double> block;
  block.samples = block.batch_samples = 1;
  block.steps = 6000;
  Resize(1, 1, block);
  block.total_weight = 6000;
  Array<double> y(1, 6000), errors(1, 6000);
  y[100] = 1;
  block.targets[3000] = 1;
  EXPECT_NEAR(term->Outputs(block, 1, y.data(), errors.data()), 1, 1e-3);
  // A spike where it is wanted costs nothing.
  y[100] = 0;
  y[3000] = 1;
  EXPECT_EQ(term->Outputs(block, 1, y.data(), errors.data()), 0);
}

// A square of numbers, so central differences are exact up to rounding.
TEST(VanRossumTest, ItsErrorsAreItsDerivative) {
  Trains trains("type: feedforward_lif");
  TrainingBlock<double>& block = trains.block;
  block.weights[7] = 0;
  block.weights[20] = 2.5;
  Array<double> y(kUnits, kSamples * kSteps), errors(kUnits, kSamples * kSteps);
  for (size_t i = 0; i < y.size(); ++i) {
    y[static_cast<int64_t>(i)] = SharedUniform(30, i);
  }
  trains.loss[0]->Outputs(block, kUnits, y.data(), errors.data());
  Array<double> unused(kUnits, kSamples * kSteps);
  for (const int64_t at : {0, 5, 21, 60, 200, 418}) {
    const double here = y[at];
    y[at] = here + 0.5;
    const double above =
        trains.loss[0]->Outputs(block, kUnits, y.data(), unused.data());
    y[at] = here - 0.5;
    const double below =
        trains.loss[0]->Outputs(block, kUnits, y.data(), unused.data());
    y[at] = here;
    EXPECT_NEAR(errors[at], above - below, 1e-13);
  }
}

std::string FirstFault(const std::string& yaml) {
  Faults faults;
  ReadTree(yaml, Kind::kProgram, "experiment", faults);
  return faults.empty() ? "" : faults[0].Format("tree");
}

std::string Program(const std::string& network, const std::string& rest) {
  return "{type: supervised_training, task: {type: target_spikes}, learner: "
         "{type: superspike}, network: " +
         network + ", " + rest + "}";
}

TEST(SuperSpikeTest, RefusesWhatItDoesNotFitAndSaysWhy) {
  const std::string unit = "{type: feedforward_lif, units: 1}";
  const std::string fits =
      "readout: {type: spike_train_readout}, loss: [{type: van_rossum}]";
  EXPECT_EQ(FirstFault(Program(unit, fits)), "");
  EXPECT_THAT(FirstFault(Program("{type: lstm, units: 1}", fits)),
              HasSubstr("lstm is none; take one such layer, or the learner"));
  EXPECT_THAT(
      FirstFault(Program("{type: feedforward_lif, units: 1, layers: 2}", fits)),
      HasSubstr("feedforward_lif has 2 layers"));
  EXPECT_THAT(
      FirstFault(Program(unit,
                         "readout: {type: leaky_readout}, loss: [{type: "
                         "van_rossum}]")),
      HasSubstr("set readout to {type: spike_train_readout}, not leaky"));
  EXPECT_THAT(
      FirstFault(Program(unit, "readout: {type: spike_train_readout}")),
      HasSubstr("set loss to [{type: van_rossum}], which is not written"));
  EXPECT_THAT(FirstFault(Program("{type: feedforward_lif, units: 4}", fits)),
              HasSubstr("has 4 units for 1 outputs"));
}

TEST(TargetSpikesTest, ShowsTheSameTrainsAndTargetsAgain) {
  const ScopedNumericEnvironment environment;
  const auto task = MakeSupervisedTask(
      Tree("{type: target_spikes, outputs: 2, target: drawn, patterns: 2}",
           Kind::kSupervisedTask, "task"),
      3);
  TrainingBlock<double> block;
  block.samples = 3;
  block.steps = 500;
  Resize(100, 2, block);
  for (int64_t k = 0; k < 3; ++k) {
    task->Fill({}, {.number = k, .sample = k}, ViewOfTrial(block, k));
  }
  double spikes[3] = {}, targets[2][3] = {};
  bool differs = false;
  for (int64_t t = 0; t < 500; ++t) {
    for (int64_t i = 0; i < 100; ++i) {
      for (int64_t k = 0; k < 3; ++k) spikes[k] += block.inputs(i, 3 * t + k);
      EXPECT_EQ(block.inputs(i, 3 * t), block.inputs(i, 3 * t + 2));
      differs |= block.inputs(i, 3 * t) != block.inputs(i, 3 * t + 1);
    }
    for (int64_t o = 0; o < 2; ++o) {
      for (int64_t k = 0; k < 3; ++k) {
        targets[o][k] += block.targets(o, 3 * t + k);
      }
      EXPECT_EQ(block.targets(o, 3 * t), block.targets(o, 3 * t + 2));
    }
  }
  EXPECT_TRUE(differs);
  // 50,000 draws at 0.01: 500 spikes that scatter by 22; five of these.
  EXPECT_NEAR(spikes[0], 500, 111);
  for (const auto& output : targets) {
    for (const double count : output) EXPECT_EQ(count, 5);
  }
}

}  // namespace
}  // namespace engram
