// What holds for every kind of layer: its way back is the derivative of its way
// there, whatever is stacked, scored or penalised; and what kinds promise of
// themselves.

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "core/training/catalog.h"
#include "tests/core/training/training_fixture.h"

namespace engram {
namespace {

struct Case {
  std::string name;
  std::string yaml;
};

std::vector<Case> Cases() {
  std::vector<Case> cases;
  for (const LayerRow& row : LayerRows()) {
    // Symbols are no numbers: see symbols_test.cc.
    if (row.takes == LayerInputs::kSymbols) continue;
    const std::string& type = row.spec.type;
    // A spike has no derivative; what stands for it is one of the relaxed unit.
    const std::string relaxed =
        type.ends_with("_lif") ? ", relaxed: true, kappa: 2" : "";
    cases.push_back({type, "{type: " + type + ", units: 5" + relaxed + "}"});
    cases.push_back(
        {type + "_two_layers",
         "{type: " + type + ", units: 4, layers: 2" + relaxed + "}"});
  }
  cases.push_back(
      {"leaky_rnn_outside", "{type: leaky_rnn, units: 5, leak: outside}"});
  cases.push_back({"leaky_rnn_some_frozen",
                   "{type: leaky_rnn, units: 8, tau_low: 0.5, tau_high: 3}"});
  cases.push_back({"leaky_rnn_continuous",
                   "{type: leaky_rnn, units: 6, continuous: true, tau_low: "
                   "0.1, tau_high: 1.2}"});
  cases.push_back({"leaky_rnn_continuous_outside",
                   "{type: leaky_rnn, units: 6, continuous: true, leak: "
                   "outside, tau_low: 0.1, tau_high: 1.2}"});
  cases.push_back({"leaky_rnn_fixed_tau",
                   "{type: leaky_rnn, units: 5, tau_low: 2, tau_high: 2, "
                   "train_tau: false}"});
  cases.push_back({"vanilla_relu",
                   "{type: vanilla_rnn, units: 5, nonlinearity: relu, "
                   "initial_state: 0.5}"});
  cases.push_back({"feed_forward_tanh",
                   "{type: feed_forward, units: 5, nonlinearity: tanh}"});
  cases.push_back({"feed_forward_linear",
                   "{type: feed_forward, units: 5, nonlinearity: linear}"});
  cases.push_back({"fix_sublstm_outside_of_0_and_1",
                   "{type: fix_sublstm, units: 8, f_low: -0.5, f_high: 1.5}"});
  cases.push_back({"recurrent_lif_of_two_kinds",
                   "{type: recurrent_lif, units: 10, relaxed: true, kappa: 2, "
                   "inhibitory_inputs: 0.4, inhibitory_units: 0.2, current: "
                   "present, tau_inh: 8}"});
  cases.push_back({"stack",
                   "{type: layer_stack, layers: [{type: feed_forward, units: "
                   "4}, {type: lstm, units: 3}, {type: leaky_rnn, units: 6, "
                   "layers: 2}, {type: gru, units: 3}]}"});
  return cases;
}

class EveryTrainedNetwork : public testing::TestWithParam<Case> {
 protected:
  // Central differences of every parameter: the truncation falls as the square
  // of the step and rounding grows as its inverse, so 1e-6 of the size of the
  // gradient is what a step of cbrt(2e-16) = 6e-6 leaves, with a margin of a
  // hundred.
  static void ExpectExact(SmallNetwork<double>& small) {
    const Array<double> gradient = small.Gradient();
    double norm = 0;
    for (double g : gradient.span()) norm = std::max(norm, std::abs(g));
    ASSERT_GT(norm, 1e-3);
    constexpr double kStep = 6e-6;
    for (const ParameterMatrix& matrix : small.network.layout().matrices()) {
      if (!matrix.is_trained) {
        for (int64_t i = 0; i < matrix.size(); ++i) {
          EXPECT_EQ(gradient[matrix.offset + i], 0) << matrix.name;
        }
        continue;
      }
      for (int64_t i = 0; i < matrix.size(); ++i) {
        double& theta = small.parameters[matrix.offset + i];
        const double at = theta;
        theta = at + kStep;
        const double above = small.LossNow();
        theta = at - kStep;
        const double below = small.LossNow();
        theta = at;
        EXPECT_NEAR(gradient[matrix.offset + i], (above - below) / (2 * kStep),
                    1e-6 * norm)
            << matrix.name << "[" << i << "]";
      }
    }
  }

