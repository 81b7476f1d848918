#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/analyses/catalog.h"
#include "core/base/statistics.h"
#include "core/programs/state_array.h"

namespace engram {
namespace {

Measured OnsetOf(const RecallTrace& trace, int64_t item) {
  const std::optional<double> onset = trace.onset(item);
  return onset ? Measured::Of(*onset)
               : Measured::Absent("the item never became active");
}

Measured OrderFidelity(const RecallTrace& trace) {
  std::vector<double> index, onset;
  for (const int64_t item : trace.expected_order()) {
    const std::optional<double> time = trace.onset(item);
    if (!time) continue;
    index.push_back(static_cast<double>(index.size()));
    onset.push_back(*time);
  }
  if (index.size() < 2) {
    return Measured::Absent(absl::StrCat("order needs two active items, and ",
                                         index.size(),
                                         index.size() == 1 ? " was" : " were"));
  }
  const std::optional<double> tau = statistics::KendallTau(onset, index);
  return tau ? Measured::Of(*tau)
             : Measured::Absent("all items became active at the same time");
}

Measured CompletionTime(const RecallTrace& trace) {
  const std::vector<int64_t> due = trace.expected_order();
  if (trace.sequence_length() == static_cast<int64_t>(due.size())) {
    return OnsetOf(trace, due.back());
  }
  return Measured::Absent(absl::StrCat(trace.sequence_length(), " of ",
                                       due.size(), " items came in order"));
}

Measured MeanOverlap(const RecallTrace& trace) {
  double sum = 0;
  for (int64_t k = 0; k < trace.items(); ++k) {
    if (!trace.overlap(k)) return Measured::Absent("rates never differed");
    sum += *trace.overlap(k);
  }
  return Measured::Of(sum / static_cast<double>(trace.items()));
}

// What comes back after item 1 is cued.
class Recall final : public SequenceAnalysis {
 public:
  explicit Recall(const Component& component)
      : expected_onsets_(component.Reals("expected_onsets")) {}

  void Run(const SequenceResults& results, AnalysisOutput& out) const override {
    const RecallTrace& trace = results.recall;
    RunOrder(trace, out);
    RunActivity(trace, out);
    for (int64_t k = 0; k < trace.items(); ++k) RunItem(trace, k, out);
    out.Array("item_activity", ViewOf(trace.activity(), "1"));
  }

 private:
  void RunOrder(const RecallTrace& trace, AnalysisOutput& out) const {
    out.Summary("sequence_length", "1",
                Measured::Of(static_cast<double>(trace.sequence_length())));
    out.Summary("order_fidelity", "1", OrderFidelity(trace));
    out.Summary("completion_time", "ms", CompletionTime(trace));
    out.Summary("onset_error", "ms", OnsetError(trace));
    out.Summary("mean_recall_overlap", "1", MeanOverlap(trace));
  }

  static void RunActivity(const RecallTrace& trace, AnalysisOutput& out) {
    const std::vector<int64_t> due = trace.expected_order();
    const int64_t first = due.front(), last = due.back();
    double largest = 0;
    int64_t recalled = 0, active = 0;
    for (int64_t k = 0; k < trace.items(); ++k) {
      largest = std::max(largest, trace.at_end(k));
      recalled += trace.onset(k).has_value();
      active += trace.is_active_at_end(k);
    }
    const auto summary = [&](const char* name, double value) {
      out.Summary(name, "1", Measured::Of(value));
    };
    summary("items_recalled", static_cast<double>(recalled));
    summary("items_active_at_end", static_cast<double>(active));
    summary("largest_at_end", largest);
    summary("first_item_peak", trace.peak(first));
    summary("first_item_at_end", trace.at_end(first));
    summary("last_item_at_end", trace.at_end(last));
  }

  static void RunItem(const RecallTrace& trace, int64_t k,
                      AnalysisOutput& out) {
    const auto point = [&](const char* name, const char* unit,
                           const Measured& value) {
      out.Point(name, unit, "item", "1", static_cast<double>(k + 1), value);
    };
    const std::optional<double> overlap = trace.overlap(k);
    point("onset", "ms", OnsetOf(trace, k));
    point("peak", "1", Measured::Of(trace.peak(k)));
    point("recall_overlap", "1",
          overlap ? Measured::Of(*overlap)
                  : Measured::Absent("rates never differed"));
  }

