#include "core/programs/capacity_scan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "tests/support/experiment_tree.h"

namespace engram {
namespace {

using testing::HasSubstr;

Component Scan(const std::string& patterns, const std::string& network,
               const std::string& more = "") {
  return Tree(absl::StrCat(
      "{type: capacity_scan, storage: sequence, patterns: ", patterns,
      ", steps: 60, average_steps: 20, network: {type: binary_network", network,
      "}", more, "}"));
}

// Theory 0.2691 for N to infinity; networks of 1000 units fall through an
// overlap of one half between loads of 0.25 and 0.28.
TEST(CapacityScanTest, ASequenceNetworkHoldsAboutAQuarterOfItsUnits) {
  const auto run = RunTree(Scan("[225, 250, 280]", ", units: 1000"));
  EXPECT_GT((*run)["capacity"], 0.25);
  EXPECT_LT((*run)["capacity"], 0.28);
  const auto& points = run->record.series.at("overlap").points;
  ASSERT_EQ(points.size(), 3u);
  EXPECT_EQ(points[0].first, 225);
  EXPECT_GT(points[0].second.value(), 0.88);
}

TEST(CapacityScanTest, TheCapacityLiesOnALineBetweenTwoLoads) {
  const auto run =
      RunTree(Scan("[20, 60]", ", units: 100", ", criterion: 0.4, cues: 4"));
  const auto& points = run->record.series.at("overlap").points;
  const double high = points[0].second.value(), low = points[1].second.value();
  ASSERT_GT(high, 0.4);
  ASSERT_LT(low, 0.4);
  EXPECT_NEAR((*run)["capacity"], 0.2 + 0.4 * (high - 0.4) / (high - low),
              1e-12);
}

TEST(CapacityScanTest, WithoutACrossingItSaysWhereToLook) {
  const auto few = RunTree(Scan("[2, 4]", ", units: 100"));
  EXPECT_THAT(few->record.summary.at("capacity").value.reason(),
              HasSubstr("go on to more"));
  const auto many = RunTree(Scan("[80, 90]", ", units: 100"));
  EXPECT_THAT(many->record.summary.at("capacity").value.reason(),
              HasSubstr("begin with fewer"));
}

// Random inputs carry less of what a full network's loops feed back: towards
// the 2/pi = 0.64 of the limit of few inputs among many units (Derrida,
// Gardner, Zippelius 1987, doi:10.1209/0295-5075/4/2/007).
TEST(CapacityScanTest, SparseInputsHoldMorePerInput) {
  const auto run =
      RunTree(Scan("[20, 30, 50]", ", units: 2000, in_degree: 100"));
  EXPECT_GT((*run)["capacity"], 0.28);
  EXPECT_LT((*run)["capacity"], 0.64);
}

TEST(CapacityScanTest, TenThousandUnitsFitIntoTwoHundredMegabytes) {
  const Estimate estimate =
      EstimateProgram(Scan("[100, 500]", ", units: 10000, in_degree: 500"));
  EXPECT_LT(estimate.memory_bytes, 200'000'000);
  EXPECT_GT(estimate.memory_bytes, 8 * 10000 * 500);
}

TEST(CapacityScanTest, RefusesNumbersThatDoNotRise) {
  for (const char* patterns : {"[]", "[3, 3]", "[5, 4]"}) {
    Faults faults;
    ReadTree(absl::StrCat("{type: capacity_scan, patterns: ", patterns, "}"),
             Kind::kProgram, "experiment", faults);
    ASSERT_EQ(faults.size(), 1u) << patterns;
    EXPECT_EQ(faults.front().path, "experiment.patterns");
  }
}

}  // namespace
}  // namespace engram
