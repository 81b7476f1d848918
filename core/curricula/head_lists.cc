// Curricula over a list of n, one a readout. What differs is what happens when
// a stage is passed:
//
//   single_head        n grows, the readout stays
//   performance_gated  the same by other steps, up to an end
//   multi_head         a readout for the next n joins
//   sliding_heads      the smallest n are dropped, and as many larger ones
//                      join; readout k always serves the k-th of the list
//   fixed_heads        nothing
//
// Source: Khajehabdollahi et al. (2024), ICLR, arXiv:2309.12927.

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/base/array.h"
#include "core/curricula/curriculum.h"
#include "core/programs/state_array.h"
#include "core/spec/find_row.h"

namespace engram {
namespace {

// A list first, first + 1, ... of `count` n, and how a passed stage moves it.
struct Plan {
  int64_t first = 2;
  int64_t count = 1;
  int64_t most_heads = 1;
  int64_t advance = 1;  // of `first`, when the list is full
  int64_t last_n = 1;   // no n is larger
};

class HeadList final : public Curriculum {
 public:
  HeadList(const Plan& plan, double threshold)
      : plan_(plan), threshold_(threshold), state_(4) {
    state_[kFirst] = plan.first;
    state_[kCount] = plan.count;
    Fill();
  }

  const Stage& stage() const override {
    // The state may have been restored behind our back.
    if (stage_.n.front() != state_[kFirst] || stage_.heads() != state_[kCount])
      Fill();
    return stage_;
  }

  bool Report(std::span<const double> accuracy) override {
    const double mean = std::accumulate(accuracy.begin(), accuracy.end(), 0.0) /
                        static_cast<double>(accuracy.size());
    if (is_complete() || mean <= threshold_ || accuracy.back() <= threshold_) {
      return false;
    }
    state_[kPassed] = stage().largest();
    int64_t first = state_[kFirst], count = state_[kCount];
    if (count < plan_.most_heads) {
      ++count;
    } else {
      first += plan_.advance;
    }
    if (plan_.advance == 0 && count == state_[kCount]) {
      state_[kComplete] = 1;
    } else if (first + count - 1 > plan_.last_n) {
      state_[kComplete] = 1;
    } else {
      state_[kFirst] = first;
      state_[kCount] = count;
      Fill();
    }
    return !is_complete();
  }

  bool is_complete() const override { return state_[kComplete] != 0; }
  int64_t passed() const override { return state_[kPassed]; }
  void VisitState(StateVisitor& v) override {
    v.State("curriculum.stage", StateOf(state_, "1"));
  }

 private:
  enum { kFirst, kCount, kPassed, kComplete };

  void Fill() const {
    stage_.n.resize(static_cast<size_t>(state_[kCount]));
    std::iota(stage_.n.begin(), stage_.n.end(), state_[kFirst]);
  }

  const Plan plan_;
  const double threshold_;
  Array<int64_t> state_;
  mutable Stage stage_;  // follows from the state
};

class FixedHeads final : public Curriculum {
 public:
  explicit FixedHeads(const Component& c)
      : threshold_(c.Real("threshold")), state_(1) {
    stage_.n.clear();
    for (double n : c.Reals("n")) stage_.n.push_back(std::llround(n));
  }

  const Stage& stage() const override { return stage_; }
  bool Report(std::span<const double> accuracy) override {
    const double least = *std::ranges::min_element(accuracy);
    if (least > threshold_) state_[0] = stage_.largest();
    return false;
  }
  // Goes on until the epochs are over.
  bool is_complete() const override { return false; }
  int64_t passed() const override { return state_[0]; }
  void VisitState(StateVisitor& v) override {
    v.State("curriculum.stage", StateOf(state_, "1"));
  }

