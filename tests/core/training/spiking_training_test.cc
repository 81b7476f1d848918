// Spiking networks in supervised_training: what is refused, and that a run
// learns and tells how it is tuned.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <iterator>
#include <string>

#include "tests/support/experiment_tree.h"

namespace engram {
namespace {

using testing::HasSubstr;

std::string FirstFault(const std::string& yaml) {
  Faults faults;
  ReadTree(yaml, Kind::kProgram, "experiment", faults);
  return faults.empty() ? "" : faults[0].Format("tree");
}

std::string Selective(const std::string& network, const std::string& more) {
  return "{type: supervised_training, batch: 32, epochs: 1, updates: 60, "
         "test_batches: 4, network: " +
         network +
         ", task: {type: ei_selectivity}, optimizer: {type: adam, rate: "
         "0.02}, " +
         more + "}";
}

constexpr char kUnit[] =
    "{type: feedforward_lif, units: 1, current: present, inhibitory_inputs: "
    "0.5, tau_mem: 20 ms, kappa: 10}";

TEST(SpikingTrainingTest, RefusesAReadoutThatDoesNotFitTheUnits) {
  EXPECT_THAT(FirstFault(Selective("{type: feedforward_lif, units: 5}",
                                   "readout: {type: spike_count_readout}")),
              HasSubstr("the last layer has 5 units for 2 classes"));
}

TEST(SpikingTrainingTest, TellsNetworksAndReadoutsApart) {
  EXPECT_THAT(FirstFault(Selective(kUnit, "readout: {type: recurrent_lif}")),
              HasSubstr("recurrent_lif is a network, not a readout"));
  EXPECT_THAT(FirstFault(Selective("{type: leaky_readout}", "patience: 0")),
              HasSubstr("leaky_readout is a readout; move it"));
}

TEST(SpikingTrainingTest, RefusesARelaxedUnitOfAnotherSurrogate) {
  EXPECT_THAT(FirstFault(Selective(
                  "{type: recurrent_lif, surrogate: triangle, relaxed: true}",
                  "readout: {type: leaky_readout}")),
              HasSubstr("the fast sigmoid alone"));
}

TEST(SpikingTrainingTest, RefusesToTuneWhatHasNoChannels) {
  EXPECT_THAT(FirstFault("{type: supervised_training, network: {type: "
                         "feedforward_lif, units: 1}, task: {type: adding}, "
                         "analyses: [{type: ei_tuning}]}"),
              HasSubstr("adding has none"));
  EXPECT_THAT(FirstFault(Selective("{type: recurrent_lif, units: 3}",
                                   "analyses: [{type: ei_tuning}]")),
              HasSubstr("inhibitory_inputs: 0.5"));
}

// Sixty updates are enough to tell the stimuli apart; inhibition is then
// already stronger where the unit should be silent.
TEST(SpikingTrainingTest, AUnitLearnsToAnswerHalfOfTheStimuli) {
  const auto run = RunTree(Tree(Selective(
      kUnit,
      "readout: {type: spike_count_readout}, "
      "initial: [{type: initial_weights, of: input_weights, distribution: "
      "{type: uniform, low: 0.075, high: 0.225}}, {type: initial_weights, of: "
      "inhibitory_input_weights, distribution: {type: uniform, low: 0.01, "
      "high: 0.03}}], constraints: [{type: weight_clip, of: input_weights, "
      "low: 0, high: 10}, {type: weight_clip, of: inhibitory_input_weights, "
      "low: 0, high: 10}], analyses: [{type: ei_tuning, trials: 128}]")));
  EXPECT_GT((*run)["accuracy"], 0.9);
  EXPECT_LT((*run)["co_tuning"], -0.5);
  EXPECT_LT((*run)["balance_preferred"], (*run)["balance_all"]);
  EXPECT_GT((*run)["selectivity"], 2);
}

// The losses of an independent PyTorch script, which was given this task's
// patterns and this network's first weights and trains in double precision: its
// own time loop, the surrogate as an autograd function, torch's cross-entropy
// and Adam. Both courses agree to 1e-15 for 67 updates; weights part by
// rounding that grows by half in every update, until a spike is another.
TEST(SpikingTrainingTest, FollowsTheCourseOfAnotherImplementation) {
  const auto run = RunTree(Tree(
      "{type: supervised_training, precision: double, batch: 256, epochs: 10, "
      "updates: 1, test_batches: 1, network: {type: feedforward_lif, units: 4, "
      "tau_mem: 10 ms, tau_syn: 5 ms, kappa: 100}, readout: {type: "
      "leaky_readout, tau_mem: 10 ms, tau_syn: 5 ms}, task: {type: "
      "random_patterns}, optimizer: {type: adam, rate: 0.002}, initial: "
      "[{type: initial_weights, of: input_weights, scale: fan_in, "
      "distribution: {type: normal, mean: 0, sd: 0.66614}}, {type: "
      "initial_weights, of: readout_weights, scale: fan_in, distribution: "
      "{type: normal, mean: 0, sd: 0.66614}}]}"));
  const double losses[] = {0.690941335272, 0.690822972011, 0.690495111019,
                           0.689132992469, 0.687758158061, 0.685934485993,
                           0.684306258166, 0.683003363450, 0.681888991889,
                           0.680767162785};
  const auto& points = run->record.series.at("test_loss").points;
  ASSERT_EQ(points.size(), std::size(losses));
  for (size_t k = 0; k < points.size(); ++k) {
    EXPECT_NEAR(points[k].second.value(), losses[k], 1e-9) << "update " << k;
  }
  EXPECT_EQ((*run)["accuracy"], 147.0 / 256);
}

// Two blocks of samples, excitatory and inhibitory units, a count in the loss.
TEST(SpikingTrainingTest, BitsDoNotDependOnThreads) {
  const Component tree = Tree(
      "{type: supervised_training, batch: 50, epochs: 1, updates: 4, "
      "test_batches: 1, network: {type: recurrent_lif, units: 20, "
      "inhibitory_inputs: 0.5, inhibitory_units: 0.2, kappa: 10}, readout: "
      "{type: leaky_readout}, task: {type: novelty_selectivity, channels: "
      "4, steps: 60}, loss: [{type: spike_count_l2}]}");
  EXPECT_EQ(RunTree(tree)->result_hash, RunTree(tree, 1, {}, 2)->result_hash);
}

}  // namespace
}  // namespace engram
