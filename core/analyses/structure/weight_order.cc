#include <algorithm>
#include <memory>
#include <numeric>
#include <optional>
#include <vector>

#include "core/analyses/block_structure.h"
#include "core/analyses/catalog.h"
#include "core/analyses/record_table.h"
#include "core/analyses/structure/precedence.h"
#include "core/base/statistics.h"

namespace engram {
namespace {

// Mean potential of the units of each pattern.
std::vector<double> PatternPotentials(const Array<double>& patterns,
                                      const std::vector<double>& potential) {
  std::vector<double> mean;
  for (int64_t k = 0; k < patterns.cols(); ++k) {
    mean.push_back(statistics::Dot(patterns.col(k), potential));
  }
  return mean;
}

Measured OrderRecovery(const Array<double>* patterns,
                       const std::vector<double>& potential) {
  if (patterns == nullptr) return Measured::Absent("no patterns are known");
  const std::vector<double> mean = PatternPotentials(*patterns, potential);
  std::vector<double> index(mean.size());
  std::iota(index.begin(), index.end(), 0.0);
  const std::optional<double> tau = statistics::KendallTau(mean, index);
  return tau ? Measured::Of(*tau)
             : Measured::Absent("the weights put no pattern before another");
}

// Items by rising onset, those that never became active left out.
std::vector<int64_t> ItemsByOnset(const RecallTrace& recall) {
  std::vector<int64_t> items;
  for (int64_t k = 0; k < recall.items(); ++k) {
    if (recall.onset(k)) items.push_back(k);
  }
  std::stable_sort(items.begin(), items.end(), [&](int64_t a, int64_t b) {
    return *recall.onset(a) < *recall.onset(b);
  });
  return items;
}

// B with rows and columns in the order of recall; forward less backward.
Measured OnsetCoupling(const SystemSubject& subject) {
  if (subject.recall == nullptr) {
    return Measured::Absent("there is no recall to take an order from");
  }
  const std::vector<int64_t> items = ItemsByOnset(*subject.recall);
  if (items.size() < 2) {
    return Measured::Absent("fewer than two items became active");
  }
  const Array<double> b = BlockMeans(*subject.weights, *subject.task);
  double sum = 0;
  for (size_t k = 0; k + 1 < items.size(); ++k) {
    sum += b(items[k + 1], items[k]) - b(items[k], items[k + 1]);
  }
  return Measured::Of(sum / static_cast<double>(items.size() - 1));
}

// The order of units that the weights themselves tell, and the weights in it.
class WeightOrder final : public SystemAnalysis {
 public:
  void RunPart(const SystemSubject& subject, int64_t) override {
    precedence_ = ComputePrecedence(*subject.weights);
  }

  void Finish(const SystemSubject& subject, AnalysisOutput& out) override {
    const Array<double>& w = *subject.weights;
    out.Summary("gradient_share", "1",
                Measured::Of(precedence_.gradient_share));
    out.Summary("forward_share", "1", Measured::Of(precedence_.forward_share));
    out.Summary("order_recovery", "1",
                OrderRecovery(subject.patterns, precedence_.potential));
    out.Summary("onset_coupling", "1", OnsetCoupling(subject));
    RecordList("order", precedence_.order, "1", out);
    RecordList("potential", precedence_.potential, "1", out);
    RecordTable("ordered_weights", Reordered(w, precedence_.order), "1", out);
    RecordList("ordered_bands", OrderedBands(w, precedence_.order), "1", out);
  }

 private:
  Precedence precedence_;
};

std::vector<OutputSpec> Outputs() {
  const OutputKind summary = OutputKind::kSummary, array = OutputKind::kArray;
  return {{"gradient_share", summary, "1", "",
           "how well one order explains who leads whom: 1 for a chain, 0 for a "
           "cycle or symmetric weights"},
          {"forward_share", summary, "1", "",
           "share of the positive weights from earlier to later units"},
          {"order_recovery", summary, "1", "",
           "Kendall's tau of that order and the stored one"},
          {"onset_coupling", summary, "1", "",
           "forward less backward block along the items as they came back"},
          {"order", array, "1", "", "units, the first to lead first"},
          {"potential", array, "1", "", "place of each unit [steps]"},
          {"ordered_weights", array, "1", "",
           "weights (n_post, n_pre), units in that order"},
          {"ordered_bands", array, "1", "",
           "mean of their diagonals d = -(n - 1)..n - 1, 0 at d = 0"}};
}

}  // namespace

AnalysisRow WeightOrderRow() {
  ComponentSpec spec{
      .kind = Kind::kAnalysis,
      .type = "weight_order",
      .summary = "which units lead which, read off the weights alone",
      .equation =
          "A = (W - W') / 2\n"
          "potential s: minimum of sum_ij |A_ij| (s_i - s_j - sign A_ij)^2\n"
          "gradient_share = 1 - that minimum / sum_ij |A_ij|",
      .reference = "doi:10.1007/s10107-010-0419-x",
      .parameters = {},
      .slots = {},
      .outputs = Outputs(),
      .check = {}};
  return {.spec = std::move(spec),
          .make = nullptr,
          .make_system = [](const Component&, uint64_t,
                            int64_t) -> std::unique_ptr<SystemAnalysis> {
            return std::make_unique<WeightOrder>();
          },
          .reads = {.weights = true},
          .state = {}};
}

}  // namespace engram
