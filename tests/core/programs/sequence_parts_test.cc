// Parts of sequence_learning, and tasks of several sequences in it.

#include "core/programs/sequence_parts.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "absl/strings/str_cat.h"
#include "core/spec/experiment.h"
#include "tests/core/analyses/pair_task.h"
#include "tests/support/experiment_tree.h"

namespace engram {
namespace {

Component Learning(const std::string& more) {
  return Tree(
      absl::StrCat("{type: sequence_learning, repetitions: 3, test_every: 0, "
                   "rule: {type: stdp_rate}, analyses: [{type: recall}, "
                   "{type: branching}, {type: weight_structure}]",
                   more, "}"));
}

Component Matching(const std::string& type) {
  return Tree("{type: " + type + "}", Kind::kGainMatching,
              "experiment.gain_matching");
}

TEST(SequencePartsTest, NormAndStrongestBlockAgreeOnEqualBlocks) {
  const PairTask task(3, 5);
  Array<double> dw(6, 6);
  for (int64_t k = 0; k < 3; ++k) {
    for (int64_t i = 2 * k; i < 2 * k + 2; ++i) {
      for (int64_t j = 2 * k; j < 2 * k + 2; ++j) dw(i, j) = 0.25;
    }
  }
  const Component norm = Matching("match_norm");
  const Component block = Matching("match_strongest_block");
  const Component none = Matching("no_matching");
  // A block of 0.25 and two units drives an item by 0.5.
  EXPECT_DOUBLE_EQ(RecallScale(&block, 2, dw, task), 4);
  EXPECT_DOUBLE_EQ(RecallScale(nullptr, 2, dw, task), 4);
  EXPECT_DOUBLE_EQ(RecallScale(&norm, 2, dw, task), 4);
  EXPECT_EQ(RecallScale(&none, 2, dw, task), 2);
  dw.Fill(0);
  EXPECT_EQ(RecallScale(&norm, 2, dw, task), 0);
  EXPECT_EQ(RecallScale(&block, 2, dw, task), 0);
}

TEST(SequencePartsTest, EmptySlotsAreTheFormerProgram) {
  const auto plain = RunTree(Learning(""));
  const auto named =
      RunTree(Learning(", gain_matching: {type: match_strongest_block}, "
                       "feedback: {type: open_loop}"));
  EXPECT_EQ(plain->result_hash, named->result_hash);
  const std::string json = CanonicalJson(Learning(""), 1);
  EXPECT_EQ(json.find("gain_matching"), std::string::npos);
  EXPECT_EQ(json.find("feedback"), std::string::npos);
}

// In a closed loop what was learned drives the units that follow, early: the
// same trials leave other weights, and with scale 0 the very same.
TEST(SequencePartsTest, AClosedLoopActsBackOnTraining) {
  const auto open = RunTree(Learning(""));
  const auto closed =
      RunTree(Learning(", feedback: {type: closed_loop, scale: 50}"));
  const auto without =
      RunTree(Learning(", feedback: {type: closed_loop, scale: 0}"));
  EXPECT_EQ(open->result_hash, without->result_hash);
  EXPECT_GT(
      std::abs((*closed)["largest_block_mean"] - (*open)["largest_block_mean"]),
      1e-6);
  EXPECT_EQ((*closed)["sequence_length"], 10);
}

// With all inputs the list of synapses is the matrix: the same weights.
TEST(SequencePartsTest, ASparseNetworkOfAllInputsLearnsAsTheFullOne) {
  const auto blocks = [](const std::string& network) {
    return RunTree(Learning(", network: {" + network +
                            ", units: 60, g_0: 0}, "
                            "task: {type: item_sequence, items: 6}"))
        ->record.arrays.at({"block_means", -1})
        .Doubles();
  };
  EXPECT_EQ(blocks("type: rate_rnn"),
            blocks("type: sparse_rate_rnn, in_degree: 59"));
}

TEST(SequencePartsTest, ASparseNetworkHasNoWeightsButOnItsInputs) {
  for (const char* feedback : {"open_loop", "closed_loop"}) {
    RecordPolicy policy;
    policy.snapshots = {{"rule.weights", {-1}},
                        {"network.initial_weights", {0}}};
    const auto run =
        RunTree(Learning(std::string(", feedback: {type: ") + feedback +
                         "}, network: {type: sparse_rate_rnn, in_degree: 40}"),
                1, policy);
    const auto w = run->record.arrays.at({"rule.weights", -1}).Doubles();
    const auto w0 =
        run->record.arrays.at({"network.initial_weights", 0}).Doubles();
    ASSERT_EQ(w.size(), 10000u);
    int64_t existing = 0;
    for (size_t i = 0; i < w.size(); ++i) {
      existing += w0[i] != 0;
      if (w0[i] == 0) {
        EXPECT_EQ(w[i], 0);
      }
    }
    EXPECT_EQ(existing, 4000);
    EXPECT_GE((*run)["sequence_length"], 5);
  }
}

TEST(SequencePartsTest, RefusesMoreInputsThanThereAreUnits) {
  Faults faults;
  ReadTree(
      "{type: sequence_learning, rule: {type: hebbian}, "
      "network: {type: sparse_rate_rnn, units: 100, in_degree: 100}}",
      Kind::kProgram, "experiment", faults);
  ASSERT_EQ(faults.size(), 1u);
  EXPECT_EQ(faults.front().path, "experiment.network.in_degree");
}

TEST(SequencePartsTest, ACueInTheMiddleRecallsTheRest) {
  const auto run =
      RunTree(Learning(", network: {type: rate_rnn, units: 200, g_0: 0}, "
                       "task: {type: coded_sequences, items: 6, cue_item: 3}"));
  EXPECT_EQ((*run)["sequence_length"], 4);
  EXPECT_GT((*run)["first_item_peak"], 0.9);
  EXPECT_TRUE(run->is_absent("branching_ratio"));
}

// After an item that two sequences share, what came before it is forgotten: the
// successors of both come alike.
TEST(SequencePartsTest, NoRuleHereTellsSharedItemsApart) {
  const auto run = RunTree(
      Learning(", network: {type: rate_rnn, units: 200, g_0: 0}, task: {type: "
               "coded_sequences, sequences: 2, items: 5, shared_item: 3}"));
  EXPECT_NEAR((*run)["branching_ratio"], 0.5, 0.1);
}

TEST(SequencePartsTest, NoiseAloneBeginsAFreeReplay) {
  const std::string task =
      "task: {type: coded_sequences, items: 5, cue_duration: 0}";
  const auto quiet = RunTree(
      Learning(", network: {type: rate_rnn, units: 150, g_0: 0}, " + task));
  EXPECT_EQ((*quiet)["sequence_length"], 0);
  const auto noisy = RunTree(Learning(
      ", network: {type: rate_rnn, units: 150, g_0: 0, sigma: 0.4}, " + task));
  EXPECT_GE((*noisy)["sequence_length"], 1);
  EXPECT_GE((*noisy)["items_recalled"], (*noisy)["sequence_length"]);
}

}  // namespace
}  // namespace engram
