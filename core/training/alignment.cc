#include "core/training/alignment.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/base/math.h"

namespace engram {
namespace {

// Sums over the numbers [begin, end) of two vectors.
struct Lengths {
  double direction = 0, exact = 0;
};

template <class Real>
void AddSquares(const Real* direction, const Real* exact, int64_t size,
                Lengths& squares) {
  for (int64_t i = 0; i < size; ++i) {
    const double d = static_cast<double>(direction[i]);
    const double g = static_cast<double>(exact[i]);
    squares.direction += d * d;
    squares.exact += g * g;
  }
}

// Squared lengths of the difference and of the sum of what is scaled to length
// one, so that equal vectors have the angle 0 to the bit.
struct Spread {
  double difference = 0, sum = 0;
};

template <class Real>
void AddSpread(const Real* direction, const Real* exact, int64_t size,
               Lengths norms, Spread& spread) {
  for (int64_t i = 0; i < size; ++i) {
    const double d = static_cast<double>(direction[i]) / norms.direction;
    const double g = static_cast<double>(exact[i]) / norms.exact;
    spread.difference += (d - g) * (d - g);
    spread.sum += (d + g) * (d + g);
  }
}

template <class Real>
Alignment AlignmentOf(const std::vector<const ParameterMatrix*>& matrices,
                      const Real* direction, const Real* exact,
                      const std::string& name) {
  Lengths squares;
  for (const ParameterMatrix* m : matrices) {
    AddSquares(direction + m->offset, exact + m->offset, m->size(), squares);
  }
  const Lengths norms{std::sqrt(squares.direction), std::sqrt(squares.exact)};
  if (norms.exact == 0) {
    const Measured absent = Measured::Absent("the exact gradient is 0");
    return {name, absent, absent};
  }
  const Measured ratio = Measured::Of(norms.direction / norms.exact);
  if (norms.direction == 0) {
    return {name, Measured::Absent("the direction is 0"), ratio};
  }
  Spread spread;
  for (const ParameterMatrix* m : matrices) {
    AddSpread(direction + m->offset, exact + m->offset, m->size(), norms,
              spread);
  }
  return {name, Measured::Of(AngleBetween(spread.difference, spread.sum)),
          ratio};
}

}  // namespace

Component ExactLearnerBeside(const Component& learner) {
  constexpr char kEvery[] = "recompute_every";
  Component exact;
  exact.type = "bptt";
  exact.parameters[kEvery] = learner.parameters.contains(kEvery)
                                 ? learner.Integer(kEvery)
                                 : int64_t{0};
  return exact;
}

// Of unit vectors at the angle a the difference has the length 2 sin(a / 2) and
// the sum 2 cos(a / 2). tan(x) is solved by steps whose error falls with its
// third power, from a start that is 0.07 off at most.
double AngleBetween(double difference, double sum) {
  const double s = std::sqrt(difference), c = std::sqrt(sum);
  double half = std::numbers::pi / 2 * s / (s + c);
  for (int k = 0; k < 4; ++k) {
    const double sine = math::Sin(half), cosine = math::Cos(half);
    half += (s * cosine - c * sine) / (c * cosine + s * sine);
  }
  return 2 * half * 180 / std::numbers::pi;
}

template <class Real>
AlignmentProbe<Real>::AlignmentProbe(const TrainedNetwork<Real>& network,
                                     const Loss<Real>& loss,
                                     const Component& learner, int64_t blocks)
    : network_(network),
      loss_(loss),
      exact_(MakeLearner<Real>(ExactLearnerBeside(learner))),
      passes_(static_cast<size_t>(blocks)),
      gradients_(network.layout().size(), blocks) {
  for (NetworkPass<Real>& pass : passes_) pass.plan = exact_->plan();
}

template <class Real>
void AlignmentProbe<Real>::Learn(const Real* parameters,
                                 const TrainingBlock<Real>& block, int64_t b) {
  Real* gradient = gradients_.data() + gradients_.rows() * b;
  std::fill_n(gradient, gradients_.rows(), Real{0});
  exact_->Learn(network_, loss_, parameters, block, pass(b), gradient);
}

template <class Real>
std::vector<Alignment> AlignmentProbe<Real>::Compare(const Real* direction) {
  Real* exact = gradients_.data();
  for (int64_t b = 1; b < gradients_.cols(); ++b) {
    const Real* other = gradients_.data() + gradients_.rows() * b;
    for (int64_t i = 0; i < gradients_.rows(); ++i) exact[i] += other[i];
  }
  std::vector<const ParameterMatrix*> trained;
  for (const ParameterMatrix& matrix : network_.layout().matrices()) {
    if (matrix.is_trained) trained.push_back(&matrix);
  }
  std::vector<Alignment> alignments = {
      AlignmentOf(trained, direction, exact, "")};
  for (const ParameterMatrix* matrix : trained) {
    alignments.push_back(AlignmentOf({matrix}, direction, exact, matrix->name));
  }
  return alignments;
}

template class AlignmentProbe<float>;
template class AlignmentProbe<double>;

}  // namespace engram
