// What holds for every learning rule of the catalog.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/core/rules/rule_fixture.h"
#include "tests/support/allocations.h"
#include "tests/support/state_copier.h"

namespace engram {
namespace {

constexpr int64_t kUnits = 300;  // more than one block of work
// Weights start here, within all bounds below: at 0 a rule that goes by a power
// of the weight changes nothing.
constexpr double kStart = 1e-6;

std::vector<std::string> RuleTypes() {
  std::vector<std::string> types;
  for (const RuleRow& row : RuleRows()) types.push_back(row.spec.type);
  return types;
}

std::string ParamName(const testing::TestParamInfo<std::string>& info) {
  return info.param;
}

// A recurrent matrix with its rule, each weight but the diagonal at kStart.
template <class Real>
PlasticOf<Real> StartedOf(const std::string& yaml, int64_t units,
                          double dt = 1.0) {
  PlasticOf<Real> p(yaml, units, dt);
  p.w.Fill(static_cast<Real>(kStart));
  for (int64_t i = 0; i < units; ++i) p.w(i, i) = 0;
  return p;
}

Plastic Started(const std::string& yaml, int64_t units, double dt = 1.0) {
  return StartedOf<double>(yaml, units, dt);
}

double LargestChange(const Plastic& p) {
  double largest = 0;
  for (int64_t j = 0; j < p.w.cols(); ++j) {
    for (int64_t i = 0; i < p.w.rows(); ++i) {
      if (i != j) largest = std::max(largest, std::abs(p.w(i, j) - kStart));
    }
  }
  return largest;
}

class EveryRule : public testing::TestWithParam<std::string> {
 protected:
  std::string Yaml() const { return "{type: " + GetParam() + "}"; }

  template <class Real>
  static void Train(PlasticOf<Real>& p, int from, int to, int threads = 1) {
    Parallel parallel(threads);
    for (int step = from; step < to; ++step) {
      const Activity<Real> activity(p.w.rows(), step, p.rule->shape().dt);
      ApplyRule(*p.rule, activity.signals, p.w, parallel);
    }
  }

