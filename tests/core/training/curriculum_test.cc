#include "core/curricula/curriculum.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/support/experiment_tree.h"

namespace engram {
namespace {

using Accuracy = std::vector<double>;

std::unique_ptr<Curriculum> Make(const std::string& yaml,
                                 int64_t largest_n = 100) {
  return MakeCurriculum(Tree(yaml, Kind::kCurriculum, "curriculum"), largest_n);
}

std::vector<int64_t> Now(const Curriculum& curriculum) {
  return curriculum.stage().n;
}

using N = std::vector<int64_t>;

TEST(CurriculumTest, SingleHeadGoesThroughNOneByOne) {
  const auto curriculum = Make("{type: single_head}", 4);
  EXPECT_EQ(Now(*curriculum), N({2}));
  EXPECT_EQ(curriculum->passed(), 0);
  EXPECT_FALSE(curriculum->Report(Accuracy{0.98}));  // not above
  EXPECT_TRUE(curriculum->Report(Accuracy{0.981}));
  EXPECT_EQ(Now(*curriculum), N({3}));
  EXPECT_EQ(curriculum->passed(), 2);
  EXPECT_TRUE(curriculum->Report(Accuracy{1}));
  EXPECT_FALSE(curriculum->Report(Accuracy{1}));
  EXPECT_TRUE(curriculum->is_complete());
  EXPECT_EQ(curriculum->passed(), 4);
  EXPECT_EQ(Now(*curriculum), N({4}));
}

TEST(CurriculumTest, MultiHeadAddsAReadout) {
  const auto curriculum = Make("{type: multi_head, heads: 3}");
  EXPECT_EQ(Now(*curriculum), N({2}));
  EXPECT_TRUE(curriculum->Report(Accuracy{0.99}));
  EXPECT_EQ(Now(*curriculum), N({2, 3}));
  // The mean passes and the last does not, and the other way round.
  EXPECT_FALSE(curriculum->Report(Accuracy{1, 0.97}));
  EXPECT_FALSE(curriculum->Report(Accuracy{0.9, 1}));
  EXPECT_TRUE(curriculum->Report(Accuracy{0.98, 0.99}));
  EXPECT_EQ(Now(*curriculum), N({2, 3, 4}));
  EXPECT_FALSE(curriculum->Report(Accuracy{1, 1, 1}));
  EXPECT_TRUE(curriculum->is_complete());
  EXPECT_EQ(curriculum->passed(), 4);
}

TEST(CurriculumTest, AWindowSlides) {
  const auto curriculum = Make("{type: sliding_heads, heads: 4, forget: 2}", 8);
  EXPECT_EQ(Now(*curriculum), N({2, 3, 4, 5}));
  EXPECT_TRUE(curriculum->Report(Accuracy{1, 1, 1, 1}));
  EXPECT_EQ(Now(*curriculum), N({4, 5, 6, 7}));
  EXPECT_EQ(curriculum->passed(), 5);
  // {6, 7, 8, 9} would go beyond.
  EXPECT_FALSE(curriculum->Report(Accuracy{1, 1, 1, 1}));
  EXPECT_TRUE(curriculum->is_complete());
}

TEST(CurriculumTest, FixedHeadsStay) {
  const auto curriculum = Make("{type: fixed_heads, n: [3, 9, 5]}");
  EXPECT_EQ(Now(*curriculum), N({3, 9, 5}));
  EXPECT_FALSE(curriculum->Report(Accuracy{1, 0.5, 1}));
  EXPECT_EQ(curriculum->passed(), 0);
  EXPECT_FALSE(curriculum->Report(Accuracy{1, 0.99, 1}));
  EXPECT_EQ(curriculum->passed(), 9);
  EXPECT_FALSE(curriculum->is_complete());
}

TEST(CurriculumTest, PerformanceGatesSteps) {
  const auto curriculum = Make(
      "{type: performance_gated, start: 4, step: 3, end: 9, threshold: 0.8}");
  EXPECT_TRUE(curriculum->Report(Accuracy{0.81}));
  EXPECT_EQ(Now(*curriculum), N({7}));
  EXPECT_FALSE(curriculum->Report(Accuracy{0.9}));  // 10 is beyond the end
  EXPECT_TRUE(curriculum->is_complete());
}

TEST(CurriculumTest, ReachIsWhatItMayAsk) {
  const auto reach = [](const std::string& yaml) {
    return ReachOf(Tree(yaml, Kind::kCurriculum, "curriculum"), 50);
  };
  EXPECT_EQ(reach("{type: multi_head, heads: 30}").heads, 30);
  EXPECT_EQ(reach("{type: multi_head, heads: 30}").largest_n, 31);
  EXPECT_EQ(reach("{type: single_head}").heads, 1);
  EXPECT_EQ(reach("{type: single_head}").largest_n, 50);
  EXPECT_EQ(reach("{type: sliding_heads}").heads, 10);
  EXPECT_EQ(reach("{type: fixed_heads, n: [7, 60]}").largest_n, 60);
}

}  // namespace
}  // namespace engram
