// The last layer's own spikes as the answer, step by step: y_k(t) = S_k(t).

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "core/training/readout.h"

namespace engram {
namespace {

template <class Real>
class SpikeTrainReadout final : public Readout<Real> {
 public:
  SpikeTrainReadout(const Component&, ReadoutPlace place)
      : Readout<Real>(place.shape, place.units) {}

  void Resize(const TrainingBlock<Real>&, ReadoutCourse<Real>&) const override {
  }

  void Forward(const ActivityStretch<Real>& s, const TrainingBlock<Real>& block,
               ReadoutCourse<Real>&, Real* outputs) const override {
    const int64_t size = this->units() * block.samples;
    for (int64_t t = std::max(s.begin, block.first_scored); t < s.end; ++t) {
      std::copy_n(s.activity + size * (t - s.begin), size,
                  outputs + size * (t - block.first_scored));
    }
  }

  void BeginBackward(const TrainingBlock<Real>&, const Real*,
                     ReadoutCourse<Real>&) const override {}

  void Backward(const ActivityStretch<Real>& s,
                const TrainingBlock<Real>& block, const Real* output_errors,
                ReadoutCourse<Real>&, Real*,
                Real* activity_errors) const override {
    const int64_t size = this->units() * block.samples;
    for (int64_t t = std::max(s.begin, block.first_scored); t < s.end; ++t) {
      const Real* errors = output_errors + size * (t - block.first_scored);
      Real* out = activity_errors + size * (t - s.begin);
      for (int64_t i = 0; i < size; ++i) out[i] += errors[i];
    }
  }
};

}  // namespace

ReadoutRow SpikeTrainReadoutRow() {
  return RowOfReadout<SpikeTrainReadout>(
      {.type = "spike_train_readout",
       .summary = "the spikes of the last layer's own units, step by step",
       .equation = "y_k(t) = S_k(t)",
       .reference = "doi:10.1162/neco_a_01086"},
      [](NetworkShape shape, int64_t units) {
        if (shape.heads == 1 && units == shape.outputs) return std::string();
        return absl::StrCat(
            "spike_train_readout gives one output a unit, to one head; the "
            "last layer has ",
            units, " units for ", shape.outputs, " outputs and ", shape.heads,
            " heads; set its units to ", shape.outputs);
      });
}

}  // namespace engram
