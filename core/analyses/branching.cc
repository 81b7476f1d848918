#include <algorithm>
#include <memory>

#include "core/analyses/catalog.h"

namespace engram {
namespace {

// Where one item is followed by different ones in different sequences, which of
// them comes after it in recall? A rule that links an item to the next knows
// nothing of what came before, so the share of the right one is that of chance.
class Branching final : public SequenceAnalysis {
 public:
  void Run(const SequenceResults& results, AnalysisOutput& out) const override {
    const RecallTrace& trace = results.recall;
    double right = 0, all = 0;
    bool is_shared = false, is_reached = false;
    for (int64_t item = 0; item < trace.items(); ++item) {
      const std::vector<int64_t> next = results.task.successors(item);
      if (next.size() < 2) continue;
      is_shared = true;
      if (!trace.onset(item)) continue;
      is_reached = true;
      right += trace.peak(*results.task.successor(item));
      for (int64_t follower : next) all += trace.peak(follower);
    }
    Measured ratio = Measured::Absent("no item is shared between sequences");
    if (is_shared) ratio = Measured::Absent("no shared item became active");
    if (is_reached && all > 0) ratio = Measured::Of(right / all);
    out.Summary("branching_ratio", "1", ratio);
  }
};

}  // namespace

AnalysisRow BranchingRow() {
  ComponentSpec spec{
      .kind = Kind::kAnalysis,
      .type = "branching",
      .summary =
          "which item follows in recall where sequences share one: the right "
          "one, or that of another sequence",
      .equation =
          "branching_ratio = peak of the right successor / sum of the peaks of "
          "all successors",
      .reference = "",
      .parameters = {},
      .slots = {},
      .outputs = {{"branching_ratio", OutputKind::kSummary, "1", "",
                   "1: the right one alone; of two, 1/2: no preference"}},
      .check = {}};
  return {std::move(spec),
          [](const Component&) -> std::unique_ptr<SequenceAnalysis> {
            return std::make_unique<Branching>();
          }};
}

}  // namespace engram
