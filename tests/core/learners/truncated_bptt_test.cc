#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/core/learners/learner_fixture.h"

namespace engram {
namespace {

std::string Truncated(int64_t window, int64_t every,
                      const std::string& more = "") {
  return absl::StrCat("{type: truncated_bptt, window: ", window,
                      ", every: ", every, more, "}");
}

std::string NameOf(const testing::TestParamInfo<std::string>& of) {
  std::string name;
  for (const char c : of.param) {
    if (std::isalnum(static_cast<unsigned char>(c))) name += c;
  }
  return name;
}

std::vector<std::string> Networks() {
  return {"{type: leaky_rnn, units: 4}",
          "{type: vanilla_rnn, units: 4, initial_state: 0.5}",
          "{type: gru, units: 3}",
          "{type: lstm, units: 3}",
          "{type: sublstm, units: 3}",
          "{type: fix_sublstm, units: 3}",
          "{type: recurrent_lif, units: 4, relaxed: true, kappa: 2}",
          "{type: layer_stack, layers: [{type: leaky_rnn, units: 3}, {type: "
          "lstm, units: 2}]}"};
}

class TruncatedBpttTest : public testing::TestWithParam<std::string> {
 protected:
  // What the objective of one start is: errors of steps [errors_from, end),
  // from the state that the present parameters give before step `until`.
  struct Start {
    std::vector<double> state;
    TrainingBlock<double> piece;
  };
  static std::vector<Start> StartsOf(SmallNetwork<double>& small,
                                     int64_t window, int64_t every) {
    std::vector<Start> starts;
    for (int64_t before = 0; before < small.block.steps; before += every) {
      const int64_t end = std::min(before + every, small.block.steps);
      const int64_t until = std::max<int64_t>(0, end - window);
      if (end <= small.block.first_scored) continue;
      starts.push_back({StateBefore(small, until),
                        PieceOf(small.block, until, end, before)});
    }
    return starts;
  }
  static std::vector<double> StateBefore(SmallNetwork<double>& small,
                                         int64_t step) {
    std::vector<double> state(
        static_cast<size_t>(small.network.state_size() * small.block.samples));
    NetworkPass<double> pass;
    if (step == 0) {
      pass.plan = PassPlan::Every(16);
      small.network.Resize(small.block, pass);
      small.network.DrawState(small.block, pass);
      pass.last_state = 0;
      small.network.Forward(small.parameters.data(), small.block, pass);
      std::copy_n(pass.states.data(), state.size(), state.data());
      return state;
    }
    const TrainingBlock<double> head = PieceOf(small.block, 0, step, step);
    small.network.Resize(head, pass);
    small.network.DrawState(head, pass);
    small.network.Forward(small.parameters.data(), head, pass);
    small.network.SaveState(pass, state.data());
    return state;
  }
  static double ObjectiveOf(SmallNetwork<double>& small, const Start& start) {
    NetworkPass<double> pass;
    small.network.Resize(start.piece, pass);
    small.network.LoadState(start.state.data(), pass);
    return ForwardLoss(small.network, small.loss, small.parameters.data(),
                       start.piece, pass);
  }

  // Central differences of the sum over starts, each from its own state, which
  // is that of the undisturbed parameters. The tolerance is that of the exact
  // gradients' tests: what a step of cbrt(2e-16) leaves, with a margin.
  static void ExpectTruncated(SmallNetwork<double>& small, int64_t window,
                              int64_t every) {
    const Array<double> direction =
        DirectionOf(Truncated(window, every), small);
    const double norm = LargestOf(direction);
    ASSERT_GT(norm, 1e-3);
    const std::vector<Start> starts = StartsOf(small, window, every);
    constexpr double kStep = 6e-6;
    const auto sum = [&] {
      double value = 0;
      for (const Start& start : starts) value += ObjectiveOf(small, start);
      return value;
    };
    for (const ParameterMatrix& matrix : small.network.layout().matrices()) {
      for (int64_t i = 0; i < matrix.size(); ++i) {
        double& theta = small.parameters[matrix.offset + i];
        const double at = theta;
        theta = at + kStep;
        const double above = sum();
        theta = at - kStep;
        const double below = sum();
        theta = at;
        EXPECT_NEAR(direction[matrix.offset + i], (above - below) / (2 * kStep),
                    1e-6 * norm)
            << matrix.name << "[" << i << "]";
      }
    }
  }

