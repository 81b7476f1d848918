// The way back through steps whose outputs nothing looks at has no errors to
// add there: it leaves them out, and gives what adding zeros gives.

#include <gtest/gtest.h>

#include <string>

#include "tests/core/learners/learner_fixture.h"

namespace engram {
namespace {

class SilentStepsTest : public testing::TestWithParam<std::string> {
 protected:
  // Answers at the last of 50 steps, so that whole stretches are silent.
  static Array<double> Direction(const std::string& penalty) {
    SmallNetwork<double> small(GetParam(), true, 3, 50, 49, 2, penalty);
    return DirectionOf("{type: bptt}", small);
  }
  const ScopedNumericEnvironment environment_;
};

TEST_P(SilentStepsTest, GiveWhatZeroErrorsGive) {
  const Array<double> left_out = Direction("");
  // Reads the activity of each step, so that its errors are filled in; beside
  // errors of the task this size vanishes in rounding.
  const Array<double> added = Direction("{type: rate_penalty, weight: 1e-200}");
  ASSERT_GT(LargestOf(left_out), 1e-6);
  for (int64_t i = 0; i < left_out.rows(); ++i) {
    ASSERT_NEAR(left_out[i], added[i], 1e-15 * LargestOf(left_out)) << i;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Networks, SilentStepsTest,
    testing::Values(
        "{type: leaky_rnn, units: 5}", "{type: vanilla_rnn, units: 5}",
        "{type: gru, units: 4}", "{type: lstm, units: 4}",
        "{type: sublstm, units: 4}",
        "{type: recurrent_lif, units: 8, weight_scale: 3}",
        "{type: layer_stack, layers: [{type: leaky_rnn, units: 4}, {type: "
        "feed_forward, units: 3}]}",
        "{type: layer_stack, layers: [{type: feed_forward, units: 3}, {type: "
        "gru, units: 4}]}"));

}  // namespace
}  // namespace engram
