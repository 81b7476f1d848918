// Backpropagation through time that goes a bounded way back: every h' steps it
// takes the errors of those steps back through the last h steps, BPTT(h; h').
//
//   direction = sum over starts T = h', 2 h', ..., and the last step, of
//               sum over t in (T - h', T] of dL_t/dtheta,
//               with the state before step T - h + 1 held constant
//
// An error thus reaches at least h - h' + 1 and at most h steps. Starts whose
// way reaches the first step are not cut, and go back as one: with a window of
// the whole length the direction is that of bptt, to the bit. What a readout
// remembers itself is not cut.
//
// Source: Williams and Peng (1990), Neural Computation 2:490-501,
// doi:10.1162/neco.1990.2.4.490.

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "core/learners/learner.h"

namespace engram {
namespace {

template <class Real>
class TruncatedBptt final : public Learner<Real> {
 public:
  explicit TruncatedBptt(const Component& c)
      : window_(c.Integer("window")),
        every_(c.Integer("every")),
        plan_(PassPlan::Every(c.Integer("recompute_every"))) {}

  PassPlan plan() const override { return plan_; }
  // Ways back that overlap, and a way there for each where it is not kept.
  LearnerCost cost(const TrainedNetwork<Real>& network) const override {
    const double ways =
        static_cast<double>(window_) / static_cast<double>(every_);
    const double size = static_cast<double>(network.layout().size());
    return {.products =
                size * (2 * (ways - 1) + (plan_.segment_steps > 0 ? ways : 0))};
  }

  double Learn(const TrainedNetwork<Real>& network, const Loss<Real>& loss,
               const Real* parameters, const TrainingBlock<Real>& block,
               NetworkPass<Real>& pass, Real* direction) const override {
    const double value = ForwardLoss(network, loss, parameters, block, pass);
    network.BeginBackward(block, pass);
    for (int64_t end = block.steps; end > 0;) {
      const int64_t before = (end - 1) / every_ * every_;
      const WayBack way{.errors_from = end <= window_ ? 0 : before,
                        .end = end,
                        .until = std::max<int64_t>(0, end - window_)};
      BackwardLossOver(network, loss, parameters, block, way, pass, direction);
      end = way.errors_from;
    }
    return value;
  }

 private:
  int64_t window_, every_;
  PassPlan plan_;
};

}  // namespace

LearnerRow TruncatedBpttRow() {
  return RowOfLearner<TruncatedBptt>(
      {.type = "truncated_bptt",
       .summary = "backpropagation through time that goes so many steps back",
       .equation = "BPTT(h; h'): every h' = every steps, the errors of these "
                   "steps through the last h = window steps",
       .reference = "doi:10.1162/neco.1990.2.4.490",
       .parameters = {Integer("window", 32, 1, 1000000000,
                              "steps that are gone back through"),
                      Integer("every", 16, 1, 1000000000,
                              "steps between two starts, at most window"),
                      RecomputeEvery()},
       .check =
           [](const Component& self, const Component&, Faults& faults) {
             const int64_t window = self.Integer("window");
             if (self.Integer("every") <= window) return;
             faults.push_back(
                 {0, self.path + ".every",
                  absl::StrCat("every = ", self.Integer("every"),
                               " is above window = ", window,
                               ", so that errors of some steps would be lost; "
                               "make it at most ",
                               window)});
           }},
      RefuseWithoutMemory);
}

}  // namespace engram