  const ScopedNumericEnvironment environment_;
};

TEST_P(TruncatedBpttTest, IsTheDerivativeWithTheStateHeldAtTheCut) {
  SmallNetwork<double> small(GetParam(), true, 2, 13, 2);
  ExpectTruncated(small, 4, 3);
  ExpectTruncated(small, 5, 5);
  ExpectTruncated(small, 1, 1);
}

// Starts and cuts within stretches and beyond them, answers at the end alone.
TEST_P(TruncatedBpttTest, CutsWithinStretches) {
  SmallNetwork<double> small(GetParam(), true, 1, 2 * kStepsPerStretch + 5,
                             kStepsPerStretch + 9);
  ExpectTruncated(small, 19, 7);
}

// An input that is there at the first step alone, and an error at the last:
// its weights get nothing, to the bit, from a window one step too short.
TEST_P(TruncatedBpttTest, NoErrorReachesACauseBeyondTheWindow) {
  constexpr int64_t kSteps = 13;
  SmallNetwork<double> small(GetParam(), true, 2, kSteps, kSteps - 1);
  for (int64_t column = small.block.samples;
       column < kSteps * small.block.samples; ++column) {
    small.block.inputs(0, column) = 0;
  }
  const ParameterMatrix& weights = small.network.layout()[0];
  ASSERT_EQ(weights.cols, 3);  // of inputs
  const auto reached = [&](int64_t window) {
    const Array<double> direction = DirectionOf(Truncated(window, 1), small);
    int64_t count = 0;
    for (int64_t i = 0; i < weights.rows; ++i) {
      count += direction[weights.offset + i] != 0 ? 1 : 0;
    }
    EXPECT_GT(LargestOf(direction), 1e-3);
    return count;
  };
  for (const int64_t window : {int64_t{1}, int64_t{5}, kSteps - 1}) {
    EXPECT_EQ(reached(window), 0) << window;
  }
  EXPECT_GT(reached(kSteps), 0);
}

TEST_P(TruncatedBpttTest, AWindowOfTheWholeLengthIsBpttToTheBit) {
  for (const int64_t steps : {7, 16, 37}) {
    SmallNetwork<double> small(GetParam(), true, 3, steps, 3, 2,
                               "{type: rate_penalty, weight: 0.7}");
    const Array<double> exact = DirectionOf("{type: bptt}", small);
    for (const int64_t every : {int64_t{1}, int64_t{5}, steps}) {
      const Array<double> direction =
          DirectionOf(Truncated(steps, every), small);
      for (size_t i = 0; i < exact.size(); ++i) {
        const auto at = static_cast<int64_t>(i);
        ASSERT_EQ(direction[at], exact[at]) << at << " of " << steps;
      }
    }
  }
}

TEST_P(TruncatedBpttTest, RecomputationChangesNoBit) {
  SmallNetwork<double> small(GetParam(), true, 2, 75, 20);
  const Array<double> plain = DirectionOf(Truncated(21, 9), small);
  const Array<double> again =
      DirectionOf(Truncated(21, 9, ", recompute_every: 16"), small);
  for (size_t i = 0; i < plain.size(); ++i) {
    const auto at = static_cast<int64_t>(i);
    ASSERT_EQ(again[at], plain[at]);
  }
}

INSTANTIATE_TEST_SUITE_P(Networks, TruncatedBpttTest,
                         testing::ValuesIn(Networks()), NameOf);

// One linear unit, h = w h' + x, with x = 1 at the first step and 0 after it,
// and an error at the last of T steps: the exact gradient of h_T = w^(T-1) in w
// is (T - 1) w^(T-2); h steps back see the last min(h, T - 1) of these terms,
// which are equal.
TEST(TruncatedBpttLinearTest, SeesAsManyTermsAsItsWindowHas) {
  const ScopedNumericEnvironment environment;
  constexpr int64_t kSteps = 12;
  constexpr double kWeight = 0.8;
  SmallNetwork<double> small(
      "{type: vanilla_rnn, units: 1, nonlinearity: relu}", false, 1, kSteps,
      kSteps - 1, 1);
  small.parameters.Fill(0);
  const auto set = [&](const char* name, double value) {
    small.parameters[small.network.layout().Find(name)->offset] = value;
  };
  set("recurrent_weights", kWeight);
  set("input_weights", 1);
  set("readout_weights", 1);
  small.block.inputs.Fill(0);
  small.block.inputs[0] = 1;
  small.block.targets.Fill(0);
  const double h = std::pow(kWeight, kSteps - 1);
  // L = (h^2 + 0) / 2 of two outputs, so dL/dh = h.
  const int64_t at = small.network.layout().Find("recurrent_weights")->offset;
  for (const int64_t window : {1, 4, 11, 12}) {
    const double terms =
        static_cast<double>(std::min<int64_t>(window, kSteps - 1));
    EXPECT_NEAR(DirectionOf(Truncated(window, 1), small)[at],
                h * terms * std::pow(kWeight, kSteps - 2), 1e-15);
  }
}

}  // namespace
}  // namespace engram
