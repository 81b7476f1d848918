// The last layer's own spikes as the answer: how many of them fell into the
// scored steps so far, against a number that decides.
//
//   n_k(t) = S_k(first scored) + ... + S_k(t)
//   y_k(t) = gain (n_k(t) - n_0)
//
// A layer of one unit less than there are classes leaves the first class at
// y = 0: with one unit and two classes the softmax of y gives the second one
// the probability 1 / (1 + exp(-gain (n - n_0))).

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "core/training/readout.h"

namespace engram {
namespace {

template <class Real>
class SpikeCountReadout final : public Readout<Real> {
 public:
  SpikeCountReadout(const Component& c, ReadoutPlace place)
      : Readout<Real>(place.shape, place.units),
        first_(place.shape.outputs - place.units),
        gain_(static_cast<Real>(c.Real("gain"))),
        threshold_(static_cast<Real>(c.Real("threshold"))) {}

  void Resize(const TrainingBlock<Real>& block,
              ReadoutCourse<Real>& course) const override {
    GrowTo(course.carried, this->units(), block.samples);
  }

  void Forward(const ActivityStretch<Real>& s, const TrainingBlock<Real>& block,
               ReadoutCourse<Real>& course, Real* outputs) const override {
    if (s.begin == 0) course.carried.Fill(0);
    const int64_t rows = this->Rows(block), units = this->units();
    const int64_t from = std::max(s.begin, block.first_scored);
    for (int64_t t = from; t < s.end; ++t) {
      const Real* spikes = s.activity + units * block.samples * (t - s.begin);
      Real* y = outputs + rows * block.samples * (t - block.first_scored);
      for (int64_t i = 0; i < units * block.samples; ++i) {
        course.carried[i] += spikes[i];
      }
      for (int64_t k = 0; k < block.samples; ++k) {
        if (first_ > 0) y[rows * k] = 0;
        for (int64_t i = 0; i < units; ++i) {
          y[rows * k + first_ + i] =
              gain_ * (course.carried[units * k + i] - threshold_);
        }
      }
    }
  }

  void BeginBackward(const TrainingBlock<Real>&, const Real*,
                     ReadoutCourse<Real>& course) const override {
    course.carried.Fill(0);
  }

  // A spike counts in its own step and in all behind it.
  void Backward(const ActivityStretch<Real>& s,
                const TrainingBlock<Real>& block, const Real* output_errors,
                ReadoutCourse<Real>& course, Real*,
                Real* activity_errors) const override {
    const int64_t rows = this->Rows(block), units = this->units();
    const int64_t from = std::max(s.begin, block.first_scored);
    for (int64_t t = s.end - 1; t >= from; --t) {
      const Real* errors =
          output_errors + rows * block.samples * (t - block.first_scored);
      Real* out = activity_errors + units * block.samples * (t - s.begin);
      for (int64_t k = 0; k < block.samples; ++k) {
        for (int64_t i = 0; i < units; ++i) {
          Real& sum = course.carried[units * k + i];
          sum += gain_ * errors[rows * k + first_ + i];
          out[units * k + i] += sum;
        }
      }
    }
  }

 private:
  int64_t first_;  // class of the first unit
  Real gain_, threshold_;
};

}  // namespace

ReadoutRow SpikeCountReadoutRow() {
  return RowOfReadout<SpikeCountReadout>(
      {.type = "spike_count_readout",
       .summary = "classes by the spikes of the last layer's own units over "
                  "the scored steps",
       .equation = "y_k = gain (n_k - threshold), of a class without a unit 0",
       .parameters = {Real("gain", "1", 2, 1e-6, 1e6, "of a spike"),
                      Real("threshold", "1", 2, 0, 1e6,
                           "spikes at which y is 0")}},
      [](NetworkShape shape, int64_t units) {
        if (shape.heads == 1 &&
            (units == shape.outputs || units == shape.outputs - 1)) {
          return std::string();
        }
        return absl::StrCat(
            "spike_count_readout reads one head from as many units as classes, "
            "or one less; the last layer has ",
            units, " units for ", shape.outputs, " classes and ", shape.heads,
            " heads; set its units to ", shape.outputs, " or ",
            shape.outputs - 1);
      });
}

}  // namespace engram
