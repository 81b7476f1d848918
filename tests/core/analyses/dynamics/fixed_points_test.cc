// A search that takes longer than a part of the analysis.

#include "core/analyses/dynamics/fixed_points.h"

#include <gtest/gtest.h>

#include <functional>
#include <vector>

#include "core/analyses/dynamics/rate_dynamics.h"
#include "core/base/random.h"
#include "core/programs/memory_recorder.h"
#include "tests/support/experiment_tree.h"
#include "tests/support/state_copier.h"

namespace engram {
namespace {

constexpr int64_t kUnits = 12;

class FixedPointsTest : public testing::Test {
 protected:
  FixedPointsTest() : dynamics_(RandomUnits()) {}

  static RateDynamics RandomUnits() {
    Array<double> w(kUnits, kUnits), input(kUnits), tau(kUnits);
    RandomStream(1, "test", "weights").FillNormal(0, w.span());
    for (double& weight : w.span()) weight *= 0.6;
    tau.Fill(20);
    return {std::move(w),
            std::move(input),
            std::move(tau),
            {GainShape::kTanh, 0, 1}};
  }

  FixedPoints Make(int64_t cubes) const {
    return FixedPoints(component_, 1, kUnits, cubes);
  }

  SystemSubject Subject() {
    return {.dynamics = &dynamics_, .seed = 1, .parallel = &parallel_};
  }

  MemoryRecorder Finish(FixedPoints& points, int64_t from) {
    for (int64_t part = from; part < points.parts(); ++part) {
      points.RunPart(Subject(), part);
    }
    MemoryRecorder record;
    AnalysisOutput out(component_, record);
    points.Finish(Subject(), out);
    return record;
  }

  const ScopedNumericEnvironment environment_;
  Parallel parallel_{1};
  RateDynamics dynamics_;
  const Component component_ = Tree("{type: fixed_points, starts: 6}",
                                    Kind::kAnalysis, "experiment.analyses.0");
};

TEST_F(FixedPointsTest, SearchesInSlicesFindTheSameBits) {
  FixedPoints whole = Make(FixedPoints::kCubesOfAPart), sliced = Make(1000);
  EXPECT_EQ(whole.parts(), 2);
  EXPECT_EQ(sliced.parts(),
            6 * (300 / 4 + EigenvalueSearch::MostParts(kUnits, 1000)));
  const MemoryRecorder expected = Finish(whole, 0), found = Finish(sliced, 0);
  EXPECT_GT(expected.summary.at("fixed_points").value.value(), 0);
  EXPECT_EQ(found.summary, expected.summary);
  EXPECT_EQ(found.arrays, expected.arrays);
}

TEST_F(FixedPointsTest, ASearchGoesOnWhereItWasSaved) {
  FixedPoints whole = Make(1), first = Make(1), second = Make(1);
  const MemoryRecorder expected = Finish(whole, 0);
  constexpr int64_t kPart = 303;  // the fourth iteration of the second search
  for (int64_t part = 0; part < kPart; ++part) first.RunPart(Subject(), part);
  StateCopier copier;
  first.VisitState("points", copier);
  copier.load = true;
  second.VisitState("points", copier);
  const MemoryRecorder found = Finish(second, kPart);
  EXPECT_EQ(found.summary, expected.summary);
  EXPECT_EQ(found.arrays, expected.arrays);
}

// Between two reflections of the first point's Jacobian.
TEST_F(FixedPointsTest, StabilityGoesOnWhereItWasSaved) {
  FixedPoints whole = Make(1), first = Make(1), second = Make(1);
  const MemoryRecorder expected = Finish(whole, 0);
  constexpr int64_t kPart = 6 * 300 + 3;
  for (int64_t part = 0; part < kPart; ++part) first.RunPart(Subject(), part);
  StateCopier copier;
  first.VisitState("points", copier);
  copier.load = true;
  second.VisitState("points", copier);
  const MemoryRecorder found = Finish(second, kPart);
  EXPECT_EQ(found.summary, expected.summary);
  EXPECT_EQ(found.arrays, expected.arrays);
}

}  // namespace
}  // namespace engram
