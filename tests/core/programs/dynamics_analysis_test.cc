#include "core/programs/dynamics_analysis.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <span>
#include <string>

#include "core/analyses/block_structure.h"
#include "core/analyses/catalog.h"
#include "tests/core/programs/small_tree.h"
#include "tests/support/fake_inputs.h"

namespace engram {
namespace {

Faults FaultsOf(const std::string& yaml) {
  Faults faults;
  ReadTree(yaml, Kind::kProgram, "experiment", faults, NamesAreDigests());
  return faults;
}

struct Finished {
  absl::Status status;
  MemoryRecorder record;
};

class DynamicsAnalysisTest : public testing::Test {
 protected:
  Component Read(const std::string& yaml) {
    Faults faults;
    Component tree =
        ReadTree(yaml, Kind::kProgram, "experiment", faults, NamesAreDigests());
    for (const Fault& fault : faults) ADD_FAILURE() << fault.Format("tree");
    return tree;
  }

  std::unique_ptr<Finished> Run(const std::string& yaml) {
    auto run = std::make_unique<Finished>();
    auto execution = Execution::Make(Read(yaml), 1, {}, {parallel_, inputs_});
    ENGRAM_EXPECT(execution.ok());
    while (run->status.ok() && !(*execution)->progress().finished) {
      run->status = (*execution)->Advance(3, run->record, {}).status();
    }
    return run;
  }

  static double Summary(const Finished& run, const std::string& name) {
    return run.record.summary.at(name).value.value();
  }

