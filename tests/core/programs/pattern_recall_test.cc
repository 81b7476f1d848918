#include "core/programs/pattern_recall.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/support/experiment_tree.h"

namespace engram {
namespace {

using testing::HasSubstr;

Component Recall(const std::string& network, const std::string& more = "") {
  return Tree(absl::StrCat("{type: pattern_recall", more,
                           ", network: {type: pattern_network", network, "}}"));
}

std::vector<double> PointsOf(const FinishedRun& run, const std::string& name) {
  std::vector<double> points;
  for (const auto& [x, value] : run.record.series.at(name).points) {
    points.push_back(value.value());
  }
  return points;
}

// Peaks of the published procedure: 16 patterns, strength 1, gain_width 0.5.
TEST(PatternRecallTest, TheMeanFieldPeaksAsPublished) {
  const auto run =
      RunTree(Recall(", units: 200",
                     ", expected_items: [2, 5, 9, 13], "
                     "expected_peaks: [0.356, 0.274, 0.258, 0.246], "
                     "expected_peak_times: [11.5, 40.5, 77.5, 117.5]"));
  EXPECT_LE((*run)["peak_error"], 0.0005);
  EXPECT_LE((*run)["peak_time_error"], 1e-9);
  // A separate implementation in NumPy, to all digits.
  const std::vector<double> peaks = PointsOf(*run, "mean_field_peak");
  EXPECT_NEAR(peaks[1], 0.3558997562317654, 1e-13);
  EXPECT_NEAR(peaks[12], 0.24587051764524762, 1e-13);
}

// Over 200 networks of 4000 units the deviation is 0.021 on average with a
// standard deviation of 0.009, so that of four lies below 0.043.
TEST(PatternRecallTest, OverlapsOfALargeNetworkFollowTheMeanField) {
  double sum = 0;
  for (uint64_t seed = 1; seed <= 4; ++seed) {
    const auto run = RunTree(Recall(", units: 4000"), seed);
    sum += (*run)["rms_deviation"];
    EXPECT_EQ((*run)["sequence_length"], 16);
  }
  EXPECT_LT(sum / 4, 0.021 + 5 * 0.009 / 2);
}

// Noise widens the argument of the gain function, which the mean field says
// exactly: the first peak falls with it, in both.
TEST(PatternRecallTest, NoiseLowersThePeaksAsTheMeanFieldSays) {
  const auto quiet = RunTree(Recall(", units: 4000"));
  const auto noisy = RunTree(Recall(", units: 4000, sigma: 0.5"));
  EXPECT_LT(PointsOf(*noisy, "mean_field_peak")[1],
            0.95 * PointsOf(*quiet, "mean_field_peak")[1]);
  EXPECT_LT((*noisy)["rms_deviation"], 0.021 + 5 * 0.009);
}

// With K inputs the weights add a noise of their own, which falls with K: the
// same patterns, seen through fewer weights.
TEST(PatternRecallTest, SparseConnectivityTendsToTheFullOneAsItGrows) {
  const auto overlaps = [](int in_degree) {
    const std::string network =
        absl::StrCat(", units: 1500, patterns: 6, in_degree: ", in_degree);
    return RunTree(Recall(network, ", duration: 60 ms"))
        ->record.arrays.at({"overlaps", -1})
        .Doubles();
  };
  const std::vector<double> full = overlaps(0);
  const auto distance = [&](int in_degree) {
    const std::vector<double> sparse = overlaps(in_degree);
    double squares = 0;
    for (size_t i = 0; i < full.size(); ++i) {
      squares += (sparse[i] - full[i]) * (sparse[i] - full[i]);
    }
    return std::sqrt(squares / static_cast<double>(full.size()));
  };
  const double few = distance(10), many = distance(1000);
  EXPECT_LT(many, few / 4);
  EXPECT_LT(many, 0.01);
}

TEST(PatternRecallTest, WithoutPublishedPeaksThereIsNothingToCompare) {
  const auto run = RunTree(Recall(", units: 20, patterns: 2", ", duration: 5"));
  EXPECT_TRUE(run->is_absent("peak_error"));
  EXPECT_TRUE(run->is_absent("peak_time_error"));
}

std::vector<Fault> FaultsOf(const std::string& yaml) {
  Faults faults;
  ReadTree(yaml, Kind::kProgram, "experiment", faults);
  return {faults.begin(), faults.end()};
}

TEST(PatternRecallTest, RefusesListsThatDoNotFit) {
  const auto short_list = FaultsOf(
      "{type: pattern_recall, expected_items: [2, 3], "
      "expected_peaks: [0.3], expected_peak_times: [1, 2]}");
  ASSERT_EQ(short_list.size(), 1u);
  EXPECT_EQ(short_list[0].path, "experiment.expected_peaks");
  const auto no_item = FaultsOf(
      "{type: pattern_recall, expected_items: [17], "
      "expected_peaks: [0.3], expected_peak_times: [1]}");
  ASSERT_EQ(no_item.size(), 1u);
  EXPECT_THAT(no_item[0].message, HasSubstr("17 of 16"));
}

TEST(PatternRecallTest, ProgramsTakeTheNetworksThatTheyCanRun) {
  const auto here =
      FaultsOf("{type: pattern_recall, network: {type: rate_rnn}}");
  ASSERT_EQ(here.size(), 1u);
  EXPECT_EQ(here[0].path, "experiment.network.type");
  EXPECT_THAT(here[0].message, HasSubstr("it takes pattern_network"));
  const auto there = FaultsOf(
      "{type: sequence_learning, rule: {type: hebbian}, "
      "network: {type: pattern_network}}");
  ASSERT_GE(there.size(), 1u);
  EXPECT_EQ(there[0].path, "experiment.network.type");
  EXPECT_THAT(there[0].message, HasSubstr("rate_rnn"));
}

}  // namespace
}  // namespace engram
