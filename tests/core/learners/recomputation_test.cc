// Going through a segment again gives the same bits as having kept it, and a
// pass holds no more than a segment and the states before the others.

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
    networks.push_back("{type: " + row.spec.type + ", units: 5, layers: 2}");
  }
  networks.push_back(
      "{type: recurrent_lif, units: 10, inhibitory_inputs: 0.4, "
      "inhibitory_units: 0.2, current: present, weight_scale: 3}");
  return networks;
}

template <class Real>
void ExpectSameBits(const std::string& network, bool has_classes,
                    const std::string& penalty) {
  for (const int64_t steps : {int64_t{16}, int64_t{50}, int64_t{64}}) {
    SmallNetwork<Real> small(network, has_classes, 3, steps, 5,
                             has_classes ? 2 : 1, penalty);
    const Array<Real> kept = DirectionOf("{type: bptt}", small);
    const double loss = small.LossNow();
    ASSERT_GT(LargestOf(kept), 0);
    for (const char* every : {"1", "16", "32", "40", "1000"}) {
      const Array<Real> again = DirectionOf(
          std::string("{type: bptt, recompute_every: ") + every + "}", small);
      for (size_t i = 0; i < kept.size(); ++i) {
        const auto at = static_cast<int64_t>(i);
        ASSERT_EQ(again[at], kept[at]) << every << " of " << steps;
      }
      EXPECT_EQ(small.LossNow(), loss);
    }
  }
}

class RecomputationTest : public testing::TestWithParam<std::string> {
 protected:
  const ScopedNumericEnvironment environment_;
};

TEST_P(RecomputationTest, ChangesNoBit) {
  ExpectSameBits<double>(GetParam(), true, "");
  ExpectSameBits<float>(GetParam(), true, "{type: rate_penalty, weight: 0.7}");
}

TEST_P(RecomputationTest, ChangesNoBitOfCountsAndNumbers) {
  ExpectSameBits<float>(GetParam(), false,
                        "{type: spike_count_l2, weight: 0.7}");
}

// A stream goes on from the last state, whatever was gone through since.
TEST_P(RecomputationTest, LeavesTheLastState) {
  SmallNetwork<float> small(GetParam(), true, 2, 50, 5);
  const auto state = [&](const std::string& learner) {
    DirectionOf(learner, small);
    std::vector<float> values(
        static_cast<size_t>(small.network.state_size() * 2));
    small.network.SaveState(small.pass, values.data());
    return values;
  };
  EXPECT_EQ(state("{type: bptt, recompute_every: 16}"), state("{type: bptt}"));
}

INSTANTIATE_TEST_SUITE_P(Networks, RecomputationTest,
                         testing::ValuesIn(Networks()), [](const auto& of) {
                           std::string name;
                           for (const char c : of.param) {
                             if (std::isalnum(static_cast<unsigned char>(c))) {
                               name += c;
                             }
                           }
                           return name;
                         });

// Bytes of a pass over one scored step, in single precision.
int64_t BytesOf(const std::string& network, int64_t steps,
                int64_t recompute_every) {
  SmallNetwork<float> small(network, true, 4, steps, steps - 1);
  small.pass.plan = PassPlan::Every(recompute_every);
  small.Begin();
  return small.pass.bytes();
}

// Of each further step a leaky layer keeps its output, and a gated one its
// cell and four gates beside: 4 samples of 32 units, 4 bytes a number.
TEST(PassBytesTest, AStepKeepsWhatItsWayBackNeeds) {
  constexpr int64_t kArray = 4 * 32 * 4;
  for (const auto& [type, arrays] :
       {std::pair<const char*, int64_t>{"leaky_rnn", 1},
        {"vanilla_rnn", 1},
        {"gru", 5},
        {"lstm", 6},
        {"sublstm", 6},
        {"fix_sublstm", 5}}) {
    const std::string network = std::string("{type: ") + type + ", units: 32}";
    EXPECT_EQ(BytesOf(network, 512, 0) - BytesOf(network, 256, 0),
              256 * arrays * kArray)
        << type;
  }
}

// With recomputation of each further segment only the state before it is kept.
TEST(PassBytesTest, ASegmentKeepsTheStateBeforeIt) {
  constexpr int64_t kArray = 4 * 32 * 4;
  for (const auto& [type, states] :
       {std::pair<const char*, int64_t>{"leaky_rnn", 1},
        {"gru", 1},
        {"lstm", 2},
        {"fix_sublstm", 2}}) {
    const std::string network = std::string("{type: ") + type + ", units: 32}";
    EXPECT_EQ(BytesOf(network, 1024, 64) - BytesOf(network, 512, 64),
              512 / 64 * states * kArray)
        << type;
    // And of those 64 steps what a step keeps.
    EXPECT_EQ(BytesOf(network, 64, 64),
              BytesOf(network, 64, 0) + 2 * states * kArray)
        << type;
  }
}

}  // namespace
}  // namespace engram