  const ScopedNumericEnvironment environment_;
  Parallel parallel_{2};
  FakeInputs inputs_;
};

TEST_F(DynamicsAnalysisTest, FindsThePointsOfTwoItemsWithTheirEigenvalues) {
  const auto run =
      Run("{type: dynamics_analysis, system: {type: two_items, self: 0.7, "
          "forward: 1, backward: -0.47}, analyses: [{type: fixed_points, "
          "expected_points: [[-0.42553491, 0.4482243]], "
          "expected_stable: [[-1.13894978, 1.19889474], "
          "[-0.0015691, 0.02183587]]}]}");
  ASSERT_TRUE(run->status.ok()) << run->status;
  EXPECT_EQ(Summary(*run, "fixed_points"), 3);
  EXPECT_EQ(Summary(*run, "stable_points"), 2);
  EXPECT_EQ(Summary(*run, "largest_unstable_dimension"), 1);
  EXPECT_LT(Summary(*run, "point_error"), 1e-8);
  EXPECT_LT(Summary(*run, "stable_point_error"), 1e-8);
  EXPECT_NEAR(Summary(*run, "leading_real"), -0.98895748, 1e-8);
  const StoredArray& points = run->record.arrays.at({"points", -1});
  EXPECT_EQ(points.shape, (std::vector<int64_t>{2, 3}));
  EXPECT_NEAR(points.Doubles()[0], -1.13894978, 1e-8);
  const StoredArray& eigenvalues =
      run->record.arrays.at({"point_eigenvalues_real", -1});
  EXPECT_NEAR(eigenvalues.Doubles()[4], 1.80596292, 1e-8);
}

TEST_F(DynamicsAnalysisTest, ATanhUnitHasThreePoints) {
  const auto run =
      Run("{type: dynamics_analysis, system: {type: rate_populations, "
          "coupling: [[1.5]], gain_function: tanh}, analyses: [{type: "
          "fixed_points, expected_stable: [[1.2878394549601655], "
          "[-1.2878394549601655]]}]}");
  ASSERT_TRUE(run->status.ok()) << run->status;
  EXPECT_EQ(Summary(*run, "fixed_points"), 3);
  EXPECT_LT(Summary(*run, "stable_point_error"), 1e-12);
}

// A run leaves weights and items; looked at from outside, its points are those
// that it found itself.
TEST_F(DynamicsAnalysisTest, ReadsWhatARunHasLeft) {
  const Component tree = SmallTree();
  RecordPolicy policy;
  policy.snapshots = {{"network.weights", {-1}}, {"task.patterns", {-1}}};
  const std::unique_ptr<FinishedRun> learned = RunTree(tree, 1, policy);
  for (const char* path : {"network.weights", "task.patterns"}) {
    const StoredArray& array = learned->record.arrays.at({path, -1});
    inputs_.Add(path,
                InputArray{array.type, array.order, array.shape, array.bytes});
  }
  const auto run =
      Run("{type: dynamics_analysis, system: {type: stored_network, "
          "network: {type: rate_rnn, units: 30}, weights: network.weights, "
          "patterns: task.patterns, pattern_count: 5}, "
          "analyses: [{type: fixed_points, starts: 40}]}");
  ASSERT_TRUE(run->status.ok()) << run->status;
  EXPECT_GE(Summary(*run, "stable_points"), 1);
  const StoredArray& points = run->record.arrays.at({"points", -1});
  EXPECT_EQ(points.shape[0], 30);
}

// Of units without any synapse but their shared inhibition, x = -w r(x) for
// each: with w = 2, theta = 0 and t_phi = 1 it is x = -2 / (1 + exp(-x)), whose
// one root is x = -0.6748316 (by bisection). A sparse network has it as well.
TEST_F(DynamicsAnalysisTest, ASparseNetworkHasItsFixedPoints) {
  inputs_.Add("w", Array<double>(6, 6));
  const auto run =
      Run("{type: dynamics_analysis, system: {type: stored_network, weights: "
          "w, network: {type: sparse_rate_rnn, units: 6, in_degree: 2, theta: "
          "0, t_phi: 1, w_inhibition: 2}}, analyses: [{type: fixed_points, "
          "starts: 20}]}");
  ASSERT_TRUE(run->status.ok()) << run->status;
  EXPECT_EQ(Summary(*run, "fixed_points"), 1);
  for (double x : run->record.arrays.at({"points", -1}).Doubles()) {
    EXPECT_NEAR(x, -0.6748316143423994, 1e-9);
  }
  EXPECT_TRUE(FaultsOf("{type: sequence_learning, rule: {type: hebbian}, "
                       "network: {type: sparse_rate_rnn}, analyses: [{type: "
                       "fixed_points}]}")
                  .empty());
}

TEST_F(DynamicsAnalysisTest, TheItemsOfARunMakeAMeanField) {
  Array<double> b(2, 2);
  b(0, 0) = b(1, 1) = 1, b(0, 1) = b(1, 0) = 0.1;
  inputs_.Add("blocks", b);
  const auto run =
      Run("{type: dynamics_analysis, system: {type: item_mean_field, "
          "block_means: blocks, items: 2, units_per_item: 10, units: 100}, "
          "analyses: [{type: fixed_points, starts: 2000, low: -0.5, longest: "
          "0.2}]}");
  ASSERT_TRUE(run->status.ok()) << run->status;
  EXPECT_EQ(Summary(*run, "fixed_points"), 9);
}

TEST_F(DynamicsAnalysisTest, AnItemOfAnotherShapeIsRefusedWithBothShapes) {
  inputs_.Add("blocks", Array<double>(3, 2));
  const auto run =
      Run("{type: dynamics_analysis, system: {type: item_mean_field, "
          "block_means: blocks, items: 2}, analyses: [{type: fixed_points}]}");
  EXPECT_EQ(run->status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(run->status.message()),
              testing::AllOf(testing::HasSubstr("(3, 2)"),
                             testing::HasSubstr("(2, 2)")));
}

// As `k7m2q9xw4p/17/state@final` brings it: everything that the run had.
class WholeStateTest : public DynamicsAnalysisTest {
 protected:
  WholeStateTest() {
    auto learned = Execution::Make(SmallTree(), 1, {}, {parallel_, inputs_});
    ENGRAM_EXPECT(learned.ok());
    MemoryRecorder record;
    EXPECT_TRUE((*learned)->Advance(1000, record, {}).ok());
    std::string state;
    EXPECT_TRUE((*learned)->Checkpoint(&state).ok());
    const auto bytes = std::as_bytes(std::span(state));
    inputs_.Add("state", InputArray{ElementType::kUint8,
                                    ArrayOrder::kRowMajor,
                                    {std::ssize(state)},
                                    {bytes.begin(), bytes.end()}});
    for (const Execution::NamedArray& a : (*learned)->StateArrays()) {
      if (a.path != "rule.weights") continue;
      inputs_.Add("array",
                  InputArray{a.array.type,
                             a.array.order,
                             a.array.shape,
                             {a.array.bytes.begin(), a.array.bytes.end()}});
    }
  }

