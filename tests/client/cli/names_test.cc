#include "client/cli/names.h"

#include "client/cli/comparison.h"
#include "client/cli/spread.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/client/cli/lab.h"

namespace engram::cli {
namespace {

using testing::ElementsAre;

TEST(NamesTest, LongAndShortFormsMeanTheSame) {
  EXPECT_EQ(ShortName("experiments/k7m2q9xw4p/runs/17"), "k7m2q9xw4p/17");
  EXPECT_EQ(ShortName("users/ada"), "ada");
  EXPECT_EQ(FullName("k7m2/17"), "experiments/k7m2/runs/17");
  EXPECT_EQ(FullName("experiments/k7m2"), "experiments/k7m2");
  EXPECT_EQ(ExperimentId("experiments/k7m2/runs/3"), "k7m2");
  EXPECT_TRUE(IsRunName("k7m2/3"));
  EXPECT_FALSE(IsRunName("k7m2"));
}

TEST(NamesTest, PathsAreCutWhereTheyStayDifferent) {
  const auto paths =
      ShortPaths({"experiment.rule.type", "seed", "experiment.net.e.tau",
                  "experiment.net.i.tau"});
  EXPECT_EQ(paths.at("experiment.rule.type"), "rule.type");
  EXPECT_EQ(paths.at("seed"), "seed");
  EXPECT_EQ(paths.at("experiment.net.e.tau"), "e.tau");
}

TEST(SpreadTest, IsOfASample) {
  const Spread spread = SpreadOf({1, 2, 3, 4});
  EXPECT_DOUBLE_EQ(spread.mean, 2.5);
  EXPECT_NEAR(spread.deviation, 1.2909944487, 1e-9);
  EXPECT_EQ(SpreadText(SpreadOf({10})), "10");
  EXPECT_EQ(SpreadText(SpreadOf({10, 10})), "10 ± 0");
}

TEST(ComparisonTest, TreesAreComparedLeafByLeaf) {
  v1::Run a = ARun(0, v1::RUN_STATE_SUCCEEDED, "hebbian", 1);
  v1::Run b = a;
  a.set_tree_json(R"({"experiment":{"rule":{"type":"hebbian"}},"seed":1})");
  b.set_tree_json(
      R"({"experiment":{"rule":{"a_minus":0.5,"type":"stdp_rate"}},"seed":1})");
  const Comparison comparison = CompareRuns({a, b});
  EXPECT_THAT(comparison.parameters,
              ElementsAre("experiment.rule.a_minus", "experiment.rule.type"));
  EXPECT_EQ(comparison.items[0].parameters.at("experiment.rule.a_minus"), "-");
}

}  // namespace
}  // namespace engram::cli
