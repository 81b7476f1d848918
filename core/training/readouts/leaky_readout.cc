// Integrators without threshold that read a layer of spikes, and what a trial
// is judged by: how high each got so far.
//
//   F(t+1) = alpha F(t) + W S(t),  O(t+1) = beta O(t) + F(t)
//   y(t) = O(t+1), or max(O(0), ..., O(t+1))
//
//   F, O   (rows)  current and potential, 0 at the start [1]
//   alpha  exp(-dt / tau_syn),  beta  exp(-dt / tau_mem)
//
// The error of a maximum belongs to the step where it was reached first; a row
// that never rises above its start has y = 0 and no gradient.
//
// Source: Neftci, Mostafa and Zenke (2019), doi:10.1109/MSP.2019.2931595, and
// its tutorial's code, github.com/fzenke/spytorch.

#include <algorithm>
#include <cmath>

#include "core/base/math.h"
#include "core/training/readout.h"
#include "core/training/readouts/readout_weights.h"

namespace engram {
namespace {

// Of `carried`, each (rows, samples).
enum Carried { kCurrent, kPotential, kMaximum, kCarried };

template <class Real>
class LeakyReadout final : public Readout<Real> {
 public:
  LeakyReadout(const Component& c, ReadoutPlace place)
      : Readout<Real>(place.shape, place.units),
        weights_{place.shape.heads * place.shape.outputs, place.units},
        alpha_(Decay(c, "tau_syn")),
        beta_(Decay(c, "tau_mem")),
        is_maximum_(c.Text("reads") == "maximum") {
    const double bound = c.Real("weight_scale") *
                         std::sqrt(3.0 / static_cast<double>(place.units));
    const int index = place.layout.Add({.name = "readout_weights",
                                        .rows = weights_.rows,
                                        .cols = place.units,
                                        .low = -bound,
                                        .high = bound,
                                        .fan_in = place.units});
    weights_.offset = place.layout[index].offset;
  }

  void Resize(const TrainingBlock<Real>& block,
              ReadoutCourse<Real>& course) const override {
    const int64_t rows = this->Rows(block);
    GrowTo(course.drives, rows, block.samples * block.steps);
    GrowTo(course.carried, rows, block.samples * kCarried);
    if (is_maximum_) GrowTo(course.peaks, rows, block.samples * block.steps);
    weights_.Resize(rows, course);
  }

  void Forward(const ActivityStretch<Real>& s, const TrainingBlock<Real>& block,
               ReadoutCourse<Real>& course, Real* outputs) const override {
    const int64_t rows = this->Rows(block), size = rows * block.samples;
    if (s.begin == 0) course.carried.Fill(0);
    const int64_t cols = block.samples * (s.end - s.begin);
    Real* drives = course.drives.data() + size * s.begin;
    std::fill_n(drives, rows * cols, Real{0});
    weights_.Read(s, rows, s.activity, cols, {drives, rows}, course, drives);
    for (int64_t t = s.begin; t < s.end; ++t) {
      Integrate(size, course.drives.data() + size * t, course);
      if (is_maximum_) Raise(size, t, course);
      if (t < block.first_scored) continue;
      std::copy_n(
          course.carried.data() + size * (is_maximum_ ? kMaximum : kPotential),
          size, outputs + size * (t - block.first_scored));
    }
  }

  // The way back in time of all steps: drives become their errors.
  void BeginBackward(const TrainingBlock<Real>& block,
                     const Real* output_errors,
                     ReadoutCourse<Real>& course) const override {
    const int64_t size = this->Rows(block) * block.samples;
    PotentialErrors(block, size, output_errors, course);
    course.carried.Fill(0);
    Real* __restrict current = course.carried.data() + size * kCurrent;
    Real* __restrict potential = course.carried.data() + size * kPotential;
    for (int64_t t = block.steps - 1; t >= 0; --t) {
      Real* __restrict error = course.drives.data() + size * t;
      for (int64_t i = 0; i < size; ++i) {
        // Of F(t+1), which O(t+2) takes, and of O(t+1).
        const Real of_current = alpha_ * current[i] + potential[i];
        potential[i] = beta_ * potential[i] + error[i];
        current[i] = of_current;
        error[i] = of_current;
      }
    }
  }

