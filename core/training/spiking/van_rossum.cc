#include "core/training/spiking/van_rossum.h"

#include "core/base/math.h"
#include "core/training/catalog.h"

namespace engram {

template <class Real>
VanRossum<Real>::VanRossum(const Component& c)
    : scale_(c.Real("weight") * (c.Real("tau_rise") + c.Real("tau_decay")) /
             c.Real("dt")),
      rise_(math::Exp(-c.Real("dt") / c.Real("tau_rise"))),
      decay_(math::Exp(-c.Real("dt") / c.Real("tau_decay"))) {}

template <class Real>
double VanRossum<Real>::Signals(const TrainingBlock<Real>& block,
                                int64_t per_head, const Real* outputs,
                                Real* signals) const {
  // The weights of a trial add up to its steps where none is left out.
  const double scale = scale_ * static_cast<double>(block.scored_steps()) /
                       (block.total_weight * static_cast<double>(per_head));
  double loss = 0;
  for (int64_t train = 0; train < per_head * block.samples; ++train) {
    const int64_t output = train % per_head, sample = train / per_head;
    double a = 0, e = 0;
    for (int64_t t = 0; t < block.scored_steps(); ++t) {
      const int64_t column = block.samples * t + sample;
      const int64_t at = per_head * column + output;
      const double x = static_cast<double>(outputs[at]) -
                       static_cast<double>(block.targets(output, column));
      a = rise_ * a + (1 - rise_) * x;
      e = decay_ * e + (1 - decay_) * a;
      const double weight = scale * static_cast<double>(block.weights[column]);
      loss += weight * e * e;
      signals[at] = static_cast<Real>(2 * weight * e);
    }
  }
  return loss;
}

// A spike reaches the errors of its own step and of those behind it, so its
// share comes by the same filter run backwards in time.
template <class Real>
double VanRossum<Real>::Outputs(const TrainingBlock<Real>& block,
                                int64_t per_head, const Real* outputs,
                                Real* errors) const {
  Array<Real> signals(per_head, block.scored_columns());
  const double loss = Signals(block, per_head, outputs, signals.data());
  for (int64_t train = 0; train < per_head * block.samples; ++train) {
    double e = 0, a = 0;
    for (int64_t t = block.scored_steps() - 1; t >= 0; --t) {
      const int64_t at = per_head * block.samples * t + train;
      e = decay_ * e + (1 - decay_) * static_cast<double>(signals[at]);
      a = rise_ * a + (1 - rise_) * e;
      errors[at] += static_cast<Real>(a);
    }
  }
  return loss;
}

template class VanRossum<float>;
template class VanRossum<double>;

LossRow VanRossumRow() {
  return {
      .spec = {.kind = Kind::kLoss,
               .type = "van_rossum",
               .summary = "distance of spike trains from wanted ones, both "
                          "smoothed by two exponentials",
               .equation = "e = f * (y - target), f of area 1\n"
                           "L = weight (tau_rise + tau_decay)/dt mean(sum_t "
                           "e^2): half the spikes that are missing or too "
                           "many, where they lie far apart",
               .reference = "doi:10.1162/neco_a_01086",
               .parameters = {Real("weight", "1", 1, 0, 1e9,
                                   "of the term in the loss"),
                              Real("tau_rise", "ms", 5, 1e-3, 1e6,
                                   "of the first exponential"),
                              Real("tau_decay", "ms", 10, 1e-3, 1e6,
                                   "of the second"),
                              Real("dt", "ms", 1, 1e-3, 100, "a step")}},
      .reads = LossRow::Reads::kTargets,
      .make_single =
          [](const Component& c) -> std::unique_ptr<LossTerm<float>> {
        return std::make_unique<VanRossum<float>>(c);
      },
      .make_double =
          [](const Component& c) -> std::unique_ptr<LossTerm<double>> {
        return std::make_unique<VanRossum<double>>(c);
      }};
}

}  // namespace engram
