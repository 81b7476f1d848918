// The state that a stream begins with, and goes on from.

#include <gtest/gtest.h>

#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "tests/support/experiment_tree.h"

namespace engram {
namespace {

constexpr int kUnits = 5;
constexpr int kStreams = 6;

// A unit whose time constant is 1e6 and which weighs nothing keeps its state
// for the ten steps of a batch but for a factor (1 - 1e-6)^10, so that what is
// carried is what it began with, to 1e-5 of it and ten roundings of the factor
// and of the state, each 6e-8 at most: 1.2e-5.
class StreamStateTest : public testing::Test {
 protected:
  std::unique_ptr<Execution> Make(const std::string& initial_state) {
    const std::string nothing = ", distribution: 0}";
    const char* none = "{type: initial_weights, of: ";
    return *Execution::Make(
        Tree("{type: supervised_training, batch: 6, epochs: 2, updates: 2, "
             "test_batches: 2, optimizer: {type: sgd, rate: 0}, task: {type: "
             "grammar, streams: 6, steps: 10, test_words: 200}, network: "
             "{type: leaky_rnn, units: 5, tau_low: 1e6, tau_high: 1e6, "
             "initial_state: " +
             initial_state + "}, initial: [" + none + "input_weights" +
             nothing + ", " + none + "input_bias" + nothing + ", " + none +
             "bias" + nothing + ", " + none + "recurrent_weights" + nothing +
             "]}"),
        1, {}, {parallel_, inputs_});
  }
  void Advance(Execution& execution, int64_t ticks) {
    MemoryRecorder record;
    ASSERT_TRUE(execution.Advance(ticks, record, {}).ok());
  }
  static std::vector<float> StateOf(Execution& execution,
                                    const std::string& part) {
    for (const Execution::NamedArray& array : execution.StateArrays()) {
      if (array.path != "network." + part + "_state") continue;
      const auto* values =
          reinterpret_cast<const float*>(array.array.bytes.data());
      return {values, values + kUnits * kStreams};
    }
    ADD_FAILURE() << "no state of " << part;
    return {};
  }
  static void ExpectNear(const std::vector<float>& a,
                         const std::vector<float>& b) {
    for (size_t i = 0; i < a.size(); ++i)
      EXPECT_NEAR(a[i], b[i], 1.2e-5 * b[i]);
  }

  const ScopedNumericEnvironment environment_;
  Parallel parallel_{2};
  const NoInputs inputs_;
};

TEST_F(StreamStateTest, IsDrawnWhereAnEpochBeginsAndCarriedFromThere) {
  const auto execution = Make("0.5");
  Advance(*execution, 1);
  const std::vector<float> first = StateOf(*execution, "training");
  // Each of its own, uniform between 0 and 0.5: thirty draws are not all on
  // one side of a quarter but with a chance of 2e-9.
  int below = 0;
  for (size_t i = 0; i < first.size(); ++i) {
    EXPECT_GT(first[i], 0);
    EXPECT_LT(first[i], 0.5f);
    below += first[i] < 0.25f ? 1 : 0;
    for (size_t k = 0; k < i; ++k) EXPECT_NE(first[i], first[k]);
  }
  EXPECT_GT(below, 0);
  EXPECT_LT(below, kUnits * kStreams);

  Advance(*execution, 1);
  ExpectNear(StateOf(*execution, "training"), first);
  Advance(*execution, 2);  // a test has streams of its own
  ExpectNear(StateOf(*execution, "training"), first);
  const std::vector<float> test = StateOf(*execution, "test");
  EXPECT_NE(test, first);
  EXPECT_GT(test[0], 0);
  Advance(*execution, 1);  // the next epoch
  const std::vector<float> second = StateOf(*execution, "training");
  for (size_t i = 0; i < first.size(); ++i) {
    EXPECT_GT(std::abs(second[i] - first[i]), 1e-4);
  }
}

TEST_F(StreamStateTest, IsNothingWithoutAnInitialState) {
  const auto execution = Make("0");
  Advance(*execution, 2);
  for (const float x : StateOf(*execution, "training")) EXPECT_EQ(x, 0);
}

}  // namespace
}  // namespace engram