  static std::vector<double> Weights(const Plastic& p) {
    return {p.w.span().begin(), p.w.span().end()};
  }
};

// Every part at once.
std::string WithParts(const std::string& type) {
  return "{type: " + type +
         ", eligibility: {type: eligibility_trace, tau: 50 ms}, homeostasis: "
         "[{type: homeostatic_scaling}, {type: heterosynaptic_competition, "
         "limit: 1e-4}, {type: column_normalisation, goal: 2e-3}, "
         "{type: row_normalisation, norm: l2, goal: 1e-3}], "
         "bounds: {type: hard_bounds, w_min: -1e-4, w_max: 1e-4}, "
         "signs: {type: dale}}";
}

TEST_P(EveryRule, WithEveryPartGivesTheSameBitsWithAnyNumberOfThreads) {
  const std::string yaml = WithParts(GetParam());
  Plastic one = Started(yaml, kUnits), two = Started(yaml, kUnits),
          three = Started(yaml, kUnits);
  Train(one, 0, 10, 1);
  Train(two, 0, 10, 2);
  Train(three, 0, 10, 3);
  EXPECT_NE(Weights(one), Weights(Started(yaml, kUnits)));
  EXPECT_EQ(Weights(two), Weights(one));
  EXPECT_EQ(Weights(three), Weights(one));
}

TEST_P(EveryRule, WithEveryPartGoesOnWhereItWasSaved) {
  const std::string yaml = WithParts(GetParam());
  Plastic whole = Started(yaml, 20), first = Started(yaml, 20),
          second = Started(yaml, 20);
  Train(whole, 0, 20);
  Train(first, 0, 10);
  StateCopier copier;
  first.rule->VisitState("rule", copier);
  std::vector<std::string> expected;
  for (const std::string& name : ArraysOfPlasticity(RuleTree(yaml))) {
    expected.push_back("rule." + name);
  }
  EXPECT_EQ(copier.paths, expected);
  copier.load = true;
  second.rule->VisitState("rule", copier);
  second.w = first.w;
  Train(second, 10, 20);
  EXPECT_EQ(Weights(second), Weights(whole));
}

TEST_P(EveryRule, WithEveryPartAllocatesNothing) {
  Plastic p = Started(WithParts(GetParam()), 50);
  Parallel parallel(1);
  const Activity<double> activity(50, 0, 1.0);
  const int64_t before = AllocationCount();
  for (int step = 0; step < 5; ++step) {
    ApplyRule(*p.rule, activity.signals, p.w, parallel);
  }
  EXPECT_EQ(AllocationCount(), before);
}

TEST_P(EveryRule, LearnsAndKeepsTheDiagonalZero) {
  Plastic p = Started(Yaml(), 12);
  Train(p, 0, 10);
  EXPECT_GT(LargestChange(p), 0);
  for (int64_t i = 0; i < 12; ++i) EXPECT_EQ(p.w(i, i), 0);
}

TEST_P(EveryRule, GivesTheSameBitsWithAnyNumberOfThreads) {
  Plastic one = Started(Yaml(), kUnits), two = Started(Yaml(), kUnits),
          three = Started(Yaml(), kUnits);
  Train(one, 0, 10, 1);
  Train(two, 0, 10, 2);
  Train(three, 0, 10, 3);
  EXPECT_EQ(Weights(two), Weights(one));
  EXPECT_EQ(Weights(three), Weights(one));
}

TEST_P(EveryRule, GoesOnWhereItWasSaved) {
  Plastic whole = Started(Yaml(), 20), first = Started(Yaml(), 20),
          second = Started(Yaml(), 20);
  Train(whole, 0, 20);
  Train(first, 0, 10);
  StateCopier copier;
  first.rule->VisitState("rule", copier);
  copier.load = true;
  second.rule->VisitState("rule", copier);
  second.w = first.w;
  Train(second, 10, 20);
  EXPECT_EQ(Weights(second), Weights(whole));
}

TEST_P(EveryRule, NamesTheArraysOfItsRow) {
  Plastic p(Yaml(), 4);
  StateCopier copier;
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
  Plastic p = Started(Yaml(), 50);
  Parallel parallel(1);
  const Activity<double> activity(50, 0, 1.0);
  const int64_t before = AllocationCount();
  for (int step = 0; step < 5; ++step) {
    ApplyRule(*p.rule, activity.signals, p.w, parallel);
  }
  EXPECT_EQ(AllocationCount(), before);
}

TEST_P(EveryRule, RefusesWhatItDoesNotHaveAndWhatIsOutOfRange) {
  Faults faults;
  ReadTree("{type: " + GetParam() + ", etta: 1, bounds: {type: hard_bound}}",
           Kind::kRule, "experiment.rule", faults);
  ASSERT_EQ(faults.size(), 2u);
  EXPECT_NE(faults[1].message.find("hard_bounds"), std::string::npos);
}

// The parameters' ends are part of a row: none may be passed.
TEST_P(EveryRule, RefusesEachParameterBelowItsSmallestValue) {
  for (const RuleRow& row : RuleRows()) {
    if (row.spec.type != GetParam()) continue;
    for (const ParameterSpec& parameter : row.spec.parameters) {
      if (!parameter.minimum) continue;
      Faults faults;
      ReadTree(absl::StrCat("{type: ", GetParam(), ", ", parameter.name, ": ",
                            2 * *parameter.minimum - 1, "}"),
               Kind::kRule, "experiment.rule", faults);
      ASSERT_EQ(faults.size(), 1u) << parameter.name;
      EXPECT_EQ(faults[0].path, "experiment.rule." + parameter.name);
    }
  }
}

TEST_P(EveryRule, HoldsBoundsAndDalesLaw) {
  Plastic p = Started("{type: " + GetParam() +
                          ", bounds: {type: hard_bounds, w_min: -1e-6, w_max: "
                          "2e-6}, signs: {type: dale, excitatory_share: 0.5}}",
                      24);
  Train(p, 0, 30);
  double largest = 0, smallest = 0;
  for (int64_t j = 0; j < 24; ++j) {
    for (int64_t i = 0; i < 24; ++i) {
      largest = std::max(largest, p.w(i, j));
      smallest = std::min(smallest, p.w(i, j));
      EXPECT_TRUE(j < 12 ? p.w(i, j) >= 0 : p.w(i, j) <= 0);
    }
  }
  EXPECT_LE(largest, 2e-6);
  EXPECT_GE(smallest, -1e-6);
  EXPECT_GT(largest - smallest, 0);
}

// Sums of 100 terms, each rounded to 2^-24 of the weight: 1e-5 of the largest
// is more than the worst case.
TEST_P(EveryRule, SinglePrecisionIsCloseToDouble) {
  Plastic wide = Started(Yaml(), 30);
  PlasticOf<float> narrow = StartedOf<float>(Yaml(), 30);
  Train(wide, 0, 100);
  Train(narrow, 0, 100);
  double largest = 0, error = 0;
  for (int64_t k = 0; k < 900; ++k) {
    largest = std::max(largest, std::abs(wide.w[k]));
    error =
        std::max(error, std::abs(wide.w[k] - static_cast<double>(narrow.w[k])));
  }
  EXPECT_GT(LargestChange(wide), 0);
  EXPECT_LT(error, 1e-5 * largest);
}

// A list of the synapses of a dense matrix is changed as the matrix is. Sums
// over a column (subspace) run over what exists, so the matrix is full.
TEST_P(EveryRule, ChangesListedSynapsesAsItChangesAMatrix) {
  constexpr int64_t kPost = 70, kPre = 150;
  const Component tree = RuleTree(Yaml());
  const auto dense =
      MakePlasticity<double>(tree, {.n_post = kPost, .n_pre = kPre, .dt = 1});
  const auto sparse = MakePlasticity<double>(
      tree,
      {.n_post = kPost, .n_pre = kPre, .dt = 1, .synapses = kPost * kPre});
  Array<double> w(kPost, kPre);
  w.Fill(kStart);
  SparseWeights<double> list{kPost, kPre, Array<int64_t>(kPre + 1),
                             Array<int32_t>(kPost * kPre),
                             Array<double>(kPost * kPre)};
  for (int64_t j = 0; j <= kPre; ++j) list.starts[j] = j * kPost;
  for (int64_t k = 0; k < kPost * kPre; ++k) {
    list.rows[k] = static_cast<int32_t>(k % kPost);
  }
  list.weights.Fill(kStart);
  Parallel parallel(2);
  for (int step = 0; step < 20; ++step) {
    const Activity<double> pre(kPre, step, 1), post(kPost, 100 + step, 1);
    Signals<double> s = pre.signals;
    s.post = post.rate;
    s.post_potential = post.potential;
    s.post_spikes = post.spikes;
    ApplyRule(*dense, s, w, parallel);
    ApplyRule(*sparse, s, list, parallel);
  }
  EXPECT_EQ(std::vector<double>(w.span().begin(), w.span().end()),
            std::vector<double>(list.weights.span().begin(),
                                list.weights.span().end()));
}

// Of a list with gaps, each synapse is changed as it is in the full matrix,
// unless the rule looks at a whole column, or counts a unit's inputs.
TEST_P(EveryRule, ChangesSynapsesBetweenGapsAsInTheMatrix) {
  for (const char* other : {"subspace", "sanger", "unlearning"}) {
    if (GetParam() == other) GTEST_SKIP() << "depends on which synapses exist";
  }
  constexpr int64_t kPost = 90, kPre = 40;
  const Component tree = RuleTree(Yaml());
  const auto exists = [](int64_t i, int64_t j) { return (3 * i + j) % 4 == 0; };
  std::vector<int32_t> rows;
  Array<int64_t> starts(kPre + 1);
  for (int64_t j = 0; j < kPre; ++j) {
    for (int64_t i = 0; i < kPost; ++i) {
      if (exists(i, j)) rows.push_back(static_cast<int32_t>(i));
    }
    starts[j + 1] = static_cast<int64_t>(rows.size());
  }
  const auto synapses = static_cast<int64_t>(rows.size());
  SparseWeights<double> list{kPost, kPre, starts, Array<int32_t>(synapses),
                             Array<double>(synapses)};
  std::copy(rows.begin(), rows.end(), list.rows.data());
  const auto dense =
      MakePlasticity<double>(tree, {.n_post = kPost, .n_pre = kPre, .dt = 1});
  const auto sparse = MakePlasticity<double>(
      tree, {.n_post = kPost, .n_pre = kPre, .dt = 1, .synapses = synapses});
  Array<double> w(kPost, kPre);
  w.Fill(kStart);
  list.weights.Fill(kStart);
  Parallel parallel(1);
  for (int step = 0; step < 20; ++step) {
    const Activity<double> pre(kPre, step, 1), post(kPost, 100 + step, 1);
    Signals<double> s = pre.signals;
    s.post = post.rate;
    s.post_potential = post.potential;
    // Now few spikes, which are looked up, now many.
    s.post_spikes = std::span(post.spikes).first(step % 2 == 0 ? 1 : 10);
    ApplyRule(*dense, s, w, parallel);
    ApplyRule(*sparse, s, list, parallel);
  }
  for (int64_t j = 0; j < kPre; ++j) {
    for (int64_t k = starts[j]; k < starts[j + 1]; ++k) {
      EXPECT_EQ(list.weights[k], w(list.rows[k], j));
    }
  }
}

// With a modulator that is always 1/dt and a trace that forgets at once, the
// three-factor form is the rule: e holds the step's change alone.
TEST_P(EveryRule, WorksInThreeFactorForm) {
  Plastic gated =
      Started("{type: " + GetParam() +
                  ", eligibility: {type: eligibility_trace, tau: 0.1 ms}}",
              20, 100);
  Plastic step100 = Started(Yaml(), 20, 100);
  Parallel parallel(1);
  for (int step = 0; step < 5; ++step) {
    Activity<double> activity(20, step, 100);
    activity.modulator[0] = 1.0 / 100;
    ApplyRule(*gated.rule, activity.signals, gated.w, parallel);
    ApplyRule(*step100.rule, activity.signals, step100.w, parallel);
  }
  for (int64_t k = 0; k < 400; ++k) {
    EXPECT_NEAR(gated.w[k], step100.w[k],
                1e-14 + 1e-12 * std::abs(step100.w[k]));
  }
}

INSTANTIATE_TEST_SUITE_P(Rules, EveryRule, testing::ValuesIn(RuleTypes()),
                         ParamName);

}  // namespace
}  // namespace engram
