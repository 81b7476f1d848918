// A pair of a learner and a network that does not fit is refused where the tree
// is read, with the reason and what would fit.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/support/experiment_tree.h"

namespace engram {
namespace {

using testing::AllOf;
using testing::HasSubstr;

std::string FaultOf(const std::string& network, const std::string& learner,
                    const std::string& more = "") {
  Faults faults;
  ReadTree(
      "{type: supervised_training, task: {type: delayed_recall}, "
      "network: " +
          network + ", learner: " + learner + more + "}",
      Kind::kProgram, "experiment", faults);
  EXPECT_LE(faults.size(), 1u);
  return faults.empty() ? "" : faults[0].Format("tree");
}

constexpr char kLstm[] = "{type: lstm, units: 6}";
constexpr char kFeedForward[] = "{type: feed_forward, units: 6}";
constexpr char kSpiking[] = "{type: recurrent_lif, units: 6}";

TEST(LearnerRefusalsTest, WhatFitsIsAccepted) {
  for (const char* network : {kLstm, kSpiking}) {
    for (const char* learner :
         {"{type: bptt}", "{type: truncated_bptt}", "{type: rtrl}"}) {
      EXPECT_EQ(FaultOf(network, learner), "") << network << learner;
    }
  }
  EXPECT_EQ(FaultOf(kFeedForward, "{type: bptt}"), "");
  EXPECT_EQ(FaultOf("{type: layer_stack, layers: [{type: feed_forward, units: "
                    "6}, {type: gru, units: 4}]}",
                    "{type: rtrl}"),
            "");
}

TEST(LearnerRefusalsTest, TimeNeedsMemory) {
  EXPECT_THAT(FaultOf(kFeedForward, "{type: truncated_bptt}"),
              AllOf(HasSubstr("experiment.learner"),
                    HasSubstr("truncated_bptt is about time, and feed_forward "
                              "has no memory of earlier steps; take bptt")));
  EXPECT_THAT(FaultOf(kFeedForward, "{type: rtrl}"),
              HasSubstr("rtrl is about time"));
}

TEST(LearnerRefusalsTest, AWindowHoldsTheStepsBetweenStarts) {
  EXPECT_THAT(FaultOf(kLstm, "{type: truncated_bptt, window: 10, every: 12}"),
              AllOf(HasSubstr("experiment.learner.every"),
                    HasSubstr("every = 12 is above window = 10"),
                    HasSubstr("make it at most 10")));
}

TEST(LearnerRefusalsTest, RtrlNeedsErrorsInTheirStep) {
  EXPECT_THAT(
      FaultOf(kSpiking, "{type: rtrl}", ", readout: {type: leaky_readout}"),
      AllOf(HasSubstr("experiment.learner"), HasSubstr("leaky_readout"),
            HasSubstr("take linear_readout, or bptt")));
  EXPECT_THAT(
      FaultOf(kSpiking, "{type: rtrl}", ", loss: [{type: spike_count_l2}]"),
      AllOf(HasSubstr("spike_count_l2 knows it at the end of a trial"),
            HasSubstr("take rate_penalty, or bptt")));
}

// State and outputs of a leaky layer of 100 units are 200 numbers a sample,
// each with a sensitivity to its parameters.
TEST(LearnerRefusalsTest, RtrlNeedsRoom) {
  EXPECT_THAT(
      FaultOf("{type: leaky_rnn, units: 100}", "{type: rtrl}", ", batch: 200"),
      AllOf(HasSubstr("rtrl would hold 16"),
            HasSubstr("a batch of 200), more than 1024 MB; take fewer units, "
                      "a smaller batch, or bptt")));
  EXPECT_EQ(
      FaultOf("{type: leaky_rnn, units: 100}", "{type: rtrl}", ", batch: 8"),
      "");
}

}  // namespace
}  // namespace engram