  void Backward(const ActivityStretch<Real>& s,
                const TrainingBlock<Real>& block, const Real*,
                ReadoutCourse<Real>& course, Real* gradient,
                Real* activity_errors) const override {
    const int64_t rows = this->Rows(block);
    const int64_t cols = block.samples * (s.end - s.begin);
    const Real* errors = course.drives.data() + rows * block.samples * s.begin;
    weights_.Backward(s, rows, errors, s.activity, cols, course, gradient,
                      activity_errors);
  }

 private:
  static Real Decay(const Component& c, const char* tau) {
    return static_cast<Real>(math::Exp(-c.Real("dt") / c.Real(tau)));
  }

  void Integrate(int64_t size, const Real* __restrict drive,
                 ReadoutCourse<Real>& course) const {
    Real* __restrict current = course.carried.data() + size * kCurrent;
    Real* __restrict potential = course.carried.data() + size * kPotential;
    for (int64_t i = 0; i < size; ++i) {
      potential[i] = beta_ * potential[i] + current[i];
      current[i] = alpha_ * current[i] + drive[i];
    }
  }

  // The step at which the maximum up to t was reached; -1 at the start.
  void Raise(int64_t size, int64_t t, ReadoutCourse<Real>& course) const {
    const Real* potential = course.carried.data() + size * kPotential;
    Real* maximum = course.carried.data() + size * kMaximum;
    int32_t* peaks = course.peaks.data() + size * t;
    for (int64_t i = 0; i < size; ++i) {
      const int32_t before = t > 0 ? peaks[i - size] : -1;
      const bool rises = potential[i] > maximum[i];
      peaks[i] = rises ? static_cast<int32_t>(t) : before;
      if (rises) maximum[i] = potential[i];
    }
  }

  // dL/dO(t+1) at each t, where the drives were.
  void PotentialErrors(const TrainingBlock<Real>& block, int64_t size,
                       const Real* output_errors,
                       ReadoutCourse<Real>& course) const {
    Real* errors = course.drives.data();
    std::fill_n(errors, size * block.steps, Real{0});
    for (int64_t t = block.first_scored; t < block.steps; ++t) {
      const Real* from = output_errors + size * (t - block.first_scored);
      for (int64_t i = 0; i < size; ++i) {
        const int64_t step = is_maximum_ ? course.peaks[size * t + i] : t;
        if (step >= 0) errors[size * step + i] += from[i];
      }
    }
  }

  ReadoutWeights<Real> weights_;
  Real alpha_, beta_;
  bool is_maximum_;
};

}  // namespace

ReadoutRow LeakyReadoutRow() {
  return RowOfReadout<LeakyReadout>(
      {.type = "leaky_readout",
       .summary = "leaky integrators of the last layer's spikes, judged by how "
                  "high they got or by where they are",
       .equation = "F(t+1) = alpha F(t) + W S(t)\n"
                   "O(t+1) = beta O(t) + F(t)\n"
                   "y(t) = max(0, O(1), ..., O(t+1)), or O(t+1)",
       .reference = "doi:10.1109/MSP.2019.2931595",
       .parameters = {Real("dt", "ms", 1, 1e-3, 100, "a step"),
                      Real("tau_mem", "ms", 10, 1e-3, 1e6, "of the potential"),
                      Real("tau_syn", "ms", 5, 1e-3, 1e6, "of the current"),
                      Choice("reads", "maximum", {"maximum", "potential"},
                             "of a trial so far"),
                      Real("weight_scale", "1", 0.7, 0, 1e6,
                           "standard deviation of weights times sqrt(units)")}},
      [](NetworkShape, int64_t) { return std::string(); });
}

}  // namespace engram
