// Inhibition that learns by Vogels' local rule inside a trained network of
// spiking units, to be held against inhibition that learns by gradients:
//
//   at a presynaptic spike    dw = eta (q_i - 2 rho_0 tau)
//   at a postsynaptic spike   dw = eta p_j
//
//   p  (sources)  trace of the inhibitory inputs' spikes, +1 each, of tau [1]
//   q  (units)    of the units' spikes                                    [1]
//   w  sizes of inhibitory weights; a direction is -dw, a mean over trials
//
// Traces begin at 0 in every trial and are read as they were before the spikes
// of the same step. With independent spikes a unit's rate settles at rho_0
// whatever its excitation: inhibition comes to match it channel by channel. All
// other parameters have the exact way back with the layer's surrogate, or stay
// as they are.
//
// Source: Vogels, Sprekeler, Zenke, Clopath and Gerstner (2011),
// doi:10.1126/science.1211095.

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "core/base/contract.h"
#include "core/base/math.h"
#include "core/learners/learner.h"
#include "core/training/spiking/lif_layer.h"

namespace engram {
namespace {

// Of NetworkPass::of_learner.
enum Held { kGradient, kPre, kPost, kHeld };

constexpr double kPerMs = 1e-3;  // of a rate in Hz

template <class Real>
class InhibitoryStdp final : public Learner<Real> {
 public:
  explicit InhibitoryStdp(const Component& c)
      : eta_(c.Real("eta")),
        alpha_(static_cast<Real>(2 * c.Real("rho_0") * kPerMs * c.Real("tau"))),
        decay_(static_cast<Real>(math::Exp(-c.Real("dt") / c.Real("tau")))),
        follows_gradient_(c.Text("others") == "gradient") {}

  double Learn(const TrainedNetwork<Real>& network, const Loss<Real>& loss,
               const Real* parameters, const TrainingBlock<Real>& block,
               NetworkPass<Real>& pass, Real* direction) const override {
    ENGRAM_EXPECT(network.layers().size() == 1);
    const auto& layer = dynamic_cast<const LifLayer<Real>&>(network.last());
    const double value = ForwardLoss(network, loss, parameters, block, pass);
    pass.of_learner.resize(kHeld);
    if (follows_gradient_) {
      AddGradient(network, layer, loss, parameters, block, pass, direction);
    }
    for (const auto& p : layer.pathways()) {
      if (p.current == 0) continue;
      for (int64_t k = 0; k < block.samples; ++k) {
        AddPairs(layer, p, block, k, pass, direction);
      }
    }
    return value;
  }

 private:
  using Pathway = typename LifLayer<Real>::Pathway;

  // Of all but the inhibitory weights.
  void AddGradient(const TrainedNetwork<Real>& network,
                   const LifLayer<Real>& layer, const Loss<Real>& loss,
                   const Real* parameters, const TrainingBlock<Real>& block,
                   NetworkPass<Real>& pass, Real* direction) const {
    const int64_t size = network.layout().size();
    GrowTo(pass.of_learner[kGradient], size, 1);
    pass.of_learner[kGradient].Fill(0);
    Real* gradient = pass.of_learner[kGradient].data();
    BackwardLoss(network, loss, parameters, block, pass, gradient);
    for (const Pathway& p : layer.pathways()) {
      if (p.current == 0) continue;
      std::fill_n(gradient + p.offset, layer.units() * p.count, Real{0});
    }
    for (int64_t i = 0; i < size; ++i) direction[i] += gradient[i];
  }

  void AddPairs(const LifLayer<Real>& layer, const Pathway& p,
                const TrainingBlock<Real>& block, int64_t sample,
                NetworkPass<Real>& pass, Real* direction) const {
    const int64_t units = layer.units();
    GrowTo(pass.of_learner[kPre], p.count, 1);
    GrowTo(pass.of_learner[kPost], units, 1);
    pass.of_learner[kPre].Fill(0);
    pass.of_learner[kPost].Fill(0);
    Real* pre = pass.of_learner[kPre].data();
    Real* post = pass.of_learner[kPost].data();
    const Real size =
        static_cast<Real>(-eta_ / static_cast<double>(block.batch_samples));
    for (int64_t t = 0; t < block.steps; ++t) {
      const int64_t column = block.samples * t + sample;
      const Real* spikes =
          pass.courses.back().outputs.data() + units * (column + block.samples);
      const Real* source =
          (p.from_units ? spikes
                        : block.inputs.data() + layer.inputs() * column) +
          p.first;
      for (int64_t j = 0; j < p.count; ++j) {
        Real* weights = direction + p.offset + units * j;
        for (int64_t i = 0; i < units; ++i) {
          weights[i] +=
              size * (source[j] * (post[i] - alpha_) + spikes[i] * pre[j]);
        }
      }
      for (int64_t j = 0; j < p.count; ++j) {
        pre[j] = decay_ * (pre[j] + source[j]);
      }
      for (int64_t i = 0; i < units; ++i) {
        post[i] = decay_ * (post[i] + spikes[i]);
      }
    }
  }

  double eta_;
  Real alpha_, decay_;
  bool follows_gradient_;
};

std::string Refusal(const Component&, const LearnerPlace& place) {
  const Component& network = place.program.Slot("network");
  const bool is_lif =
      network.type == "feedforward_lif" || network.type == "recurrent_lif";
  const bool inhibits = is_lif && (network.Real("inhibitory_inputs") > 0 ||
                                   (network.type == "recurrent_lif" &&
                                    network.Real("inhibitory_units") > 0));
  if (inhibits && network.Integer("layers") == 1) return "";
  return absl::StrCat(
      "inhibitory_stdp changes the inhibitory weights of one layer of spiking "
      "units, and ",
      network.type,
      inhibits ? absl::StrCat(" has ", network.Integer("layers"), " layers")
               : std::string(" has no such weights"),
      "; take one layer of feedforward_lif with inhibitory_inputs above 0, or "
      "of recurrent_lif with inhibitory_units above 0, or the learner bptt");
}

}  // namespace

LearnerRow InhibitoryStdpRow() {
  return RowOfLearner<InhibitoryStdp>(
      {.type = "inhibitory_stdp",
       .summary = "Vogels' local rule for inhibitory weights, with the "
                  "gradient, or nothing, for all others",
       .equation = "at an inhibitory spike: dw = eta (q_i - 2 rho_0 tau)\n"
                   "at the unit's spike: dw = eta p_j\n"
                   "p, q of either's spikes: +1 after a spike, tau dx/dt = "
                   "-x; the direction is -dw, a mean over trials",
       .reference = "doi:10.1126/science.1211095",
       .parameters =
           {Real("eta", "1", 1, 0, 1e6,
                 "of the inhibitory direction, beside the optimizer's rate"),
            Real("rho_0", "Hz", 10, 0, 1000, "the units' rate"),
            Real("tau", "ms", 20, 0.1, 100000, "of both traces"),
            Real("dt", "ms", 1, 1e-3, 100, "a step"),
            Choice("others", "gradient", {"gradient", "none"},
                   "direction of all other parameters")}},
      Refusal);
}

}  // namespace engram