 private:
  double threshold_;
  Stage stage_;
  Array<int64_t> state_;
};

Plan PlanOf(const Component& c, int64_t largest_n) {
  const int64_t start = c.Integer("start");
  if (c.type == "single_head") {
    return {.first = start, .advance = 1, .last_n = largest_n};
  }
  if (c.type == "performance_gated") {
    return {.first = start,
            .advance = c.Integer("step"),
            .last_n = c.Integer("end")};
  }
  const int64_t heads = c.Integer("heads");
  if (c.type == "multi_head") {
    return {.first = start,
            .most_heads = heads,
            .advance = 0,
            .last_n = start + heads - 1};
  }
  return {.first = start,
          .count = heads,
          .most_heads = heads,
          .advance = c.Integer("forget"),
          .last_n = largest_n};
}

std::unique_ptr<Curriculum> MakeHeadList(const Component& c,
                                         int64_t largest_n) {
  return std::make_unique<HeadList>(PlanOf(c, largest_n), c.Real("threshold"));
}

CurriculumReach ReachOfList(const Component& c, int64_t largest_n) {
  const Plan plan = PlanOf(c, largest_n);
  return {plan.most_heads, plan.first,
          std::max(plan.first + plan.most_heads - 1, plan.last_n)};
}

CurriculumRow RowOfCurriculum(ComponentSpec spec) {
  spec.kind = Kind::kCurriculum;
  spec.reference = "arXiv:2309.12927";
  spec.parameters.push_back(
      Real("threshold", "1", 0.98, 0, 1,
           "a stage is passed above this share of right answers, of all "
           "readouts in the mean and of the last"));
  return {.spec = std::move(spec), .reach = ReachOfList, .make = MakeHeadList};
}

ParameterSpec Start() {
  return Integer("start", 2, 1, 10000, "smallest n of the first stage");
}

CurriculumRow SingleHeadRow() {
  return RowOfCurriculum({.type = "single_head",
                          .summary = "one n at a time, by one readout",
                          .equation = "n -> n + 1",
                          .parameters = {Start()}});
}

CurriculumRow PerformanceGatedRow() {
  CurriculumRow row = RowOfCurriculum(
      {.type = "performance_gated",
       .summary = "one n at a time, by steps, up to an end",
       .equation = "n -> n + step",
       .parameters = {Start(), Integer("step", 1, 1, 10000, "from n to n"),
                      Integer("end", 20, 1, 10000, "largest n")}});
  row.spec.check = [](const Component& self, const Component&, Faults& faults) {
    if (self.Integer("start") <= self.Integer("end")) return;
    faults.push_back(
        {0, self.path + ".end", "end is below start; make it at least that"});
  };
  return row;
}

CurriculumRow MultiHeadRow() {
  return RowOfCurriculum(
      {.type = "multi_head",
       .summary = "all n at once, each by a readout of its own, one more "
                  "whenever all are passed",
       .equation = "{2..n} -> {2..n + 1}",
       .parameters = {Start(),
                      Integer("heads", 100, 1, 10000, "readouts in the end")}});
}

CurriculumRow SlidingHeadsRow() {
  CurriculumRow row = RowOfCurriculum(
      {.type = "sliding_heads",
       .summary = "a window of n that moves on when it is passed",
       .equation = "{n..n + heads - 1} -> {n + forget..}",
       .parameters = {
           Start(), Integer("heads", 10, 1, 10000, "readouts"),
           Integer("forget", 5, 1, 10000, "smallest n that are dropped")}});
  return row;
}

CurriculumRow FixedHeadsRow() {
  ParameterSpec list = Integer("n", 2, 1, 10000, "of each readout");
  list.default_value = Value(Value::List{Value(2)});
  list.list_rank = 1;
  return {
      .spec = {.kind = Kind::kCurriculum,
               .type = "fixed_heads",
               .summary = "the same n all along",
               .equation = "",
               .parameters = {list, Real("threshold", "1", 0.98, 0, 1,
                                         "n counts as passed once every "
                                         "readout is above this")},
               .check =
                   [](const Component& self, const Component&, Faults& faults) {
                     if (!self.Reals("n").empty()) return;
                     faults.push_back({0, self.path + ".n",
                                       "n is empty; name at least one"});
                   }},
      .reach =
          [](const Component& c, int64_t) {
            const std::vector<double> n = c.Reals("n");
            if (n.empty()) return CurriculumReach{};
            const auto [low, high] = std::ranges::minmax_element(n);
            return CurriculumReach{static_cast<int64_t>(n.size()),
                                   std::llround(*low), std::llround(*high)};
          },
      .make = [](const Component& c, int64_t) -> std::unique_ptr<Curriculum> {
        return std::make_unique<FixedHeads>(c);
      }};
}

}  // namespace

const std::vector<CurriculumRow>& CurriculumRows() {
  static const std::vector<CurriculumRow> rows = {
      FixedHeadsRow(), MultiHeadRow(),    PerformanceGatedRow(),
      SingleHeadRow(), SlidingHeadsRow(),
  };
  return rows;
}

std::unique_ptr<Curriculum> MakeCurriculum(const Component& component,
                                           int64_t largest_n) {
  return RowOf(CurriculumRows(), component.type).make(component, largest_n);
}

CurriculumReach ReachOf(const Component& component, int64_t largest_n) {
  return RowOf(CurriculumRows(), component.type).reach(component, largest_n);
}

}  // namespace engram