  const ScopedNumericEnvironment environment_;
};

TEST_P(EveryTrainedNetwork, GoesBackAsItWentThere) {
  SmallNetwork<double> small(GetParam().yaml, true, 2, 6, 0);
  ExpectExact(small);
}

// More steps than a stretch has, answers from the middle of one on.
TEST_P(EveryTrainedNetwork, GoesBackThroughSeveralStretches) {
  SmallNetwork<double> small(GetParam().yaml, true, 3, 2 * kStepsPerStretch + 3,
                             kStepsPerStretch - 2);
  ExpectExact(small);
}

TEST_P(EveryTrainedNetwork, GoesBackFromNumbersAndFromItsOwnActivity) {
  SmallNetwork<double> small(GetParam().yaml, false, 2, 7, 5, 1,
                             "{type: rate_penalty, weight: 0.7}");
  ExpectExact(small);
}

// A batch in blocks: gradients of samples add up.
TEST_P(EveryTrainedNetwork, SamplesDoNotMeet) {
  SmallNetwork<double> small(GetParam().yaml, true, 3, 9, 4);
  const Array<double> whole = small.Gradient();
  Array<double> sum(small.network.layout().size());
  TrainingBlock<double> all = small.block;
  for (int64_t k = 0; k < 3; ++k) {
    TrainingBlock<double>& one = small.block;
    one.samples = 1;
    one.first_trial = k;
    Resize(3, 3, one);
    for (int64_t t = 0; t < 9; ++t) {
      for (int64_t i = 0; i < 3; ++i) {
        one.inputs(i, t) = all.inputs(i, 3 * t + k);
      }
    }
    for (int64_t t = 0; t < all.scored_steps(); ++t) {
      one.weights[t] = all.weights[3 * t + k];
      for (int64_t head = 0; head < 2; ++head) {
        one.labels(head, t) = all.labels(head, 3 * t + k);
      }
    }
    const Array<double> part = small.Gradient();
    for (size_t i = 0; i < part.size(); ++i) {
      sum[static_cast<int64_t>(i)] += part[static_cast<int64_t>(i)];
    }
  }
  for (size_t i = 0; i < whole.size(); ++i) {
    const auto at = static_cast<int64_t>(i);
    EXPECT_NEAR(sum[at], whole[at], 1e-12);
  }
}

TEST_P(EveryTrainedNetwork, SinglePrecisionAgreesWithDouble) {
  SmallNetwork<double> exact(GetParam().yaml, true, 2, 20, 10);
  SmallNetwork<float> single(GetParam().yaml, true, 2, 20, 10);
  for (size_t i = 0; i < exact.parameters.size(); ++i) {
    const auto at = static_cast<int64_t>(i);
    exact.parameters[at] = static_cast<double>(single.parameters[at]);
  }
  for (size_t i = 0; i < exact.block.inputs.size(); ++i) {
    const auto at = static_cast<int64_t>(i);
    exact.block.inputs[at] = static_cast<double>(single.block.inputs[at]);
  }
  const Array<double> g = exact.Gradient();
  const Array<float> h = single.Gradient();
  double norm = 0;
  for (double x : g.span()) norm = std::max(norm, std::abs(x));
  for (size_t i = 0; i < g.size(); ++i) {
    const auto at = static_cast<int64_t>(i);
    EXPECT_NEAR(static_cast<double>(h[at]), g[at], 1e-5 * norm);
  }
}

TEST_P(EveryTrainedNetwork, GoesOnFromASavedState) {
  SmallNetwork<double> small(GetParam().yaml, true, 2, 8, 0);
  small.LossNow();
  std::vector<double> state(
      static_cast<size_t>(small.network.state_size() * 2));
  small.network.SaveState(small.pass, state.data());
  const std::vector<double> last(small.pass.outputs.data() + 6 * 2 * 4,
                                 small.pass.outputs.data() + 6 * 16);
  // The last four steps again, from the state after the first four.
  SmallNetwork<double> first(GetParam().yaml, true, 2, 4, 0);
  first.block.inputs = small.block.inputs;
  first.LossNow();
  first.network.SaveState(first.pass, state.data());
  for (int64_t i = 0; i < 3 * 8; ++i) {
    first.block.inputs[i] = small.block.inputs[3 * 8 + i];
  }
  first.network.Resize(first.block, first.pass);
  first.network.LoadState(state.data(), first.pass);
  first.network.Forward(first.parameters.data(), first.block, first.pass);
  for (size_t i = 0; i < last.size(); ++i) {
    EXPECT_NEAR(first.pass.outputs[static_cast<int64_t>(i)], last[i], 1e-13);
  }
}

INSTANTIATE_TEST_SUITE_P(Layers, EveryTrainedNetwork,
                         testing::ValuesIn(Cases()),
                         [](const testing::TestParamInfo<Case>& of) {
                           return of.param.name;
                         });

// One unit, no recurrence, an input of independent fair bits: with the leak
// inside, r keeps (1 - 1/tau) of itself, so that the autocorrelation falls by
// just that in a step. Its estimate from n samples scatters by
// sqrt((1 - a^2) / n), 0.001 at n = 1e6 and below 0.003 at three of these.
TEST(LeakyRnnTest, AUnitForgetsOneOverTauInAStep) {
  const ScopedNumericEnvironment environment;
  for (const double tau : {2.0, 5.0, 10.0}) {
    const TrainedNetwork<double> network(
        Tree("{type: leaky_rnn, units: 1}", Kind::kTrainedNetwork, "network"),
        {1, 1, 1}, 1);
    Array<double> parameters(network.layout().size());
    parameters[network.layout().Find("input_weights")->offset] = 1;
    parameters[network.layout().Find("tau")->offset] = tau;
    TrainingBlock<double> block;
    block.samples = 1;
    block.steps = 1000000;
    block.first_scored = block.steps - 1;
    Resize(1, 1, block);
    std::mt19937 random(3);
    for (double& x : block.inputs.span()) x = random() % 2 == 0 ? 0.0 : 1.0;
    NetworkPass<double> pass;
    network.Resize(block, pass);
    network.DrawState(block, pass);
    network.Forward(parameters.data(), block, pass);
    const double* r = pass.courses[0].outputs.data() + 500;
    double square = 0, product = 0;
    for (int64_t t = 0; t < 999000; ++t) {
      square += (r[t] - 0.5) * (r[t] - 0.5);
      product += (r[t] - 0.5) * (r[t + 1] - 0.5);
    }
    EXPECT_NEAR(product / square, 1 - 1 / tau, 0.003);
  }
}

// Weights of 0 leave the biases alone, so gates are what a test sets.
class SubLstmLimits : public testing::Test {
 protected:
  // Cells after `steps` steps of one unit whose gates i, o, z (, f) have these
  // biases, from the cell 0.5.
  static std::vector<double> Cells(const std::string& yaml,
                                   const std::vector<double>& biases,
                                   double decay, std::vector<double>* outputs) {
    constexpr int64_t kSteps = 6;
    const TrainedNetwork<double> network(
        Tree(yaml, Kind::kTrainedNetwork, "network"), {1, 1, 1}, 1);
    Array<double> parameters(network.layout().size());
    for (size_t k = 0; k < biases.size(); ++k) {
      parameters[network.layout().Find("bias")->offset +
                 static_cast<int64_t>(k)] = biases[k];
    }
    if (const ParameterMatrix* f = network.layout().Find("f")) {
      parameters[f->offset] = decay;
    }
    TrainingBlock<double> block;
    block.samples = 1;
    block.steps = kSteps;
    Resize(1, 1, block);
    NetworkPass<double> pass;
    network.Resize(block, pass);
    const std::vector<double> state = {0, 0.5};
    network.LoadState(state.data(), pass);
    network.Forward(parameters.data(), block, pass);
    const LayerCourse<double>& course = pass.courses[0];
    outputs->assign(course.outputs.data() + 1,
                    course.outputs.data() + kSteps + 1);
    return std::vector<double>(course.cells.data() + 1,
                               course.cells.data() + kSteps + 1);
  }
  static double Sigma(double x) { return 1 / (1 + std::exp(-x)); }

