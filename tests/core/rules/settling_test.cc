// Steps whose last pass waits for the next one: what they leave once settled,
// to the bit.

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "tests/core/rules/rule_fixture.h"
#include "tests/support/allocations.h"
#include "tests/support/state_copier.h"

namespace engram {
namespace {

constexpr int64_t kUnits = 71;  // not a multiple of four columns

// What may follow a rule, by what happens to the last pass.
const char* const kParts[] = {
    // One loop finishes a step and begins the next.
    ", homeostasis: [{type: row_normalisation, goal: 3}]",
    ", homeostasis: [{type: row_normalisation, norm: l2, goal: 1}], bounds: "
    "{type: hard_bounds, w_min: -0.1, w_max: 0.06}, signs: {type: dale}",
    // Tile by tile.
    ", homeostasis: [{type: row_normalisation, goal: 3}], bounds: {type: "
    "soft_bounds, w_min: -0.2, w_max: 0.2}",
    ", homeostasis: [{type: homeostatic_scaling, beta: 0.01}, {type: "
    "heterosynaptic_competition, limit: 0.3}, {type: column_normalisation, "
    "goal: 2}], bounds: {type: hard_bounds, w_min: -0.1, w_max: 0.1}",
    ", eligibility: {type: eligibility_trace, tau: 50 ms}, homeostasis: "
    "[{type: "
    "row_normalisation, goal: 3}]",
    // Three passes.
    ", homeostasis: [{type: row_normalisation, goal: 3}, {type: "
    "heterosynaptic_competition, limit: 0.3}], signs: {type: dale}",
    // The last pass cannot wait.
    ", homeostasis: [{type: row_normalisation, goal: 3}, {type: "
    "homeostatic_scaling, beta: 0.01}]",
    // There is one pass.
    ", bounds: {type: hard_bounds, w_min: -0.1, w_max: 0.06}"};

std::string Yaml(const std::string& type, const std::string& parts) {
  return "{type: " + type + parts + "}";
}

// Of both signs, within all bounds above.
double StartAt(int64_t k) { return 0.05 * std::sin(static_cast<double>(k)); }

template <class Real>
PlasticOf<Real> Started(const std::string& yaml) {
  PlasticOf<Real> p(yaml, kUnits);
  for (int64_t k = 0; k < kUnits * kUnits; ++k) {
    p.w[k] = k % (kUnits + 1) == 0 ? Real{0} : static_cast<Real>(StartAt(k));
  }
  return p;
}

template <class Values>
std::vector<double> Listed(const Values& w) {
  return {w.span().begin(), w.span().end()};
}

class Settling : public testing::TestWithParam<std::string> {
 protected:
  // Steps, of which the weights are looked at after the 1st, the 3rd and the
  // last.
  template <class Real>
  static void ExpectSameBits(const std::string& yaml, int threads) {
    Parallel parallel(threads);
    PlasticOf<Real> seen = Started<Real>(yaml), unseen = Started<Real>(yaml);
    const std::vector<double> start = Listed(seen.w);
    for (int step = 0; step < 7; ++step) {
      const Activity<Real> activity(kUnits, step, 1);
      ApplyRule(*seen.rule, activity.signals, seen.w, parallel);
      ApplyRuleUnsettled(*unseen.rule, activity.signals, unseen.w, parallel);
      if (step != 0 && step != 2 && step != 6) continue;
      Settle(*unseen.rule, unseen.w, parallel);
      ASSERT_EQ(Listed(unseen.w), Listed(seen.w)) << yaml << " step " << step;
    }
    EXPECT_NE(Listed(seen.w), start);
  }
};

TEST_P(Settling, GivesTheBitsOfStepsThatAreSeen) {
  for (const char* parts : kParts) {
    ExpectSameBits<double>(Yaml(GetParam(), parts), 1);
    ExpectSameBits<float>(Yaml(GetParam(), parts), 2);
  }
}

std::vector<std::string> RuleTypes() {
  std::vector<std::string> types;
  for (const RuleRow& row : RuleRows()) types.push_back(row.spec.type);
  return types;
}

std::string NameOf(const testing::TestParamInfo<std::string>& parameter) {
  return parameter.param;
}

INSTANTIATE_TEST_SUITE_P(Rules, Settling, testing::ValuesIn(RuleTypes()),
                         NameOf);

// Sums cross several blocks of work.
TEST(SettlingTest, GivesTheSameBitsWithAnyNumberOfThreads) {
  constexpr int64_t kMany = 1030;
  const std::string yaml = Yaml("oja", kParts[1]);
  Plastic one(yaml, kMany), three(yaml, kMany);
  ASSERT_GT(one.rule->tiling().blocks, 1);
  for (int64_t k = 0; k < kMany * kMany; ++k) {
    if (k % (kMany + 1) != 0) one.w[k] = three.w[k] = StartAt(k);
  }
  Parallel alone(1), together(3);
  for (int step = 0; step < 3; ++step) {
    const Activity<double> activity(kMany, step, 1);
    ApplyRuleUnsettled(*one.rule, activity.signals, one.w, alone);
    ApplyRuleUnsettled(*three.rule, activity.signals, three.w, together);
  }
  Settle(*one.rule, one.w, alone);
  Settle(*three.rule, three.w, together);
  EXPECT_TRUE(std::ranges::equal(one.w.span(), three.w.span()));
  EXPECT_GT(std::abs(one.w(1, 0)), 0);
}

TEST(SettlingTest, ListedSynapsesWaitAsAMatrixDoes) {
  constexpr int64_t kPost = 70, kPre = 150;
  const auto seen = MakePlasticity<double>(
      RuleTree(Yaml("hebbian", kParts[1])),
      {.n_post = kPost, .n_pre = kPre, .dt = 1, .synapses = kPost * kPre});
  const auto unseen = MakePlasticity<double>(
      RuleTree(Yaml("hebbian", kParts[1])),
      {.n_post = kPost, .n_pre = kPre, .dt = 1, .synapses = kPost * kPre});
  SparseWeights<double> list{kPost, kPre, Array<int64_t>(kPre + 1),
                             Array<int32_t>(kPost * kPre),
                             Array<double>(kPost * kPre)};
  for (int64_t j = 0; j <= kPre; ++j) list.starts[j] = j * kPost;
  for (int64_t k = 0; k < kPost * kPre; ++k) {
    list.rows[k] = static_cast<int32_t>(k % kPost);
    list.weights[k] = StartAt(k);
  }
  SparseWeights<double> other = list;
  Parallel parallel(2);
  for (int step = 0; step < 5; ++step) {
    const Activity<double> pre(kPre, step, 1), post(kPost, 100 + step, 1);
    Signals<double> s = pre.signals;
    s.post = post.rate;
    ApplyRule(*seen, s, list, parallel);
    ApplyRuleUnsettled(*unseen, s, other, parallel);
  }
  EXPECT_NE(Listed(other.weights), Listed(list.weights));
  Settle(*unseen, other, parallel);
  EXPECT_EQ(Listed(other.weights), Listed(list.weights));
}

TEST(SettlingTest, AStepThatIsSeenSettlesWhatWaits) {
  const std::string yaml = Yaml("hebbian", kParts[0]);
  Parallel parallel(1);
  Plastic seen = Started<double>(yaml), mixed = Started<double>(yaml);
  for (int step = 0; step < 4; ++step) {
    const Activity<double> activity(kUnits, step, 1);
    ApplyRule(*seen.rule, activity.signals, seen.w, parallel);
    if (step < 3) {
      ApplyRuleUnsettled(*mixed.rule, activity.signals, mixed.w, parallel);
      EXPECT_TRUE(mixed.rule->is_waiting());
    } else {
      ApplyRule(*mixed.rule, activity.signals, mixed.w, parallel);
    }
  }
  EXPECT_FALSE(mixed.rule->is_waiting());
  EXPECT_EQ(Listed(mixed.w), Listed(seen.w));
  Settle(*mixed.rule, mixed.w, parallel);
  EXPECT_EQ(Listed(mixed.w), Listed(seen.w));
}

TEST(SettlingTest, StateIsNotSavedWhileWeightsWait) {
  Parallel parallel(1);
  Plastic p = Started<double>(Yaml("hebbian", kParts[0]));
  const Activity<double> activity(kUnits, 0, 1);
  ApplyRuleUnsettled(*p.rule, activity.signals, p.w, parallel);
  StateCopier copier;
  EXPECT_THROW(p.rule->VisitState("rule", copier), ContractViolation);
  Settle(*p.rule, p.w, parallel);
  p.rule->VisitState("rule", copier);
  EXPECT_EQ(copier.paths.size(), 2u);  // goal and has_start of the part
}

TEST(SettlingTest, AllocatesNothing) {
  Parallel parallel(1);
  Plastic p = Started<double>(Yaml("oja", kParts[1]));
  const Activity<double> activity(kUnits, 0, 1);
  const int64_t before = AllocationCount();
  for (int step = 0; step < 3; ++step) {
    ApplyRuleUnsettled(*p.rule, activity.signals, p.w, parallel);
  }
  Settle(*p.rule, p.w, parallel);
  EXPECT_EQ(AllocationCount(), before);
}

}  // namespace
}  // namespace engram
