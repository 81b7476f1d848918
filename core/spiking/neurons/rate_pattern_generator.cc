#include "core/spiking/neurons/rate_pattern_generator.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "core/spiking/catalog.h"
#include "core/spiking/neurons/generator_parameters.h"

namespace engram {
namespace {

constexpr int64_t kChunk = 64;  // units drawn for at once, on the stack

std::string Unfit(const Component& c, double dt) {
  double largest = 0;
  for (const std::vector<double>& pattern : c.RealRows("patterns")) {
    for (double rate : pattern) largest = std::max(largest, rate);
  }
  if (std::llround(c.Real("duration") / dt) < 1) {
    return absl::StrCat("a pattern of ", c.Real("duration"),
                        " ms is shorter than a step of ", dt, " ms");
  }
  return RateAboveStep(largest, dt);
}

void Check(const Component& self, const Component&, Faults& faults) {
  if (self.RealRows("patterns").empty()) {
    faults.push_back({0, absl::StrCat(self.path, ".patterns"),
                      "patterns is empty; give at least one row of rates, one "
                      "of each unit"});
  }
  for (const std::vector<double>& pattern : self.RealRows("patterns")) {
    CheckOneForEachUnit(self, "patterns", pattern.size(), faults);
    for (double rate : pattern) {
      if (rate >= 0) continue;
      faults.push_back({0, absl::StrCat(self.path, ".patterns"),
                        absl::StrCat("a rate of ", rate,
                                     " Hz is below 0; make it 0 or more")});
    }
  }
}

}  // namespace

template <class Real>
RatePatternGenerator<Real>::RatePatternGenerator(const Component& c,
                                                 const PopulationShape& shape)
    : random_(shape.seed, c.path, "pattern_spikes"),
      shown_(std::llround(c.Real("duration") / shape.dt)),
      chance_(c.RealRows("patterns")) {
  for (std::vector<double>& pattern : chance_) {
    for (double& x : pattern) x *= 1e-3 * shape.dt;
  }
}

template <class Real>
int64_t RatePatternGenerator<Real>::Step(int64_t step, int64_t begin,
                                         int64_t end,
                                         std::span<const Real* const>,
                                         int32_t* spikes) {
  const auto shown = static_cast<size_t>(step / shown_) % chance_.size();
  const double* chance = chance_[shown].data();
  alignas(64) double draws[kChunk];
  int64_t fired = 0;
  for (int64_t from = begin; from < end; from += kChunk) {
    const int64_t n = std::min(kChunk, end - from);
    random_.FillFrom(from, step,
                     std::span<double>(draws, static_cast<size_t>(n)));
    for (int64_t k = 0; k < n; ++k) {
      if (draws[k] < chance[from + k]) {
        spikes[fired++] = static_cast<int32_t>(from + k);
      }
    }
  }
  return fired;
}

template <class Real>
void RatePatternGenerator<Real>::VisitState(absl::string_view, StateVisitor&) {}

template class RatePatternGenerator<float>;
template class RatePatternGenerator<double>;

PopulationRow RatePatternGeneratorRow() {
  ParameterSpec patterns;
  patterns.name = "patterns";
  patterns.unit = "Hz";
  patterns.list_rank = 2;
  patterns.meaning =
      "rows of rates, one of each unit; shown in this order and "
      "round again";
  ComponentSpec spec{
      .type = "rate_pattern_generator",
      .summary = "units that fire at random with rates that come as patterns",
      .equation =
          "in each step, P(spike) = rate dt of the pattern that is "
          "shown",
      .reference = "",
      .parameters = {std::move(patterns),
                     Real("duration", "ms", 100, 0.001, 1e9,
                          "how long each pattern is shown")},
      .check = Check};
  return RowOfPopulation<RatePatternGenerator>(std::move(spec), {}, {}, Unfit);
}

}  // namespace engram
