#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/core/learners/learner_fixture.h"

namespace engram {
namespace {

std::vector<std::string> Networks() {
  std::vector<std::string> networks;
  for (const LayerRow& row : LayerRows()) {
    if (row.takes == LayerInputs::kSymbols) continue;
    networks.push_back("{type: " + row.spec.type + ", units: 4}");
    networks.push_back("{type: " + row.spec.type + ", units: 3, layers: 2}");
  }
  for (const char* more :
       {"{type: leaky_rnn, units: 4, leak: outside}",
        "{type: leaky_rnn, units: 4, continuous: true, tau_low: 0.1, tau_high: "
        "1.2}",
        "{type: vanilla_rnn, units: 4, initial_state: 0.5}",
        "{type: recurrent_lif, units: 5, relaxed: true, kappa: 2}",
        "{type: recurrent_lif, units: 10, inhibitory_inputs: 0.4, "
        "inhibitory_units: 0.2, current: present, weight_scale: 3}",
        "{type: layer_stack, layers: [{type: feed_forward, units: 4}, {type: "
        "lstm, units: 3}, {type: gru, units: 3}, {type: leaky_rnn, units: "
        "2}]}"}) {
    networks.emplace_back(more);
  }
  return networks;
}

class RtrlTest : public testing::TestWithParam<std::string> {
 protected:
  // Both are exact, so they differ by rounding alone: some hundred sums of
  // numbers of a relative 1e-16 each.
  static void ExpectBptt(SmallNetwork<double>& small) {
    const Array<double> back = DirectionOf("{type: bptt}", small);
    const double loss = small.LossNow();
    const Array<double> forward = DirectionOf("{type: rtrl}", small);
    EXPECT_NEAR(small.LossNow(), loss, 1e-13);
    const double norm = LargestOf(back);
    ASSERT_GT(norm, 1e-4);
    for (size_t i = 0; i < back.size(); ++i) {
      const auto at = static_cast<int64_t>(i);
      EXPECT_NEAR(forward[at], back[at], 1e-10 * norm) << at;
    }
  }

  const ScopedNumericEnvironment environment_;
};

TEST_P(RtrlTest, IsBpttForwardInTime) {
  SmallNetwork<double> small(GetParam(), true, 2, 2 * kStepsPerStretch + 3, 3);
  ExpectBptt(small);
}

TEST_P(RtrlTest, FollowsAnswersAtTheEndAndActivity) {
  SmallNetwork<double> small(GetParam(), false, 2, 21, 18, 1,
                             "{type: rate_penalty, weight: 0.7}");
  ExpectBptt(small);
}

INSTANTIATE_TEST_SUITE_P(Networks, RtrlTest, testing::ValuesIn(Networks()),
                         [](const auto& of) {
                           std::string name;
                           for (const char c : of.param) {
                             if (std::isalnum(static_cast<unsigned char>(c))) {
                               name += c;
                             }
                           }
                           return name;
                         });

// Forward in time: with one scored step it holds as much of a short trial as
// of a long one.
TEST(RtrlBytesTest, HoldsNoHistory) {
  const ScopedNumericEnvironment environment;
  const auto bytes = [](int64_t steps) {
    SmallNetwork<double> small("{type: lstm, units: 3, layers: 2}", true, 2,
                               steps, steps - 1);
    DirectionOf("{type: rtrl}", small);
    return small.pass.bytes();
  };
  EXPECT_EQ(bytes(32), bytes(320));
}

}  // namespace
}  // namespace engram
