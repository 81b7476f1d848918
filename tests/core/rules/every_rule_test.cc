// What holds for every learning rule of the catalog.

#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <vector>

#include "tests/core/rules/rule_fixture.h"
#include "tests/support/allocations.h"

namespace engram {
namespace {

constexpr int64_t kUnits = 300;  // more than one block of work

std::vector<std::string> RuleTypes() {
  std::vector<std::string> types;
  for (const RuleRow& row : RuleRows()) types.push_back(row.spec.type);
  return types;
}

std::string ParamName(const testing::TestParamInfo<std::string>& info) {
  return info.param;
}

class EveryRule : public testing::TestWithParam<std::string> {
 protected:
  std::string Yaml() const { return "{type: " + GetParam() + "}"; }

  static void Train(Plastic& p, int from, int to, int threads = 1) {
    Parallel parallel(threads);
    for (int step = from; step < to; ++step) {
      p.Step(RandomRates(p.w.rows(), step), parallel);
    }
  }

  static std::vector<double> Weights(const Plastic& p) {
    return {p.w.span().begin(), p.w.span().end()};
  }
};

// Saves, or with `load` restores, every array of a rule.
class Copier final : public StateVisitor {
 public:
  void State(absl::string_view path, StateArray array) override {
    paths.emplace_back(path);
    if (!load) {
      saved.emplace_back(array.bytes.begin(), array.bytes.end());
    } else {
      std::memcpy(array.bytes.data(), saved.at(at++).data(),
                  array.bytes.size());
    }
  }
  void Fixed(absl::string_view, StateArray) override {}
  void View(absl::string_view, ElementType, ArrayOrder, std::vector<int64_t>,
            absl::string_view,
            std::function<void(std::span<std::byte>)>) override {}

  bool load = false;
  size_t at = 0;
  std::vector<std::string> paths;
  std::vector<std::vector<std::byte>> saved;
};

TEST_P(EveryRule, LearnsAndKeepsTheDiagonalZero) {
  Plastic p(Yaml(), 12);
  Train(p, 0, 10);
  double largest = 0;
  for (double weight : p.w.span())
    largest = std::max(largest, std::abs(weight));
  EXPECT_GT(largest, 0);
  for (int64_t i = 0; i < 12; ++i) EXPECT_EQ(p.w(i, i), 0);
}

TEST_P(EveryRule, GivesTheSameBitsWithAnyNumberOfThreads) {
  Plastic one(Yaml(), kUnits), two(Yaml(), kUnits), three(Yaml(), kUnits);
  Train(one, 0, 10, 1);
  Train(two, 0, 10, 2);
  Train(three, 0, 10, 3);
  EXPECT_EQ(Weights(two), Weights(one));
  EXPECT_EQ(Weights(three), Weights(one));
}

TEST_P(EveryRule, GoesOnWhereItWasSaved) {
  Plastic whole(Yaml(), 20), first(Yaml(), 20), second(Yaml(), 20);
  Train(whole, 0, 20);
  Train(first, 0, 10);
  Copier copier;
  first.rule->VisitState("rule", copier);
  copier.load = true;
  second.rule->VisitState("rule", copier);
  second.w = first.w;
  Train(second, 10, 20);
  EXPECT_EQ(Weights(second), Weights(whole));
}

TEST_P(EveryRule, NamesTheArraysOfItsRow) {
  Plastic p(Yaml(), 4);
  Copier copier;
  p.rule->VisitState("rule", copier);
  std::vector<std::string> expected;
  for (const RuleRow& row : RuleRows()) {
    if (row.spec.type != GetParam()) continue;
    for (const std::string& name : row.arrays)
      expected.push_back("rule." + name);
  }
  EXPECT_EQ(copier.paths, expected);
}

TEST_P(EveryRule, AStepAllocatesNothing) {
  Plastic p(Yaml(), 50);
  Parallel parallel(1);
  const std::vector<double> rate = RandomRates(50, 0);
  const int64_t before = AllocationCount();
  for (int step = 0; step < 5; ++step) p.Step(rate, parallel);
  EXPECT_EQ(AllocationCount(), before);
}

TEST_P(EveryRule, RefusesWhatItDoesNotHaveAndWhatIsOutOfRange) {
  Faults faults;
  ReadTree("{type: " + GetParam() + ", etta: 1, eta: -1}", Kind::kRule,
           "experiment.rule", faults);
  EXPECT_EQ(faults.size(), 2u);
}

INSTANTIATE_TEST_SUITE_P(Rules, EveryRule, testing::ValuesIn(RuleTypes()),
                         ParamName);

}  // namespace
}  // namespace engram