  // Fixed points of such weights, and how alike they are to others.
  std::unique_ptr<Finished> Look(const std::string& weights,
                                 const std::string& similarity) {
    return Run(
        "{type: dynamics_analysis, system: {type: stored_network, "
        "network: {type: rate_rnn, units: 30}, " +
        weights +
        "}, analyses: [{type: fixed_points, starts: 10}, {type: similarity, "
        "steps: 50, rank: 2, " +
        similarity + "}]}");
  }
};

TEST_F(WholeStateTest, GivesTheArrayThatItsPathNames) {
  const auto run = Look("weights: state, weights_path: rule.weights",
                        "others: [state, array], others_path: rule.weights");
  ASSERT_TRUE(run->status.ok()) << run->status;
  EXPECT_NEAR(Summary(*run, "raw_weight_correlation"), 1, 1e-12);
  const auto plain = Look("weights: array", "others: [array, array]");
  ASSERT_TRUE(plain->status.ok()) << plain->status;
  EXPECT_EQ(run->record.arrays.at({"points", -1}).bytes,
            plain->record.arrays.at({"points", -1}).bytes);
}

TEST_F(WholeStateTest, WithoutThePathsArrayNamesTheNearestAndWhatToDo) {
  const auto unnamed = Look("weights: state", "others: [array]");
  EXPECT_EQ(unnamed->status.code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(
      std::string(unnamed->status.message()),
      testing::AllOf(testing::HasSubstr("experiment.system.weights: the saved "
                                        "state has no array network.weights"),
                     testing::HasSubstr("rule.weights"),
                     testing::HasSubstr("experiment.system.weights_path"),
                     testing::HasSubstr("{network.weights: [final]}")));
  const auto misspelt =
      Look("weights: state, weights_path: rule.weight", "others: [array]");
  EXPECT_THAT(std::string(misspelt->status.message()),
              testing::HasSubstr("did you mean rule.weights?"));
  const auto patterns =
      Look("weights: array, patterns: state", "others: [array]");
  EXPECT_THAT(std::string(patterns->status.message()),
              testing::AllOf(testing::HasSubstr("no array task.patterns"),
                             testing::HasSubstr("{task.patterns: [final]}")));
  const auto missing = Look("weights: nowhere", "others: [array]");
  EXPECT_EQ(missing->status.message(), "experiment.system.weights: nowhere");
}

TEST_F(WholeStateTest, APathThatIsNotGivenIsNotInTheTree) {
  const Component tree = Read(
      "{type: dynamics_analysis, system: {type: stored_network, weights: "
      "w}, analyses: [{type: similarity, others: [w]}]}");
  EXPECT_FALSE(tree.Slot("system").Has("weights_path"));
  EXPECT_FALSE(tree.Slots("analyses").front().Has("others_path"));
}

// Beside itself with its units renamed, i becoming i + 7: the same circuit in
// other places.
TEST_F(DynamicsAnalysisTest, ARenamedNetworkIsAlikeOnceItsUnitsAreMatched) {
  RecordPolicy policy;
  policy.snapshots = {{"network.weights", {-1}}, {"task.patterns", {-1}}};
  const std::unique_ptr<FinishedRun> learned = RunTree(SmallTree(), 1, policy);
  for (const char* path : {"network.weights", "task.patterns"}) {
    const StoredArray& array = learned->record.arrays.at({path, -1});
    const std::vector<double> values = array.Doubles();
    const int64_t cols = array.shape[1];
    Array<double> own(30, cols), moved(30, cols);
    for (int64_t j = 0; j < cols; ++j) {
      for (int64_t i = 0; i < 30; ++i) {
        own(i, j) = values[static_cast<size_t>(i + 30 * j)];
        moved((i + 7) % 30, cols == 30 ? (j + 7) % 30 : j) = own(i, j);
      }
    }
    inputs_.Add(path, own);
    inputs_.Add(std::string("moved.") + path, moved);
  }
  const auto run =
      Run("{type: dynamics_analysis, system: {type: stored_network, "
          "network: {type: rate_rnn, units: 30}, weights: network.weights, "
          "patterns: task.patterns, pattern_count: 5}, "
          "analyses: [{type: similarity, others: [moved.network.weights], "
          "other_patterns: [moved.task.patterns], steps: 200, rank: 2}]}");
  ASSERT_TRUE(run->status.ok()) << run->status;
  EXPECT_LT(Summary(*run, "raw_weight_correlation"), 0.9);
  EXPECT_NEAR(Summary(*run, "recall_matched_correlation"), 1, 1e-9);
  EXPECT_NEAR(Summary(*run, "block_correlation"), 1, 1e-12);
  EXPECT_NEAR(Summary(*run, "cka"), 1, 1e-9);
  EXPECT_NEAR(Summary(*run, "procrustes_distance"), 0, 1e-6);
  EXPECT_NEAR(Summary(*run, "dynamical_distance"), 0, 1e-4);
}

TEST_F(DynamicsAnalysisTest, AnotherNetworkOfAnotherSizeIsRefused) {
  inputs_.Add("w", Array<double>(4, 4));
  inputs_.Add("large", Array<double>(5, 5));
  const auto run =
      Run("{type: dynamics_analysis, system: {type: stored_network, "
          "network: {type: rate_rnn, units: 4}, weights: w}, "
          "analyses: [{type: similarity, others: [large]}]}");
  EXPECT_THAT(std::string(run->status.message()), testing::HasSubstr("(5, 5)"));
}

TEST_F(DynamicsAnalysisTest, AnAnalysisSaysWhatItLacks) {
  const Faults recall = FaultsOf(
      "{type: dynamics_analysis, system: {type: two_items}, "
      "analyses: [{type: recall}]}");
  ASSERT_EQ(recall.size(), 1u);
  EXPECT_THAT(recall[0].message, testing::HasSubstr("reads a recall"));
  const Faults none =
      FaultsOf("{type: dynamics_analysis, system: {type: two_items}}");
  ASSERT_EQ(none.size(), 1u);
  EXPECT_THAT(none[0].message, testing::HasSubstr("name at least one"));
}

TEST_F(DynamicsAnalysisTest, ARowMajorItemIsTurned) {
  Array<double> b(2, 2);
  b(0, 0) = 1, b(0, 1) = 2, b(1, 0) = 3, b(1, 1) = 4;
  InputArray rows{ElementType::kFloat64, ArrayOrder::kRowMajor, {2, 2}, {}};
  const double values[] = {1, 2, 3, 4};
  const auto bytes = std::as_bytes(std::span(values));
  rows.bytes.assign(bytes.begin(), bytes.end());
  inputs_.Add("rows", rows);
  Component self;
  self.parameters["weights"] = Value("rows");
  const auto read = ReadInput(self, "weights", {"weights"}, 2, 2, inputs_);
  ASSERT_TRUE(read.ok());
  EXPECT_EQ((*read)(0, 1), 2);
  EXPECT_EQ((*read)(1, 0), 3);
}

// A tick stays under a second: eight searches of a small system, one of a large
// one, one iteration of the 300 that a search may take of a still larger one;
// and as many looks at the points they find, of the largest in 103 parts.
TEST_F(DynamicsAnalysisTest, APartHasFewerSearchesOfALargeSystem) {
  const Component analysis = Tree("{type: fixed_points, starts: 20}",
                                  Kind::kAnalysis, "experiment.analyses.0");
  EXPECT_EQ(MakeSystemAnalysis(analysis, 1, 100)->parts(), 2 * 3);
  EXPECT_EQ(MakeSystemAnalysis(analysis, 1, 500)->parts(), 2 * 7);
  EXPECT_EQ(MakeSystemAnalysis(analysis, 1, 700)->parts(), 2 * 20);
  EXPECT_EQ(MakeSystemAnalysis(analysis, 1, 2000)->parts(), 20 * (300 + 103));
}

}  // namespace
}  // namespace engram
