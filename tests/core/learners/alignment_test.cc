#include "core/training/alignment.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <string>
#include <vector>

#include "tests/core/learners/learner_fixture.h"

namespace engram {
namespace {

constexpr double kDegree = std::numbers::pi / 180;

TEST(AngleBetweenTest, IsTheAngleOfUnitVectors) {
  EXPECT_EQ(AngleBetween(0, 4), 0);
  for (const double angle : {1e-9, 0.01, 1.0, 45.0, 60.0, 90.0, 135.0, 180.0}) {
    const double s = 2 * std::sin(angle * kDegree / 2);
    const double c = 2 * std::cos(angle * kDegree / 2);
    EXPECT_NEAR(AngleBetween(s * s, c * c), angle, 1e-13 * angle);
  }
}

std::string Training(const std::string& learner, const std::string& network,
                     const std::string& more) {
  return "{type: supervised_training, batch: 40, epochs: 2, updates: 5, "
         "test_batches: 1, task: {type: delayed_recall, delay: 12}, network: " +
         network + ", learner: " + learner + more + "}";
}

using Points = std::vector<std::pair<double, Measured>>;

TEST(AlignmentTest, BpttLiesOnTheExactGradient) {
  for (const char* learner :
       {"{type: bptt}", "{type: bptt, recompute_every: 16}",
        "{type: truncated_bptt, window: 100}"}) {
    for (const char* precision : {"single", "double"}) {
      const auto run = RunTree(
          Tree(Training(
              learner, "{type: lstm, units: 6, layers: 2}",
              std::string(", alignment_every: 2, precision: ") + precision)),
          1, {}, 2);
      for (const char* of :
           {"", ".layer_2.recurrent_weights", ".readout_bias"}) {
        const auto& angle =
            run->record.series.at(std::string("alignment.angle") + of).points;
        const auto& ratio =
            run->record.series.at(std::string("alignment.norm_ratio") + of)
                .points;
        ASSERT_EQ(angle.size(), 5u);
        for (size_t k = 0; k < angle.size(); ++k) {
          EXPECT_EQ(angle[k].first, 2 * (static_cast<double>(k) + 1));
          EXPECT_EQ(angle[k].second.value(), 0);
          EXPECT_EQ(ratio[k].second.value(), 1);
        }
      }
    }
  }
}

// Forward in time the same gradient comes with other rounding: in double that
// is some 1e-14 of its length.
TEST(AlignmentTest, RtrlLiesOnItButForRounding) {
  const auto run =
      RunTree(Tree(Training("{type: rtrl}", "{type: gru, units: 3}",
                            ", alignment_every: 1, precision: double")));
  for (const auto& [update, angle] :
       run->record.series.at("alignment.angle").points) {
    EXPECT_LT(angle.value(), 1e-10) << update;
  }
  for (const auto& [update, ratio] :
       run->record.series.at("alignment.norm_ratio").points) {
    EXPECT_NEAR(ratio.value(), 1, 1e-12) << update;
  }
}

TEST(AlignmentTest, ChangesNoBitOfTheTraining) {
  for (const char* task :
       {"{type: delayed_recall, delay: 12}", "{type: grammar, streams: 40}"}) {
    const auto tree = [&](const char* more) {
      return Tree(std::string("{type: supervised_training, batch: 40, epochs: "
                              "1, updates: 4, test_batches: 1, network: {type: "
                              "leaky_rnn, units: 6}, learner: {type: "
                              "truncated_bptt, window: 4, every: 3}, task: ") +
                  task + more + "}");
    };
    const auto plain = RunTree(tree(""));
    const auto aligned = RunTree(tree(", alignment_every: 1"));
    EXPECT_EQ(aligned->result_hash, plain->result_hash);
    EXPECT_EQ(aligned->record.series.at("training_loss"),
              plain->record.series.at("training_loss"));
    EXPECT_FALSE(plain->record.series.contains("alignment.angle"));
    const auto& angle = aligned->record.series.at("alignment.angle").points;
    ASSERT_EQ(angle.size(), 4u);
    EXPECT_GT(angle[0].second.value(), 0.1);
  }
}

// One unit h = w h' + x with x = 1 at the first of T = 12 steps, read at the
// last as y = (h, 0) towards 0, so that L = h^2 / 2 and h = w^11. The exact
// gradient is h times
//
//   input    w^11                 recurrent (T - 1) w^10
//   bias     (1 - w^12) / (1 - w)
//
// and h in the first readout weight (times h) and bias. A window of 4 steps
// sees nothing of the input, 4 of the 11 equal terms of the recurrent weight
// and (1 - w^4) / (1 - w) of the bias; the readout is not cut.
TEST(AlignmentTest, OfATruncatedGradientIsAsDerived) {
  const ScopedNumericEnvironment environment;
  constexpr int64_t kSteps = 12;
  constexpr double w = 0.8;
  SmallNetwork<double> small(
      "{type: vanilla_rnn, units: 1, nonlinearity: relu}", false, 1, kSteps,
      kSteps - 1, 1);
  small.parameters.Fill(0);
  const auto set = [&](const char* name, double value) {
    small.parameters[small.network.layout().Find(name)->offset] = value;
  };
  set("recurrent_weights", w);
  set("input_weights", 1);
  set("readout_weights", 1);
  small.block.inputs.Fill(0);
  small.block.inputs[0] = 1;
  small.block.targets.Fill(0);
  const std::string learner = "{type: truncated_bptt, window: 4, every: 4}";
  const Array<double> direction = DirectionOf(learner, small);

  AlignmentProbe<double> probe(small.network, small.loss,
                               Tree(learner, Kind::kLearner, "learner"), 1);
  small.network.Resize(small.block, probe.pass(0));
  small.network.DrawState(small.block, probe.pass(0));
  probe.Learn(small.parameters.data(), small.block, 0);
  const std::vector<Alignment> found = probe.Compare(direction.data());

  const double h = std::pow(w, 11);
  const auto sum = [&](double n) { return (1 - std::pow(w, n)) / (1 - w); };
  const double exact[] = {h, 11 * std::pow(w, 10), sum(12), h, 1};
  const double cut[] = {0, 4 * std::pow(w, 10), sum(4), h, 1};
  double product = 0, of_exact = 0, of_cut = 0;
  for (int k = 0; k < 5; ++k) {
    product += exact[k] * cut[k];
    of_exact += exact[k] * exact[k];
    of_cut += cut[k] * cut[k];
  }
  EXPECT_EQ(found[0].of, "");
  EXPECT_NEAR(found[0].angle.value(),
              std::acos(product / std::sqrt(of_exact * of_cut)) / kDegree,
              1e-10);
  EXPECT_NEAR(found[0].norm_ratio.value(), std::sqrt(of_cut / of_exact), 1e-12);
  for (const Alignment& one : found) {
    if (one.of == "input_weights") {
      EXPECT_EQ(one.norm_ratio.value(), 0);
      EXPECT_EQ(one.angle.reason(), "the direction is 0");
    }
    if (one.of == "recurrent_weights") {
      EXPECT_NEAR(one.angle.value(), 0, 1e-10);
      EXPECT_NEAR(one.norm_ratio.value(), 4.0 / 11, 1e-12);
    }
    if (one.of == "bias") {
      EXPECT_NEAR(one.norm_ratio.value(), sum(4) / sum(12), 1e-12);
    }
  }
}

TEST(AlignmentTest, IsAbsentWhereTheGradientIsZero) {
  const ScopedNumericEnvironment environment;
  SmallNetwork<double> small("{type: vanilla_rnn, units: 2}", true, 1, 4, 3);
  AlignmentProbe<double> probe(small.network, small.loss,
                               Tree("{type: bptt}", Kind::kLearner, "learner"),
                               1);
  const Array<double> direction(small.network.layout().size());
  const std::vector<Alignment> found = probe.Compare(direction.data());
  EXPECT_EQ(found[0].angle.reason(), "the exact gradient is 0");
  EXPECT_EQ(found[0].norm_ratio.reason(), "the exact gradient is 0");
}

}  // namespace
}  // namespace engram