  const ScopedNumericEnvironment environment_;
};

TEST_F(SubLstmLimits, EqualInputAndInhibitionLeaveADecay) {
  std::vector<double> outputs;
  const std::vector<double> cells =
      Cells("{type: sublstm, units: 1}", {0.3, -1, 0.3, 0.8}, 0, &outputs);
  for (size_t t = 0; t < cells.size(); ++t) {
    EXPECT_NEAR(cells[t],
                0.5 * std::pow(Sigma(0.8), static_cast<double>(t + 1)), 1e-15);
    EXPECT_NEAR(outputs[t], Sigma(cells[t]) - Sigma(-1), 1e-15);
  }
}

TEST_F(SubLstmLimits, WithoutDecayACellIntegrates) {
  std::vector<double> outputs;
  const std::vector<double> cells =
      Cells("{type: fix_sublstm, units: 1}", {-0.4, 0.2, 1.1}, 1, &outputs);
  const double step = Sigma(1.1) - Sigma(-0.4);
  for (size_t t = 0; t < cells.size(); ++t) {
    EXPECT_NEAR(cells[t], 0.5 + step * static_cast<double>(t + 1), 1e-14);
  }
}

TEST_F(SubLstmLimits, WhatForgetsAtOnceHasNoMemory) {
  std::vector<double> outputs;
  const std::vector<double> cells =
      Cells("{type: fix_sublstm, units: 1}", {-0.4, 0.2, 1.1}, -0.3, &outputs);
  for (const double h : outputs) {
    EXPECT_NEAR(h, Sigma(Sigma(1.1) - Sigma(-0.4)) - Sigma(0.2), 1e-15);
  }
}

TEST(ForgetBiasTest, ShiftsWhatIsDrawnForTheForgetGatesAlone) {
  for (const auto& [type, gate] :
       {std::pair<const char*, int64_t>{"lstm", 1}, {"sublstm", 3}}) {
    const TrainedNetwork<double> network(
        Tree(std::string("{type: ") + type + ", units: 7, forget_bias: 2}",
             Kind::kTrainedNetwork, "network"),
        {1, 1, 1}, 1);
    const ParameterMatrix* bias = network.layout().Find("bias");
    ASSERT_EQ(bias->shifts.size(), 1u);
    EXPECT_EQ(bias->shifts[0].begin, 7 * gate);
    EXPECT_EQ(bias->shifts[0].end, 7 * gate + 7);
    EXPECT_EQ(bias->shifts[0].by, 2);
  }
}

}  // namespace
}  // namespace engram
