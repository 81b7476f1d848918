#include <algorithm>
#include <cmath>

#include "core/training/matrix_view.h"
#include "core/training/readout.h"

namespace engram {
namespace {

// y = W h + b at scored steps: the rows of the active heads.
template <class Real>
class LinearReadout final : public Readout<Real> {
 public:
  LinearReadout(const Component&, ReadoutPlace place)
      : Readout<Real>(place.shape, place.units),
        rows_(place.shape.heads * place.shape.outputs) {
    const double bound = 1 / std::sqrt(static_cast<double>(place.units));
    const auto add = [&](const char* name, int64_t cols) {
      const int index = place.layout.Add({.name = name,
                                          .rows = rows_,
                                          .cols = cols,
                                          .low = -bound,
                                          .high = bound,
                                          .fan_in = place.units});
      return place.layout[index].offset;
    };
    weights_ = add("readout_weights", place.units);
    bias_ = add("readout_bias", 1);
  }

  void Resize(const TrainingBlock<Real>&, ReadoutCourse<Real>&) const override {
  }

  void Forward(const ActivityStretch<Real>& s, const TrainingBlock<Real>& block,
               ReadoutCourse<Real>&, Real* outputs) const override {
    const int64_t from = std::max(s.begin, block.first_scored);
    if (from >= s.end) return;
    const int64_t rows = this->Rows(block), units = this->units();
    const int64_t cols = block.samples * (s.end - from);
    auto y = View(outputs + rows * block.samples * (from - block.first_scored),
                  rows, cols);
    y.noalias() = View(s.parameters + weights_, rows_, units).topRows(rows) *
                  View(s.activity + units * block.samples * (from - s.begin),
                       units, cols);
    y.colwise() += View(s.parameters + bias_, rows, 1).col(0);
  }

  void BeginBackward(const TrainingBlock<Real>&, const Real*,
                     ReadoutCourse<Real>&) const override {}

  void Backward(const ActivityStretch<Real>& s,
                const TrainingBlock<Real>& block, const Real* output_errors,
                ReadoutCourse<Real>&, Real* gradient,
                Real* activity_errors) const override {
    const int64_t from = std::max(s.begin, block.first_scored);
    if (from >= s.end) return;
    const int64_t rows = this->Rows(block), units = this->units();
    const int64_t cols = block.samples * (s.end - from);
    const int64_t at = units * block.samples * (from - s.begin);
    const Real* errors =
        output_errors + rows * block.samples * (from - block.first_scored);
    View(activity_errors + at, units, cols).noalias() +=
        View(s.parameters + weights_, rows_, units).topRows(rows).transpose() *
        View(errors, rows, cols);
    View(gradient + weights_, rows_, units).topRows(rows).noalias() +=
        View(errors, rows, cols) *
        View(s.activity + at, units, cols).transpose();
    AddColumns(errors, rows, cols, gradient + bias_);
  }

 private:
  int64_t rows_;  // of all heads
  int64_t weights_ = 0, bias_ = 0;
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
