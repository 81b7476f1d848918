#include "core/programs/chain_formation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "tests/support/experiment_tree.h"

namespace engram {
namespace {

using testing::HasSubstr;

constexpr char kCompetition[] =
    ", homeostasis: [{type: heterosynaptic_competition}]";
constexpr char kBounds[] = ", bounds: {type: hard_bounds}";

Component Chains(int64_t steps, const std::string& parts) {
  return Tree(absl::StrCat(
      "{type: chain_formation, steps: ", steps,
      ", rule: {type: stdp_rate, eta: 0.125, a_minus: 1, tau_plus: 1 ms, "
      "tau_minus: 1 ms",
      parts, "}}"));
}

TEST(ChainFormationTest, CompetitionLeavesOneStrongWeightInAndOut) {
  const auto run =
      RunTree(Chains(20000, absl::StrCat(kCompetition, kBounds)), 2);
  EXPECT_GE((*run)["single_rows"], 42);
  EXPECT_GE((*run)["single_columns"], 42);
  EXPECT_GE((*run)["longest"], 10);
  EXPECT_LE((*run)["largest_weight"], 1);
  EXPECT_GT((*run)["loops"] + (*run)["chains"], 0);
  // Every unit of a loop or a chain is counted once.
  double units = 0;
  for (const char* name : {"loops_of_length", "chains_of_length"}) {
    for (const auto& [length, count] : run->record.series.at(name).points) {
      units += length * count.value();
    }
  }
  EXPECT_LE(units, 50);
  EXPECT_GE(units, 42);
}

TEST(ChainFormationTest, WithoutCompetitionAUnitKeepsManyWeights) {
  const auto run = RunTree(Chains(20000, kBounds), 2);
  EXPECT_GT((*run)["largest_row_sum"], 5);
  EXPECT_LT((*run)["single_rows"], 25);
}

TEST(ChainFormationTest, ARunThatDivergesNamesWhatAndWhen) {
  const ScopedNumericEnvironment environment;
  Parallel parallel(1);
  const NoInputs inputs;
  // Oja's decay of alpha eta = 1e9 a step changes signs and grows.
  const Component tree = Tree(
      "{type: chain_formation, network: {type: chain_network, drive: 40}, "
      "rule: {type: oja, eta: 1, alpha: 1e9}}");
  auto execution = Execution::Make(tree, 1, {}, {parallel, inputs});
  ASSERT_TRUE(execution.ok());
  MemoryRecorder record;
  const auto progress = (*execution)->Advance(200, record, {});
  ASSERT_FALSE(progress.ok());
  EXPECT_EQ(progress.status().code(), absl::StatusCode::kOutOfRange);
  EXPECT_THAT(std::string(progress.status().message()),
              HasSubstr("rule.weights is not finite at step 100"));
}

TEST(ChainFormationTest, RefusesRulesOnSpikes) {
  Faults faults;
  ReadTree("{type: chain_formation, rule: {type: stdp_pair}}", Kind::kProgram,
           "experiment", faults);
  ASSERT_EQ(faults.size(), 1u);
  EXPECT_THAT(faults.front().message, HasSubstr("spikes"));
}

}  // namespace
}  // namespace engram
