#include "server/rpc/forecast.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/store/listing.h"
#include "server/store/run_table.h"
#include "server/store/store.h"

namespace engram {
namespace {

constexpr int64_t kMostPoints = 500;
// Enough for a median that one odd run does not move; each costs the parsing
// of a tree.
constexpr int kHistoryRuns = 9;

// Measured over estimated time of one run; nothing when either is missing.
std::optional<double> Ratio(store::Reader& reader, const store::RunRow& row,
                            const Science& science) {
  auto tree = store::ReadTree(reader, row.key);
  if (!tree.ok()) return std::nullopt;
  auto component = FromCanonicalJson(*tree, science.catalog);
  if (!component.ok()) return std::nullopt;
  const double estimated = science.estimate(component->first).seconds;
  if (!(estimated > 0) || !(row.cpu_seconds > 0)) return std::nullopt;
  return row.cpu_seconds / estimated;
}

// The median ratio of what history there is; nothing when there is none. A
// store that cannot be asked now leaves the program's own estimate.
std::optional<double> HistoryFactor(const std::string& program,
                                    const Parts& parts) {
  std::vector<double> ratios;
  const absl::Status read =
      parts.store.Read([&](store::Reader& reader) -> absl::Status {
        store::ListQuery query;
        query.filter =
            absl::StrCat("state = SUCCEEDED AND experiment.type = ", program);
        query.page_size = kHistoryRuns;
        auto page = store::ListRuns(reader, std::nullopt, query);
        if (!page.ok()) return page.status();
        for (const store::RunRow& row : page->rows) {
          const auto ratio = Ratio(reader, row, parts.science);
          if (ratio.has_value()) ratios.push_back(*ratio);
        }
        return absl::OkStatus();
      });
  if (!read.ok() || ratios.empty()) return std::nullopt;
  const auto middle =
      ratios.begin() + static_cast<std::ptrdiff_t>(ratios.size() / 2);
  std::nth_element(ratios.begin(), middle, ratios.end());
  return *middle;
}

}  // namespace

Forecast ForecastOf(const Experiment& experiment, const Parts& parts,
                    const std::vector<ExperimentInput>& inputs) {
  const int64_t runs = experiment.run_count();
  const int64_t sampled = std::min(runs, kMostPoints);
  Forecast forecast;
  double seconds = 0, bytes = 0;
  for (int64_t i = 0; i < sampled; ++i) {
    const Point point = experiment.At(i * runs / sampled);
    Estimate one = parts.science.estimate(point.tree);
    if (!inputs.empty()) {
      one.memory_bytes +=
          InputBytes(CanonicalJson(point.tree, point.seed), inputs);
    }
    seconds += one.seconds;
    bytes += static_cast<double>(one.record_bytes);
    forecast.longest_run_s = std::max(forecast.longest_run_s, one.seconds);
    forecast.memory_bytes = std::max(forecast.memory_bytes, one.memory_bytes);
    if (one.ticks >= forecast.ticks) forecast.tick_name = one.tick_name;
    forecast.ticks = std::max(forecast.ticks, one.ticks);
  }
  const double scale = static_cast<double>(runs) / static_cast<double>(sampled);
  const std::optional<double> factor =
      HistoryFactor(experiment.At(0).tree.type, parts);
  forecast.from_history = factor.has_value();
  forecast.cpu_seconds = seconds * scale * factor.value_or(1);
  forecast.longest_run_s *= factor.value_or(1);
  forecast.record_bytes = static_cast<int64_t>(bytes * scale);
  return forecast;
}

}  // namespace engram
