// Modulators: constant; pulses at given times that decay; the activity of a
// population against what is expected of it.

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "core/base/array.h"
#include "core/base/math.h"
#include "core/programs/state_array.h"
#include "core/spiking/catalog.h"

namespace engram {
namespace {

constexpr double kPerMs = 1e-3;  // of a rate in Hz

class ConstantModulator final : public Modulator {
 public:
  explicit ConstantModulator(const Component& c) : value_(c.Real("value")) {}
  void Fill(int64_t, std::span<double> out) override {
    std::ranges::fill(out, value_);
  }

 private:
  double value_;
};

// M(t) = baseline + sum over pulses t_k <= t of size exp(-(t - t_k) / tau)
class PulsedModulator final : public Modulator {
 public:
  PulsedModulator(const Component& c, const ModulatorShape& shape)
      : size_(c.Real("size")),
        baseline_(c.Real("baseline")),
        decay_(math::Exp(-shape.dt / c.Real("tau"))),
        level_(1) {
    for (const double time : c.Reals("times")) {
      steps_.push_back(std::llround(time / shape.dt));
    }
    std::ranges::sort(steps_);
  }

  void Fill(int64_t from, std::span<double> out) override {
    auto next = std::ranges::lower_bound(steps_, from);
    for (size_t k = 0; k < out.size(); ++k) {
      level_[0] *= decay_;
      const int64_t step = from + static_cast<int64_t>(k);
      for (; next != steps_.end() && *next == step; ++next) level_[0] += size_;
      out[k] = baseline_ + level_[0];
    }
  }
  void VisitState(absl::string_view prefix, StateVisitor& v) override {
    v.State(absl::StrCat(prefix, ".level"), StateOf(level_, "1/ms"));
  }

 private:
  double size_, baseline_, decay_;
  std::vector<int64_t> steps_;
  Array<double> level_;
};

// tau dr/dt = -r + rate of the population, M = gain (r - expected)
class ActivityModulator final : public Modulator {
 public:
  ActivityModulator(const Component& c, const ModulatorShape& shape)
      : gain_(c.Real("gain")),
        expected_(c.Real("expected") * kPerMs),
        decay_(math::Exp(-shape.dt / c.Real("tau"))),
        rise_((1 - decay_) /
              (shape.dt * static_cast<double>(shape.source_units))),
        rate_(1) {}

  void Fill(int64_t, std::span<double> out) override {
    std::ranges::fill(out, gain_ * (rate_[0] - expected_));
  }
  void Listen(int64_t, int64_t spikes) override {
    rate_[0] = decay_ * rate_[0] + rise_ * static_cast<double>(spikes);
  }
  void VisitState(absl::string_view prefix, StateVisitor& v) override {
    v.State(absl::StrCat(prefix, ".rate"), StateOf(rate_, "1/ms"));
  }

 private:
  double gain_, expected_, decay_, rise_;
  Array<double> rate_;
};

}  // namespace

ModulatorRow ConstantModulatorRow() {
  return {.spec = {.kind = Kind::kModulator,
                   .type = "constant_modulator",
                   .summary = "a modulator that stays",
                   .equation = "M = value",
                   .reference = "",
                   .parameters = {Real("value", "1/ms", 1e-3, -1e6, 1e6,
                                       "its value")}},
          .make = [](const Component& c,
                     const ModulatorShape&) -> std::unique_ptr<Modulator> {
            return std::make_unique<ConstantModulator>(c);
          }};
}

ModulatorRow PulsedModulatorRow() {
  ParameterSpec times;
  times.name = "times";
  times.unit = "ms";
  times.list_rank = 1;
  times.minimum = 0;
  times.maximum = 1e12;
  times.meaning = "when a pulse is released";
  return {
      .spec = {.kind = Kind::kModulator,
               .type = "pulsed_modulator",
               .summary = "a modulator that is released in pulses and decays, "
                          "as dopamine after rewards",
               .equation = "M = baseline + sum_k size exp(-(t - t_k) / tau)",
               .reference = "doi:10.1093/cercor/bhl152",
               .parameters =
                   {times, Real("size", "1/ms", 1e-3, -1e6, 1e6, "of a pulse"),
                    Real("tau", "ms", 200, 0.01, 1e7, "of its decay"),
                    Real("baseline", "1/ms", 0, -1e6, 1e6, "between pulses")}},
      .arrays = {"level"},
      .make = [](const Component& c,
                 const ModulatorShape& shape) -> std::unique_ptr<Modulator> {
        return std::make_unique<PulsedModulator>(c, shape);
      }};
}

ModulatorRow ActivityModulatorRow() {
  ParameterSpec of;
  of.name = "of";
  of.type = ParameterType::kSelection;
  of.meaning = "the population whose rate it follows";
  return {
      .spec = {.kind = Kind::kModulator,
               .type = "activity_modulator",
               .summary = "a modulator that follows the rate of a population, "
                          "less what is expected of it",
               .equation = "tau dr/dt = -r + rate, M = gain (r - expected)",
               .reference = "doi:10.3389/fncir.2015.00085",
               .parameters =
                   {of, Real("gain", "1", 1, -1e9, 1e9, "of the rate in 1/ms"),
                    Real("expected", "Hz", 0, 0, 1e6, "rate at which it is 0"),
                    Real("tau", "ms", 200, 0.01, 1e7,
                         "over which the rate is taken")}},
      .arrays = {"rate"},
      .listens = true,
      .make = [](const Component& c,
                 const ModulatorShape& shape) -> std::unique_ptr<Modulator> {
        return std::make_unique<ActivityModulator>(c, shape);
      }};
}

}  // namespace engram
