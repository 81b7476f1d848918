// Terms of the loss that look at how often units spiked in a trial, n of each
// unit of the last layer:
//
//   rate_ceiling     weight mean(max(0, rate - ceiling)^2), rate = n / (steps
//   dt) spike_count_l1   weight mean(n) spike_count_l2   weight mean(n^2)
//
// Means run over units and trials. The ceiling pulls on one side alone: a
// penalty on both lets a unit that fell silent stay so.

#include "core/training/catalog.h"

namespace engram {
namespace {

template <class Real>
class CountTerm : public LossTerm<Real> {
 public:
  bool reads_counts() const final { return true; }

  double Counts(const TrainingBlock<Real>& block, const Array<Real>& counts,
                Real* errors) const final {
    const double scale = size_ / (static_cast<double>(counts.rows()) *
                                  static_cast<double>(block.batch_samples));
    double sum = 0;
    for (int64_t i = 0; i < counts.rows() * block.samples; ++i) {
      const Cost cost = CostOf(static_cast<double>(counts[i]), block.steps);
      sum += cost.value;
      errors[i] += static_cast<Real>(scale * cost.slope);
    }
    return scale * sum;
  }

 protected:
  struct Cost {
    double value = 0, slope = 0;
  };
  explicit CountTerm(const Component& c) : size_(c.Real("weight")) {}

 private:
  virtual Cost CostOf(double n, int64_t steps) const = 0;

  double size_;
};

template <class Real>
class RateCeiling final : public CountTerm<Real> {
 public:
  explicit RateCeiling(const Component& c)
      : CountTerm<Real>(c), dt_(c.Real("dt")), ceiling_(c.Real("ceiling")) {}

 private:
  using typename CountTerm<Real>::Cost;
  Cost CostOf(double n, int64_t steps) const override {
    const double per_spike = 1000 / (static_cast<double>(steps) * dt_);
    const double above = n * per_spike - ceiling_;
    if (above <= 0) return {};
    return {above * above, 2 * above * per_spike};
  }

  double dt_, ceiling_;
};

template <class Real>
class SpikeCountL1 final : public CountTerm<Real> {
 public:
  explicit SpikeCountL1(const Component& c) : CountTerm<Real>(c) {}

 private:
  using typename CountTerm<Real>::Cost;
  Cost CostOf(double n, int64_t) const override { return {n, 1}; }
};

template <class Real>
class SpikeCountL2 final : public CountTerm<Real> {
 public:
  explicit SpikeCountL2(const Component& c) : CountTerm<Real>(c) {}

 private:
  using typename CountTerm<Real>::Cost;
  Cost CostOf(double n, int64_t) const override { return {n * n, 2 * n}; }
};

ParameterSpec Weight(double size) {
  return Real("weight", "1", size, 0, 1e9, "of the term in the loss");
}

template <template <class> class T>
LossRow Row(ComponentSpec spec) {
  spec.kind = Kind::kLoss;
  return {.spec = std::move(spec),
          .reads = LossRow::Reads::kActivity,
          .make_single =
              [](const Component& c) -> std::unique_ptr<LossTerm<float>> {
            return std::make_unique<T<float>>(c);
          },
          .make_double =
              [](const Component& c) -> std::unique_ptr<LossTerm<double>> {
            return std::make_unique<T<double>>(c);
          }};
}

}  // namespace

LossRow RateCeilingRow() {
  return Row<RateCeiling>(
      {.type = "rate_ceiling",
       .summary = "keeps the rates of the last layer's units below a ceiling",
       .equation = "L = weight mean(max(0, rate - ceiling)^2), rate = "
                   "spikes / (steps dt)",
       .parameters = {Weight(1e-4),
                      Real("ceiling", "Hz", 10, 0, 1e6, "of a unit's rate"),
                      Real("dt", "ms", 1, 1e-3, 100, "a step")}});
}

LossRow SpikeCountL1Row() {
  return Row<SpikeCountL1>(
      {.type = "spike_count_l1",
       .summary = "keeps the spikes of the last layer's units few",
       .equation = "L = weight mean(n), n spikes of a unit in a trial",
       .reference = "doi:10.1109/MSP.2019.2931595",
       .parameters = {Weight(1e-3)}});
}

LossRow SpikeCountL2Row() {
  return Row<SpikeCountL2>(
      {.type = "spike_count_l2",
       .summary = "keeps units of the last layer from spiking much more than "
                  "others",
       .equation = "L = weight mean(n^2), n spikes of a unit in a trial",
       .reference = "doi:10.1109/MSP.2019.2931595",
       .parameters = {Weight(1e-4)}});
}

}  // namespace engram
