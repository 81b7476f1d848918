// Every unit's own Poisson train, or the sum of several: in a step of length dt
// k events arrive, each with the same weight, with
//
//   P(k) = exp(-m) m^k / k!,   m = lines rate dt
//
// A random word of 32 bits is compared with each P(X <= k) 2^32 in turn, and
// how many it reaches is the number of events: as packet code, faster than to
// search.

#include <cmath>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/math.h"
#include "core/spec/receptor_units.h"
#include "core/spiking/catalog.h"
#include "core/spiking/noise.h"

namespace engram {
namespace {

constexpr double kPerMs = 1e-3;      // of a rate in Hz
constexpr double kWords = 0x1p32;    // random words
constexpr double kMostEvents = 500;  // a unit and step, in the mean
using EventCounts = std::array<uint32_t, kNoiseUnits>;

// A word that reaches thresholds[i] stands for at least first + i + 1 events.
// What is rarer than a word is left out.
struct EventTable {
  uint32_t first = 0;
  std::vector<uint32_t> thresholds;
};

EventTable TableOf(double mean) {
  EventTable table;
  double sum = 0, log_factorial = 0;
  for (uint32_t k = 0;; ++k) {
    if (k > 0) log_factorial += math::Log(k);
    const double log_mean = mean > 0 ? math::Log(mean) : 0;
    const double p = mean > 0 ? math::Exp(k * log_mean - mean - log_factorial)
                              : (k == 0 ? 1 : 0);
    sum += p;
    const double threshold = std::floor(sum * kWords + 0.5);
    if (threshold >= kWords) return table;
    if (k > mean && p * kWords < 0.25) return table;
    if (threshold < 1) {
      table.first = k + 1;
    } else {
      table.thresholds.push_back(static_cast<uint32_t>(threshold));
    }
  }
}

double MeanEvents(const Component& c, double dt) {
  return static_cast<double>(c.Integer("lines")) * c.Real("rate") * kPerMs * dt;
}

template <class Real>
class PoissonInput final : public Stimulus<Real> {
 public:
  PoissonInput(const Component& c, const StimulusShape& shape)
      : weight_(static_cast<Real>(c.Real("weight"))),
        start_(c.Real("start") / shape.dt),
        stop_(c.Has("stop") ? c.Real("stop") / shape.dt : kForever),
        table_(TableOf(MeanEvents(c, shape.dt))),
        first_(shape.first),
        random_(shape.seed, c.path, "poisson_input") {}

  void Add(int64_t step, int64_t begin, int64_t end,
           Real* input) const override {
    const double now = static_cast<double>(step);
    if (now < start_ || now >= stop_) return;
    const auto draw = [&](int64_t chunk, EventCounts& counts) {
      NoiseWords words;
      random_.FillWords(chunk, step, words);
      Count(words, counts);
    };
    const auto add = [&](const EventCounts& counts, int64_t unit, int64_t count,
                         int64_t at) {
      Real* __restrict to = input + (unit - first_ - begin);
      const uint32_t* from = counts.data() + at;
      for (int64_t i = 0; i < count; ++i) {
        to[i] += weight_ * static_cast<Real>(static_cast<int32_t>(from[i]));
      }
    };
    ForNoise<EventCounts>(first_ + begin, first_ + end, draw, add);
  }

 private:
  static constexpr double kForever = 1e300;

  void Count(const NoiseWords& words, EventCounts& counts) const {
    counts.fill(table_.first);
    for (const uint32_t threshold : table_.thresholds) {
      for (size_t i = 0; i < counts.size(); ++i) {
        counts[i] += words[i] >= threshold ? 1U : 0U;
      }
    }
  }

  Real weight_;
  double start_, stop_;  // [steps]
  EventTable table_;
  int64_t first_;
  RandomStream random_;
};

void CheckPoisson(const Component& c, const Component& root, Faults& faults) {
  const double mean = MeanEvents(c, root.Real("dt"));
  if (mean <= kMostEvents) return;
  faults.push_back(
      {0, absl::StrCat(c.path, ".rate"),
       absl::StrCat("lines times rate are ", mean,
                    " events a step of each unit, above ", kMostEvents,
                    "; take fewer lines with a larger weight, a "
                    "noisy_current, or a smaller dt")});
}

}  // namespace

StimulusRow PoissonInputRow() {
  return RowOfStimulus<PoissonInput>(
      {.type = "poisson_input",
       .summary = "independent Poisson trains onto every unit",
       .equation =
           "P(k events in a step) = exp(-m) m^k / k!, m = lines rate dt",
       .reference = "doi:10.1023/A:1008925309027",
       .parameters = {Real("rate", "Hz", 10, 0, 1e9, "of one line"),
                      Integer("lines", 1, 1, 10000000, "trains onto each unit"),
                      Real("weight", kReceptorUnit, 1, -1e9, 1e9,
                           "of an event"),
                      Real("start", "ms", 0, 0, 1e12, "first time of an event"),
                      OptionalReal("stop", "ms", 0, 1e12,
                                   "no event from then on; absent: never")},
       .check = CheckPoisson});
}

}  // namespace engram
