#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "core/spec/component.h"
#include "core/spec/component_spec.h"
#include "core/training/training_block.h"

namespace engram {

// A term of what training makes small. A batch's loss is the sum over its
// blocks, so each term divides by what the whole batch has.
template <class Real>
class LossTerm {
 public:
  virtual ~LossTerm() = default;
  // Of outputs (heads outputs_per_head, scored columns): adds dL/d outputs to
  // `errors` and gives this block's part of the loss.
  virtual double Outputs(const TrainingBlock<Real>&, int64_t, const Real*,
                         Real*) const {
    return 0;
  }
  // Of the last layer's activity, `size` numbers out of a batch's `total`: adds
  // dL/d activity to `errors`, unless that is null.
  virtual double Activity(std::span<const Real>, double, Real*) const {
    return 0;
  }
  virtual bool reads_activity() const { return false; }
  // Of what each unit of the last layer gave in a trial, summed over steps,
  // (units, samples): adds dL/d that to `errors`.
  virtual double Counts(const TrainingBlock<Real>&, const Array<Real>&,
                        Real*) const {
    return 0;
  }
  virtual bool reads_counts() const { return false; }
};

// A row of the catalog: a term of the loss, and how it is made. Terms on
// classes want labels, terms on targets want those.
struct LossRow {
  ComponentSpec spec;
  enum class Reads { kLabels, kTargets, kActivity };
  Reads reads = Reads::kLabels;
  std::unique_ptr<LossTerm<float>> (*make_single)(const Component& c) = nullptr;
  std::unique_ptr<LossTerm<double>> (*make_double)(const Component& c) =
      nullptr;
};

template <class Real>
using Loss = std::vector<std::unique_ptr<LossTerm<Real>>>;

// How many answers are right: the largest output of a head is the label's, at
// scored steps that count and are judged. Of each active head.
template <class Real>
void CountRight(const TrainingBlock<Real>& block, int64_t outputs_per_head,
                const Real* outputs, std::span<int64_t> right,
                std::span<int64_t> asked);

// How many trials are answered rightly, of targets that say a choice: the
// output that is largest in the mean over a trial's steps, as they are
// weighted, is the target that is.
template <class Real>
void CountChoices(const TrainingBlock<Real>& block, int64_t outputs_per_head,
                  const Real* outputs, std::span<int64_t> right,
                  std::span<int64_t> asked);

}  // namespace engram
