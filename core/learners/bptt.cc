// The exact gradient, by backpropagation through time: every layer knows its
// own way back.
//
// Source: Werbos (1990), Proc. IEEE 78:1550-1560, doi:10.1109/5.58337; states
// kept at intervals: Chen et al. (2016), arXiv:1604.06174.

#include "core/learners/learner.h"

namespace engram {
namespace {

template <class Real>
class Bptt final : public Learner<Real> {
 public:
  explicit Bptt(const Component& c)
      : plan_(PassPlan::Every(c.Integer("recompute_every"))) {}

  PassPlan plan() const override { return plan_; }
  // A second way there.
  LearnerCost cost(const TrainedNetwork<Real>& network) const override {
    if (plan_.segment_steps == 0) return {};
    return {.products = static_cast<double>(network.layout().size())};
  }

  double Learn(const TrainedNetwork<Real>& network, const Loss<Real>& loss,
               const Real* parameters, const TrainingBlock<Real>& block,
               NetworkPass<Real>& pass, Real* direction) const override {
    const double value = ForwardLoss(network, loss, parameters, block, pass);
    BackwardLoss(network, loss, parameters, block, pass, direction);
    return value;
  }

 private:
  PassPlan plan_;
};

}  // namespace

LearnerRow BpttRow() {
  return RowOfLearner<Bptt>(
      {.type = "bptt",
       .summary = "backpropagation through time: the exact gradient",
       .equation = "dL/dtheta",
       .reference = "doi:10.1109/5.58337",
       .parameters = {RecomputeEvery()}},
      [](const Component&, const LearnerPlace&) { return std::string(); });
}

}  // namespace engram
