// A current that is drawn anew at every step, independently for each unit:
// I = mean + sd N(0, 1). The numbers are those of one step; another dt wants
// another sd.

#include "core/spec/receptor_units.h"
#include "core/spiking/catalog.h"
#include "core/spiking/noise.h"

namespace engram {
namespace {

template <class Real>
class NoisyCurrent final : public Stimulus<Real> {
 public:
  NoisyCurrent(const Component& c, const StimulusShape& shape)
      : mean_(static_cast<Real>(c.Real("mean"))),
        sd_(static_cast<Real>(c.Real("sd"))),
        first_(shape.first),
        random_(shape.seed, c.path, "noisy_current") {}

  void Add(int64_t step, int64_t begin, int64_t end,
           Real* input) const override {
    const auto draw = [&](int64_t chunk, NoiseNumbers& numbers) {
      NoiseWords words;
      random_.FillWords(chunk, step, words);
      NormalsOf(words, numbers);
    };
    const auto add = [&](const NoiseNumbers& numbers, int64_t unit,
                         int64_t count, int64_t at) {
      Real* __restrict to = input + (unit - first_ - begin);
      const float* from = numbers.data() + at;
      for (int64_t i = 0; i < count; ++i) {
        to[i] += mean_ + sd_ * static_cast<Real>(from[i]);
      }
    };
    ForNoise<NoiseNumbers>(first_ + begin, first_ + end, draw, add);
  }

 private:
  Real mean_, sd_;
  int64_t first_;
  RandomStream random_;
};

}  // namespace

StimulusRow NoisyCurrentRow() {
  return RowOfStimulus<NoisyCurrent>(
      {.type = "noisy_current",
       .summary = "a current drawn anew at every step for each unit",
       .equation = "I = mean + sd N(0, 1)",
       .reference = "doi:10.1109/TNN.2003.820440",
       .parameters = {
           Real("mean", kReceptorUnit, 0, -1e9, 1e9, "mean"),
           Real("sd", kReceptorUnit, 1, 0, 1e9, "of one step's current")}});
}

}  // namespace engram
