#include "core/programs/builtin.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "core/programs/catalog.h"
#include "core/rules/catalog.h"
#include "tests/core/programs/program_trees.h"

namespace engram {
namespace {

using testing::HasSubstr;

TEST(BuiltinTest, EveryTypeIsDescribedAndUnique) {
  std::set<std::string> types;
  for (const ComponentSpec& spec : BuiltinCatalog().specs()) {
    EXPECT_TRUE(types.insert(spec.type).second) << spec.type;
    EXPECT_FALSE(spec.summary.empty()) << spec.type;
    for (const ParameterSpec& parameter : spec.parameters) {
      EXPECT_FALSE(parameter.meaning.empty()) << spec.type << parameter.name;
    }
  }
  for (const char* type :
       {"sequence_learning", "rate_rnn", "item_sequence", "hebbian",
        "anti_hebbian", "stdp_rate", "weight_structure", "recall"}) {
    EXPECT_TRUE(types.contains(type)) << type;
  }
}

TEST(BuiltinTest, RefusesArithmeticThatIsNotSetUp) {
  Parallel parallel(1);
  const NoInputs inputs;
  const auto program = MakeProgram(SmallTree(), 1, {parallel, inputs});
  EXPECT_EQ(program.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(program.status().message()),
              HasSubstr("SetNumericEnvironment"));
}

class PathCollector final : public StateVisitor {
 public:
  void State(absl::string_view path, StateArray) override {
    paths.emplace_back(path);
  }
  void Fixed(absl::string_view path, StateArray) override {
    paths.emplace_back(path);
  }
  void View(absl::string_view path, ElementType, ArrayOrder,
            std::vector<int64_t>, absl::string_view,
            std::function<void(std::span<std::byte>)>) override {
    paths.emplace_back(path);
  }
  std::vector<std::string> paths;
};

TEST(BuiltinTest, ArrayPathsAreThoseThatTheProgramNamesOnce) {
  const ScopedNumericEnvironment environment;
  Parallel parallel(1);
  const NoInputs inputs;
  constexpr Signal kGiven[] = {Signal::kRates};
  for (const std::string& rule : RulesReadingOnly(kGiven)) {
    const Component tree = SmallTree("{type: " + rule + "}");
    auto program = MakeProgram(tree, 1, {parallel, inputs});
    ASSERT_TRUE(program.ok());
    PathCollector collector;
    (*program)->VisitState(collector);
    EXPECT_EQ(collector.paths, ArrayPaths(tree));
    EXPECT_EQ(
        std::set<std::string>(collector.paths.begin(), collector.paths.end())
            .size(),
        collector.paths.size());
  }
}

TEST(BuiltinTest, ArrayPathsOfEveryProgramAreThoseThatItNames) {
  const ScopedNumericEnvironment environment;
  Parallel parallel(1);
  const NoInputs inputs;
  for (const ProgramRow& row : ProgramRows()) {
    const ProgramTrees& trees = TreesOf(row.spec.type);
    for (const Component& tree : {trees.small(), trees.wide()}) {
      auto program = MakeProgram(tree, 1, {parallel, inputs});
      ASSERT_TRUE(program.ok());
      PathCollector collector;
      (*program)->VisitState(collector);
      EXPECT_EQ(collector.paths, ArrayPaths(tree)) << tree.type;
    }
  }
}

TEST(BuiltinTest, EveryProgramLeavesWhatItsRowDeclares) {
  for (const ProgramRow& row : ProgramRows()) {
    std::set<std::string> declared;
    for (const OutputSpec& output : row.spec.outputs) {
      declared.insert(output.name);
    }
    const Component tree = TreesOf(row.spec.type).small();
    const auto run = RunTree(tree);
    // What a program of analyses leaves, their rows declare.
    if (tree.slots.contains("analyses")) continue;
    std::set<std::string> left;
    for (const auto& [name, entry] : run->record.summary) left.insert(name);
    for (const auto& [name, entry] : run->record.series) left.insert(name);
    for (const auto& [key, entry] : run->record.arrays) left.insert(key.first);
    EXPECT_EQ(left, declared) << row.spec.type;
    EXPECT_EQ(run->record.summary.empty(), false);
    EXPECT_GT(EstimateProgram(tree).ticks, 0);
  }
}

TEST(BuiltinTest, UnknownArraysAreRefusedWithTheKnownOnes) {
  RecordPolicy policy;
  policy.snapshots["rule.weights"] = {0, -1};
  EXPECT_TRUE(CheckRecord(SmallTree(), policy).ok());
  policy.snapshots["rule.weight"] = {0};
  const absl::Status status = CheckRecord(SmallTree(), policy);
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()),
              HasSubstr("did you mean rule.weights?"));
  EXPECT_THAT(std::string(status.message()), HasSubstr("rule.trace_pre"));
  policy.snapshots = {{"a_cat", {0}}};
  EXPECT_THAT(std::string(CheckRecord(SmallTree(), policy).message()),
              HasSubstr("has no array a_cat; it has "));
}

TEST(BuiltinTest, EstimatesGrowWithTheWork) {
  const Estimate small = EstimateProgram(SmallTree());
  const Estimate large = EstimateProgram(
      Tree("{type: sequence_learning, repetitions: 40, rule: {type: hebbian}, "
           "network: {type: rate_rnn, units: 2000}}"));
  EXPECT_EQ(small.ticks, 5);
  EXPECT_EQ(small.tick_name, "trial");
  EXPECT_GT(small.seconds, 0);
  EXPECT_GT(large.seconds, 100 * small.seconds);
  EXPECT_GT(large.memory_bytes, 8 * 4 * 2000 * 2000);
  EXPECT_GT(large.record_bytes, 8 * 2000 * 2000);
}

TEST(BuiltinTest, ATypeWithoutARowIsABrokenPromise) {
  Component tree = SmallTree();
  tree.type = "sequence_lerning";
  EXPECT_THROW(ArrayPaths(tree), ContractViolation);
}

TEST(BuiltinTest, TwoAnalysesOfOneTypeNeedNames) {
  Faults faults;
  ReadTree(
      "{type: sequence_learning, rule: {type: hebbian}, "
      "analyses: [{type: recall}, {type: recall}]}",
      Kind::kProgram, "experiment", faults);
  ASSERT_EQ(faults.size(), 1u);
  EXPECT_THAT(faults[0].message, HasSubstr("name"));
  faults.clear();
  ReadTree(
      "{type: sequence_learning, rule: {type: hebbian}, "
      "analyses: [{type: recall}, {type: recall, name: again}]}",
      Kind::kProgram, "experiment", faults);
  EXPECT_TRUE(faults.empty());
}

}  // namespace
}  // namespace engram
