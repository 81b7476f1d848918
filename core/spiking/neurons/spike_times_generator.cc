#include "core/spiking/neurons/spike_times_generator.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "absl/strings/str_cat.h"
#include "core/spiking/catalog.h"

namespace engram {
namespace {

int64_t StepEndingAt(double time_ms, double dt) {
  return std::llround(time_ms / dt) - 1;
}

// Spikes in the order of step, then unit: where all units fire together, those
// of the first one stand for all.
std::vector<GivenSpike> SpikesOf(const Component& c, double dt) {
  const std::vector<double> times = c.Reals("times");
  std::vector<GivenSpike> spikes;
  if (c.Has("firing_units")) {
    const std::vector<double> units = c.Reals("firing_units");
    // Check faults lists of unequal length.
    for (size_t k = 0; k < std::min(times.size(), units.size()); ++k) {
      spikes.push_back(
          {StepEndingAt(times[k], dt), static_cast<int32_t>(units[k])});
    }
  } else {
    for (const double time : times) {
      spikes.push_back({StepEndingAt(time, dt), 0});
    }
  }
  std::ranges::sort(spikes);
  return spikes;
}

std::string Unfit(const Component& c, double dt) {
  const std::vector<GivenSpike> spikes = SpikesOf(c, dt);
  if (spikes.empty()) return "";
  const auto end_of = [&](const GivenSpike& s) {
    return static_cast<double>(s.step + 1) * dt;
  };
  if (spikes.front().step < 0) {
    return absl::StrCat("unit ", spikes.front().unit,
                        " fires before the first step of ", dt,
                        " ms ends; make its times at least one step");
  }
  const auto twice = std::ranges::adjacent_find(spikes);
  if (twice != spikes.end()) {
    return absl::StrCat("unit ", twice->unit,
                        " fires twice in the step that ends at ",
                        end_of(*twice), " ms; a smaller step than ", dt,
                        " ms or other times may help");
  }
  if (!c.Has("period") ||
      spikes.back().step < std::llround(c.Real("period") / dt)) {
    return "";
  }
  return absl::StrCat("the last spike, at ", end_of(spikes.back()),
                      " ms, is beyond the period of ", c.Real("period"), " ms");
}

void Check(const Component& self, const Component&, Faults& faults) {
  if (!self.Has("firing_units")) return;
  const auto fault = [&](std::string message) {
    faults.push_back(
        {0, absl::StrCat(self.path, ".firing_units"), std::move(message)});
  };
  const std::vector<double> units = self.Reals("firing_units");
  const size_t times = self.Reals("times").size();
  if (units.size() != times) {
    fault(absl::StrCat("there are ", units.size(), " units for ", times,
                       " times; give one for each"));
  }
  for (const double unit : units) {
    if (unit < static_cast<double>(self.Integer("units"))) continue;
    fault(absl::StrCat("there is a spike of unit ", unit, ", but there are ",
                       self.Integer("units"), ", numbered from 0"));
    return;
  }
}

}  // namespace

template <class Real>
SpikeTimesGenerator<Real>::SpikeTimesGenerator(const Component& c,
                                               const PopulationShape& shape)
    : period_(c.Has("period") ? std::llround(c.Real("period") / shape.dt) : 0),
      fire_together_(!c.Has("firing_units")),
      spikes_(SpikesOf(c, shape.dt)) {}

template <class Real>
int64_t SpikeTimesGenerator<Real>::Step(int64_t step, int64_t begin,
                                        int64_t end,
                                        std::span<const Real* const>,
                                        int32_t* spikes) {
  const int64_t at = period_ > 0 ? step % period_ : step;
  if (fire_together_) {
    const auto found = std::ranges::lower_bound(spikes_, GivenSpike{at, 0});
    if (found == spikes_.end() || found->step != at) return 0;
    std::iota(spikes, spikes + (end - begin), static_cast<int32_t>(begin));
    return end - begin;
  }
  auto spike = std::ranges::lower_bound(
      spikes_, GivenSpike{at, static_cast<int32_t>(begin)});
  int64_t fired = 0;
  for (; spike != spikes_.end() && spike->step == at && spike->unit < end;
       ++spike) {
    spikes[fired++] = spike->unit;
  }
  return fired;
}

template <class Real>
void SpikeTimesGenerator<Real>::VisitState(absl::string_view, StateVisitor&) {}

template class SpikeTimesGenerator<float>;
template class SpikeTimesGenerator<double>;

PopulationRow SpikeTimesGeneratorRow() {
  ParameterSpec times;
  times.name = "times";
  times.unit = "ms";
  times.list_rank = 1;
  times.minimum = 0;
  times.maximum = 1e12;
  times.meaning = "of spikes";
  ParameterSpec units = times;
  units.name = "firing_units";
  units.type = ParameterType::kInteger;
  units.unit = "1";
  units.is_optional = true;
  units.meaning = "who fires at each of the times; without it all units do";
  ComponentSpec spec{
      .type = "spike_times_generator",
      .summary = "units that fire at given times",
      .equation = "",
      .reference = "",
      .parameters = {std::move(times), std::move(units),
                     OptionalReal("period", "ms", 0.001, 1e12,
                                  "after which all times come again; without "
                                  "one they come once")},
      .check = Check};
  return RowOfPopulation<SpikeTimesGenerator>(std::move(spec), {}, {}, Unfit);
}

}  // namespace engram
