#include "core/programs/solution_comparison.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/analyses/block_structure.h"
#include "core/analyses/similarity/measures.h"
#include "core/programs/discarding_recorder.h"
#include "core/programs/prefix_visitor.h"
#include "core/programs/state_array.h"

namespace engram {
namespace {

// A component's own path and all below it move from `from` to `to`.
void Move(Component& component, const std::string& from,
          const std::string& to) {
  component.path = absl::StrCat(to, component.path.substr(from.size()));
  for (auto& [slot, held] : component.slots) {
    for (Component& child : held) Move(child, from, to);
  }
}

constexpr size_t kMeasureCount = kSimilarityMeasures.size();

// Solutions of pair `number`: (0, 1), (0, 2), ..., (1, 2), ...
std::pair<size_t, size_t> PairOf(int64_t number, size_t solutions) {
  size_t a = 0;
  int64_t left = number;
  while (left >= static_cast<int64_t>(solutions - a - 1)) {
    left -= static_cast<int64_t>(solutions - a - 1);
    ++a;
  }
  return {a, a + 1 + static_cast<size_t>(left)};
}

int64_t CountPairs(size_t solutions) {
  return static_cast<int64_t>(solutions * (solutions - 1) / 2);
}

}  // namespace

std::string SolutionPath(const Component& solution) {
  return absl::StrCat("solutions",
                      solution.path.substr(solution.path.rfind('.')));
}

Component AtRoot(Component component, const std::string& root_path) {
  Move(component, std::string(component.path), root_path);
  return component;
}

SolutionComparison::SolutionComparison(const Component& root, uint64_t seed,
                                       Context context)
    : embedding_{.delays = root.Integer("delays"),
                 .interval = root.Integer("delay_interval"),
                 .rank = root.Integer("rank")},
      same_above_(root.Real("same_above")),
      tick_(1),
      values_(kMeasureCount, CountPairs(root.Slots("solutions").size())),
      known_(kMeasureCount, CountPairs(root.Slots("solutions").size())),
      solutions_(root.Slots("solutions").size()) {
  const uint64_t step = static_cast<uint64_t>(root.Integer("seed_step"));
  uint64_t own = seed;
  for (const Component& solution : root.Slots("solutions")) {
    const Component alone = AtRoot(solution, root.path);
    trained_.push_back({SolutionPath(solution),
                        std::make_unique<SequenceLearning>(alone, own, context),
                        alone.Integer("repetitions") + 1});
    own += step;
  }
}

absl::StatusOr<Progress> SolutionComparison::Advance(int64_t ticks,
                                                     Recorder& out,
                                                     std::stop_token stop) {
  ENGRAM_EXPECT(ticks >= 1);
  for (; ticks > 0 && !progress().finished; --ticks) {
    if (stop.stop_requested()) break;
    if (absl::Status status = RunTick(out); !status.ok()) return status;
    ++tick_[0];
  }
  return progress();
}

int64_t SolutionComparison::trainings() const {
  int64_t ticks = 0;
  for (const Trained& t : trained_) ticks += t.ticks;
  return ticks;
}

Progress SolutionComparison::progress() const {
  const int64_t total = trainings() + pair_count();
  return {.tick = tick_[0], .total = total, .finished = tick_[0] >= total};
}

absl::Status SolutionComparison::RunTick(Recorder& out) {
  const int64_t pair = tick_[0] - trainings();
  if (pair < 0) return Train(tick_[0]);
  Compare(pair);
  if (pair + 1 == pair_count()) Report(out);
  return absl::OkStatus();
}

absl::Status SolutionComparison::Train(int64_t tick) {
  size_t k = 0;
  for (; tick >= trained_[k].ticks; ++k) tick -= trained_[k].ticks;
  // The comparison alone is this run's record.
  DiscardingRecorder nothing;
  const auto advanced = trained_[k].program->Advance(1, nothing, {});
  if (advanced.ok()) return absl::OkStatus();
  return absl::Status(advanced.status().code(),
                      absl::StrCat(trained_[k].path, ": ",
                                   std::string(advanced.status().message())));
}

const Solution& SolutionComparison::SolutionOf(size_t k) {
  if (!solutions_[k]) {
    SequenceLearning& program = *trained_[k].program;
    Solution s{.task = &program.task(),
               .weights = program.weights(),
               .blocks = BlockMeans(program.weights(), program.task()),
               .rates = program.RecallRates(),
               .system = {}};
    s.system = FitLinearSystem(s.rates, embedding_);
    solutions_[k] = std::move(s);
  }
  return *solutions_[k];
}

void SolutionComparison::Compare(int64_t pair) {
  const auto [a, b] = PairOf(pair, trained_.size());
  const Similarity similarity = CompareSolutions(SolutionOf(a), SolutionOf(b));
  for (size_t m = 0; m < kMeasureCount; ++m) {
    const std::optional<double> value =
        similarity.*kSimilarityMeasures[m].value;
    values_(static_cast<int64_t>(m), pair) = value.value_or(0);
    known_(static_cast<int64_t>(m), pair) = value.has_value();
  }
}

// Over pairs; absent when one of them has none.
Measured SolutionComparison::MeanOver(size_t measure) const {
  const int64_t row = static_cast<int64_t>(measure);
  double sum = 0;
  for (int64_t pair = 0; pair < pair_count(); ++pair) {
    if (!known_(row, pair)) {
      return Measured::Absent(
          "a recall or its weights vary too little to compare");
    }
    sum += values_(row, pair);
  }
  return Measured::Of(sum / static_cast<double>(pair_count()));
}

Array<double> SolutionComparison::Table(size_t measure, double self) const {
  const int64_t n = static_cast<int64_t>(trained_.size());
  Array<double> table(n, n);
  for (int64_t k = 0; k < n; ++k) table(k, k) = self;
  for (int64_t pair = 0; pair < pair_count(); ++pair) {
    const auto [first, second] = PairOf(pair, trained_.size());
    const int64_t a = static_cast<int64_t>(first);
    const int64_t b = static_cast<int64_t>(second);
    table(a, b) = table(b, a) = values_(static_cast<int64_t>(measure), pair);
  }
  return table;
}

void SolutionComparison::ReportFamilies(Recorder& out) const {
  const std::vector<int64_t> family =
      FamiliesOf(Table(kBlockCorrelation, 1), same_above_);
  const std::set<int64_t> different(family.begin(), family.end());
  int64_t largest = 0;
  for (int64_t f : different) {
    largest = std::max<int64_t>(largest, std::ranges::count(family, f));
  }
  out.Summary("families", "1",
              Measured::Of(static_cast<double>(different.size())));
  out.Summary("largest_family", "1",
              Measured::Of(static_cast<double>(largest)));
  Array<int64_t> array(static_cast<int64_t>(family.size()));
  std::ranges::copy(family, array.data());
  out.Array("family", -1, ViewOf(array, "1"));
}

void SolutionComparison::Report(Recorder& out) const {
  for (size_t m = 0; m < kMeasureCount; ++m) {
    const std::string name = kSimilarityMeasures[m].name;
    out.Summary(name, "1", MeanOver(m));
    const Array<double> table = Table(m, kSimilarityMeasures[m].of_itself);
    out.Array(name + "_of_pairs", -1, ViewOf(table, "1"));
  }
  ReportFamilies(out);
}

void SolutionComparison::VisitState(StateVisitor& v) {
  v.State("tick", StateOf(tick_, "1"));
  v.State("values", StateOf(values_, "1"));
  v.State("known", StateOf(known_, "1"));
  for (const Trained& t : trained_) {
    PrefixVisitor inside(t.path + ".", v);
    t.program->VisitState(inside);
  }
}

}  // namespace engram