  Measured OnsetError(const RecallTrace& trace) const {
    if (expected_onsets_.empty()) {
      return Measured::Absent("no expected_onsets were given");
    }
    double error = 0;
    for (size_t k = 0; k < expected_onsets_.size(); ++k) {
      const std::optional<double> onset = trace.onset(static_cast<int64_t>(k));
      if (!onset) {
        return Measured::Absent(
            absl::StrCat("item ", k + 1, " never became active"));
      }
      error = std::max(error, std::abs(*onset - expected_onsets_[k]));
    }
    return Measured::Of(error);
  }

  std::vector<double> expected_onsets_;  // [ms]
};

ParameterSpec ExpectedOnsets() {
  ParameterSpec spec;
  spec.name = "expected_onsets";
  spec.type = ParameterType::kReal;
  spec.unit = "ms";
  spec.default_value = Value(Value::List{});
  spec.minimum = 0;
  spec.list_rank = 1;
  spec.meaning = "published onsets of items 1, 2, ..., to compare with";
  return spec;
}

void CheckOnsets(const Component& self, const Component& root, Faults& faults) {
  const auto task = root.slots.find("task");
  if (task == root.slots.end() || task->second.empty()) return;
  const int64_t items = task->second.front().Integer("items");
  const int64_t given =
      static_cast<int64_t>(self.Reals("expected_onsets").size());
  if (given <= items) return;
  faults.push_back({0, self.path + ".expected_onsets",
                    absl::StrCat(given, " onsets are given, and the task has ",
                                 items, " items")});
}

std::vector<OutputSpec> Outputs() {
  const OutputKind summary = OutputKind::kSummary;
  const OutputKind series = OutputKind::kSeries;
  return {
      {"sequence_length", summary, "1", "",
       "largest n for which the first n items that are due became active one "
       "after the other"},
      {"order_fidelity", summary, "1", "",
       "Kendall's tau of onset and place over the items that became active"},
      {"completion_time", summary, "ms", "",
       "onset of the last item of a complete recall"},
      {"onset_error", summary, "ms", "",
       "largest |onset - expected onset| over items"},
      {"mean_recall_overlap", summary, "1", "",
       "mean over items of recall_overlap"},
      {"items_recalled", summary, "1", "", "items that became active"},
      {"items_active_at_end", summary, "1", "",
       "items that are active at the end of recall"},
      {"largest_at_end", summary, "1", "",
       "largest item activity at the end of recall"},
      {"first_item_peak", summary, "1", "",
       "largest activity of the cued item"},
      {"first_item_at_end", summary, "1", "",
       "activity of the cued item at the end of recall"},
      {"last_item_at_end", summary, "1", "",
       "activity of the last item at the end of recall"},
      {"onset", series, "ms", "item",
       "end of the first step at which the item is active"},
      {"peak", series, "1", "item", "largest activity of the item"},
      {"recall_overlap", series, "1", "item",
       "largest correlation over time of the rates with the item's units"},
      {"item_activity", OutputKind::kArray, "1", "",
       "mean rate of each item's units (n_steps, n_items)"}};
}

}  // namespace

AnalysisRow RecallRow() {
  ComponentSpec spec{
      .kind = Kind::kAnalysis,
      .type = "recall",
      .summary = "which items come back, and in which order, after one is cued",
      .equation = "a_k(t) = mean of r_i(t) over the units of item k",
      .reference = "doi:10.1073/pnas.1918674117",
      .parameters = {ExpectedOnsets()},
      .slots = {},
      .outputs = Outputs(),
      .check = CheckOnsets};
  return {.spec = std::move(spec),
          .make = [](const Component& c) -> std::unique_ptr<SequenceAnalysis> {
            return std::make_unique<Recall>(c);
          }};
}

}  // namespace engram
