#include "core/training/loss.h"

#include <algorithm>

#include "core/base/contract.h"
#include "core/base/math.h"
#include "core/training/catalog.h"

namespace engram {
namespace {

// - log softmax(y)_label of every head at every scored step, a mean over the
// steps that count and a sum over heads. In double: labels are few.
template <class Real>
class CrossEntropy final : public LossTerm<Real> {
 public:
  explicit CrossEntropy(const Component& c) : size_(c.Real("weight")) {}

  double Outputs(const TrainingBlock<Real>& block, int64_t per_head,
                 const Real* outputs, Real* errors) const override {
    const int64_t rows = block.heads * per_head;
    double loss = 0;
    for (int64_t j = 0; j < block.scored_columns(); ++j) {
      const double weight = static_cast<double>(block.weights[j]);
      if (weight == 0) continue;
      const double scale = size_ * weight / block.total_weight;
      for (int64_t head = 0; head < block.heads; ++head) {
        const int64_t at = rows * j + per_head * head;
        loss += scale * OfHead(outputs + at, per_head, block.labels(head, j),
                               scale, errors + at);
      }
    }
    return loss;
  }

 private:
  static double OfHead(const Real* y, int64_t n, int32_t label, double scale,
                       Real* errors) {
    ENGRAM_EXPECT(label >= 0 && label < n);
    const double top = static_cast<double>(*std::max_element(y, y + n));
    double sum = 0;
    for (int64_t k = 0; k < n; ++k) {
      sum += math::Exp(static_cast<double>(y[k]) - top);
    }
    for (int64_t k = 0; k < n; ++k) {
      const double p = math::Exp(static_cast<double>(y[k]) - top) / sum;
      errors[k] += static_cast<Real>(scale * (p - (k == label ? 1.0 : 0.0)));
    }
    return math::Log(sum) - (static_cast<double>(y[label]) - top);
  }

  double size_;
};

// (y - target)^2, a mean over outputs and over the steps that count.
template <class Real>
class MeanSquaredError final : public LossTerm<Real> {
 public:
  explicit MeanSquaredError(const Component& c) : size_(c.Real("weight")) {}

  double Outputs(const TrainingBlock<Real>& block, int64_t per_head,
                 const Real* outputs, Real* errors) const override {
    double loss = 0;
    for (int64_t j = 0; j < block.scored_columns(); ++j) {
      const double scale = size_ * static_cast<double>(block.weights[j]) /
                           (block.total_weight * static_cast<double>(per_head));
      for (int64_t k = 0; k < per_head; ++k) {
        const int64_t at = per_head * j + k;
        const double d = static_cast<double>(outputs[at]) -
                         static_cast<double>(block.targets(k, j));
        loss += scale * d * d;
        errors[at] += static_cast<Real>(2 * scale * d);
      }
    }
    return loss;
  }

 private:
  double size_;
};

// The square of the last layer's activity, a mean over units, steps and
// samples.
template <class Real>
class RatePenalty final : public LossTerm<Real> {
 public:
  explicit RatePenalty(const Component& c) : size_(c.Real("weight")) {}

  bool reads_activity() const override { return true; }
  double Activity(std::span<const Real> activity, double total,
                  Real* errors) const override {
    const double scale = size_ / total;
    double sum = 0;
    for (const Real h : activity) {
      sum += static_cast<double>(h) * static_cast<double>(h);
    }
    if (errors != nullptr) {
      const Real slope = static_cast<Real>(2 * scale);
      for (size_t i = 0; i < activity.size(); ++i) {
        errors[i] += slope * activity[i];
      }
    }
    return scale * sum;
  }

 private:
  double size_;
};

ParameterSpec Weight(double size) {
  return Real("weight", "1", size, 0, 1e9, "of the term in the loss");
}

template <template <class> class T>
LossRow RowOfLoss(ComponentSpec spec, LossRow::Reads reads) {
  spec.kind = Kind::kLoss;
  return {.spec = std::move(spec),
          .reads = reads,
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

template <class Real>
void CountRight(const TrainingBlock<Real>& block, int64_t outputs_per_head,
                const Real* outputs, std::span<int64_t> right,
                std::span<int64_t> asked) {
  const int64_t n = outputs_per_head;
  for (int64_t j = 0; j < block.scored_columns(); ++j) {
    if (block.weights[j] == Real{0} || block.judged[j] == 0) continue;
    for (int64_t head = 0; head < block.heads; ++head) {
      const Real* y = outputs + n * (block.heads * j + head);
      const auto at = static_cast<size_t>(head);
      ++asked[at];
      if (std::max_element(y, y + n) - y == block.labels(head, j)) ++right[at];
    }
  }
}

namespace {

// Which row is largest, of a sample's columns summed with their weights; -1
// where none counts.
template <class Real>
int64_t LargestRow(const TrainingBlock<Real>& block, int64_t sample,
                   int64_t rows, const Real* values,
                   std::vector<double>& sums) {
  sums.assign(static_cast<size_t>(rows), 0);
  double total = 0;
  for (int64_t j = sample; j < block.scored_columns(); j += block.samples) {
    const double weight = static_cast<double>(block.weights[j]);
    total += weight;
    for (int64_t k = 0; k < rows; ++k) {
      sums[static_cast<size_t>(k)] +=
          weight * static_cast<double>(values[rows * j + k]);
    }
  }
  if (total == 0) return -1;
  return std::ranges::max_element(sums) - sums.begin();
}

}  // namespace

template <class Real>
void CountChoices(const TrainingBlock<Real>& block, int64_t outputs_per_head,
                  const Real* outputs, std::span<int64_t> right,
                  std::span<int64_t> asked) {
  const int64_t rows = outputs_per_head;
  std::vector<double> sums;
  for (int64_t sample = 0; sample < block.samples; ++sample) {
    const int64_t wanted =
        LargestRow(block, sample, rows, block.targets.data(), sums);
    if (wanted < 0) continue;
    ++asked[0];
    if (LargestRow(block, sample, rows, outputs, sums) == wanted) ++right[0];
  }
}

template void CountChoices(const TrainingBlock<float>&, int64_t, const float*,
                           std::span<int64_t>, std::span<int64_t>);
template void CountChoices(const TrainingBlock<double>&, int64_t, const double*,
                           std::span<int64_t>, std::span<int64_t>);

template void CountRight(const TrainingBlock<float>&, int64_t, const float*,
                         std::span<int64_t>, std::span<int64_t>);
template void CountRight(const TrainingBlock<double>&, int64_t, const double*,
                         std::span<int64_t>, std::span<int64_t>);

LossRow CrossEntropyRow() {
  return RowOfLoss<CrossEntropy>(
      {.type = "cross_entropy",
       .summary = "of classes at the steps that a task scores, summed over "
                  "heads",
       .equation = "L = weight mean(-log softmax(y)_label)",
       .parameters = {Weight(1)}},
      LossRow::Reads::kLabels);
}

LossRow MeanSquaredErrorRow() {
  return RowOfLoss<MeanSquaredError>(
      {.type = "mean_squared_error",
       .summary = "of outputs at the steps that a task scores",
       .equation = "L = weight mean((y - target)^2)",
       .parameters = {Weight(1)}},
      LossRow::Reads::kTargets);
}

LossRow RatePenaltyRow() {
  return RowOfLoss<RatePenalty>(
      {.type = "rate_penalty",
       .summary = "keeps the activity of the last layer small",
       .equation = "L = weight mean(h^2)",
       .parameters = {Weight(1e-4)}},
      LossRow::Reads::kActivity);
}

}  // namespace engram
