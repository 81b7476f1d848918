// What holds for every analysis of the catalog.

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "core/analyses/catalog.h"
#include "core/analyses/dynamics/network_dynamics.h"
#include "core/analyses/item_patterns.h"
#include "core/analyses/system_analysis.h"
#include "core/base/random.h"
#include "tests/core/analyses/pair_task.h"
#include "tests/support/experiment_tree.h"

namespace engram {
namespace {

constexpr int64_t kItems = 4, kUnits = 10, kSteps = 20;

std::vector<std::string> AnalysisTypes() {
  std::vector<std::string> types;
  for (const AnalysisRow& row : AnalysisRows()) {
    // Those that read other runs' weights have no place in a run that learns.
    if (!row.reads.other_weights) types.push_back(row.spec.type);
  }
  return types;
}

std::string ParamName(const testing::TestParamInfo<std::string>& info) {
  return info.param;
}

class EveryAnalysis : public testing::TestWithParam<std::string> {
 protected:
  // What the analysis says of `size` times random weights and rates.
  MemoryRecorder Run(double size, const std::string& name = "") const {
    const Component component = Tree(
        "{type: " + GetParam() + (name.empty() ? "" : ", name: " + name) + "}",
        Kind::kAnalysis, "experiment.analyses.0");
    const PairTask task(kItems, kSteps);
    Array<double> w(kUnits, kUnits);
    const RandomStream stream(1, "analysis", "example");
    stream.FillNormal(0, w.span());
    for (double& weight : w.span()) weight *= size;
    RecallTrace trace(task, kUnits, 1.0);
    std::vector<double> rate(kUnits);
    for (int64_t step = 1; step <= kSteps; ++step) {
      stream.Fill(step, rate);
      for (double& r : rate) r *= size;
      trace.Add(rate);
    }
    MemoryRecorder record;
    AnalysisOutput out(component, record);
    const std::unique_ptr<Dynamics> dynamics = DynamicsOfNetwork(network_, w);
    if (const auto analysis = MakeAnalysis(component)) {
      analysis->Run({.task = task, .weights = w, .recall = trace}, out);
      return record;
    }
    const Array<double> patterns = ItemPatterns(task, kUnits);
    const SystemSubject subject{.dynamics = dynamics.get(),
                                .weights = &w,
                                .patterns = &patterns,
                                .task = &task,
                                .recall = &trace,
                                .seed = 1,
                                .parallel = &parallel_};
    const auto analysis = MakeSystemAnalysis(component, 1, kUnits);
    for (int64_t part = 0; part < analysis->parts(); ++part) {
      analysis->RunPart(subject, part);
    }
    analysis->Finish(subject, out);
    return record;
  }

  const ScopedNumericEnvironment environment_;
  mutable Parallel parallel_{1};
  const Component network_ =
      Tree("{type: rate_rnn}", Kind::kNetwork, "experiment.network");
};

TEST_P(EveryAnalysis, LeavesWhatItsRowDeclaresAndNothingElse) {
  for (double size : {0.0, 1.0}) {
    const MemoryRecorder record = Run(size);
    std::set<std::string> declared, left;
    for (const AnalysisRow& row : AnalysisRows()) {
      if (row.spec.type != GetParam()) continue;
      for (const OutputSpec& output : row.spec.outputs) {
        declared.insert(output.name + " " + output.unit + " " + output.x);
      }
    }
    for (const auto& [name, entry] : record.summary) {
      left.insert(name + " " + entry.unit + " ");
    }
    for (const auto& [name, series] : record.series) {
      left.insert(name + " " + series.info.unit + " " + series.info.x);
    }
    for (const auto& [key, array] : record.arrays) {
      left.insert(key.first + " " + array.unit + " ");
    }
    EXPECT_EQ(left, declared);
  }
}

TEST_P(EveryAnalysis, GivesTheSameBitsTwice) {
  const MemoryRecorder first = Run(1), second = Run(1);
  EXPECT_EQ(first.summary, second.summary);
  EXPECT_EQ(first.series, second.series);
  EXPECT_EQ(first.arrays, second.arrays);
}

TEST_P(EveryAnalysis, AnalysesWithNamesStayApart) {
  const MemoryRecorder plain = Run(1), named = Run(1, "mine");
  ASSERT_EQ(plain.summary.size(), named.summary.size());
  for (const auto& [name, entry] : plain.summary) {
    EXPECT_EQ(named.summary.at("mine." + name), entry);
  }
}

INSTANTIATE_TEST_SUITE_P(Analyses, EveryAnalysis,
                         testing::ValuesIn(AnalysisTypes()), ParamName);

}  // namespace
}  // namespace engram
