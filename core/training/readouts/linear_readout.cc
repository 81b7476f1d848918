#include <algorithm>
#include <cmath>

#include "core/training/matrix_view.h"
#include "core/training/readout.h"
#include "core/training/readouts/readout_weights.h"

namespace engram {
namespace {

// y = W h + b at scored steps: the rows of the active heads.
template <class Real>
class LinearReadout final : public Readout<Real> {
 public:
  LinearReadout(const Component&, ReadoutPlace place)
      : Readout<Real>(place.shape, place.units),
        weights_{place.shape.heads * place.shape.outputs, place.units} {
    const double bound = 1 / std::sqrt(static_cast<double>(place.units));
    const auto add = [&](const char* name, int64_t cols) {
      const int index = place.layout.Add({.name = name,
                                          .rows = weights_.rows,
                                          .cols = cols,
                                          .low = -bound,
                                          .high = bound,
                                          .fan_in = place.units});
      return place.layout[index].offset;
    };
    weights_.offset = add("readout_weights", place.units);
    bias_ = add("readout_bias", 1);
  }

  void Resize(const TrainingBlock<Real>& block,
              ReadoutCourse<Real>& course) const override {
    weights_.Resize(this->Rows(block), course);
  }

  void Forward(const ActivityStretch<Real>& s, const TrainingBlock<Real>& block,
               ReadoutCourse<Real>& course, Real* outputs) const override {
    const int64_t from = std::max(s.begin, block.first_scored);
    if (from >= s.end) return;
    const int64_t rows = this->Rows(block), units = this->units();
    const int64_t cols = block.samples * (s.end - from);
    weights_.Read(s, rows,
                  s.activity + units * block.samples * (from - s.begin), cols,
                  {s.parameters + bias_, 0}, course,
                  outputs + rows * block.samples * (from - block.first_scored));
  }

  void BeginBackward(const TrainingBlock<Real>&, const Real*,
                     ReadoutCourse<Real>&) const override {}

  int64_t FirstErrors(const TrainingBlock<Real>& block) const override {
    return block.first_scored;
  }

  void Backward(const ActivityStretch<Real>& s,
                const TrainingBlock<Real>& block, const Real* output_errors,
                ReadoutCourse<Real>& course, Real* gradient,
                Real* activity_errors) const override {
    const int64_t from = std::max(s.begin, block.first_scored);
    if (from >= s.end) return;
    const int64_t rows = this->Rows(block), units = this->units();
    const int64_t cols = block.samples * (s.end - from);
    const int64_t at = units * block.samples * (from - s.begin);
    const Real* errors =
        output_errors + rows * block.samples * (from - block.first_scored);
    weights_.Backward(s, rows, errors, s.activity + at, cols, course, gradient,
                      activity_errors + at);
    AddColumns(errors, rows, cols, gradient + bias_);
  }

 private:
  ReadoutWeights<Real> weights_;
  int64_t bias_ = 0;
};

}  // namespace

ReadoutRow LinearReadoutRow() {
  return RowOfReadout<LinearReadout>(
      {.type = "linear_readout",
       .summary = "a weighted sum of the last layer's activity, for each head",
       .equation = "y = W h + b"},
      [](NetworkShape, int64_t) { return std::string(); });
}

}  // namespace engram
