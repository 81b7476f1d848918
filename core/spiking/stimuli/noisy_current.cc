// A current that is drawn anew at every step, independently for each unit:
// I = mean + sd N(0, 1). The numbers are those of one step; a longer or shorter
// dt wants another sd.

#include "core/base/random.h"
#include "core/spiking/catalog.h"

namespace engram {
namespace {


template <class Real>
class NoisyCurrent final : public Stimulus<Real> {
 public:
  NoisyCurrent(const Component& c, const StimulusShape& shape)
      : mean_(c.Real("mean")),
        sd_(c.Real("sd")),
        first_(shape.first),
        random_(shape.seed, c.path, "noisy_current") {}

  void Add(int64_t step, int64_t begin, int64_t end,
           Real* input) const override {
    for (int64_t k = begin; k < end; ++k) {
      input[k - begin] +=
          static_cast<Real>(mean_ + sd_ * random_.Normal(first_ + k, step));
    }
  }

 private:
  double mean_, sd_;
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
       .parameters = {Real("mean", "1", 0, -1e9, 1e9,
                           "in the receptor's unit"),
                      Real("sd", "1", 1, 0, 1e9,
                           "of one step's current, in the receptor's unit")}});
}

}  // namespace engram
