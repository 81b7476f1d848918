// SuperSpike: what a weight did to its unit's spikes is gathered forward in
// time and meets the unit's error there, so that nothing goes back.
//
//   dL/dw_ij = sum_t dL/de_i(t) f * (sigma'(U_i) (eps * S_j))(t)
//
//   S_j       (sources)  presynaptic spikes: inputs, or the layer's own units
//   eps       what a spike makes of U, the reset left out: the current's
//             exponential and the membrane's
//   sigma'    (units)  the layer's surrogate for dS/dU
//   f         the double exponential of the loss, van_rossum
//   dL/de_i   (units)  smoothed spikes less smoothed targets, times what the
//             loss multiplies them by
//
// Each weight has an eligibility of two numbers, one an exponential of f. What
// differs from the exact way back with the same surrogate is the reset, which
// eps does not know, and what a recurrent spike does to later ones. The paper's
// rate of each weight is the optimizer rmaxprop.
//
// Source: Zenke and Ganguli (2018), doi:10.1162/neco_a_01086, and
// github.com/fzenke/pub2018superspike.

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "core/base/contract.h"
#include "core/learners/learner.h"
#include "core/training/spiking/lif_layer.h"
#include "core/training/spiking/van_rossum.h"

namespace engram {
namespace {

// Of NetworkPass::of_learner.
enum Held {
  kSignals,   // dL/de: (units, scored columns)
  kSlopes,    // sigma': (units)
  kCurrents,  // of the sources' spikes alone: (sources)
  kPotentials,
  kFirst,  // eligibility: (parameters), laid out as they are
  kSecond,
  kHeld
};

template <class Real>
class Eligibility {
 public:
  Eligibility(const TrainedNetwork<Real>& network,
              const VanRossum<Real>& distance, const TrainingBlock<Real>& block,
              NetworkPass<Real>& pass)
      : layer_(dynamic_cast<const LifLayer<Real>&>(network.last())),
        block_(block),
        course_(pass.courses.back()),
        held_(pass.of_learner),
        rise_(static_cast<Real>(distance.rise())),
        decay_(static_cast<Real>(distance.decay())) {
    held_.resize(kHeld);
    const int64_t units = layer_.units();
    GrowTo(held_[kSignals], units, block.scored_columns());
    GrowTo(held_[kSlopes], units, 1);
    int64_t sources = 0;
    for (const auto& p : layer_.pathways()) sources += p.count;
    GrowTo(held_[kCurrents], sources, 1);
    GrowTo(held_[kPotentials], sources, 1);
    GrowTo(held_[kFirst], network.layout().size(), 1);
    GrowTo(held_[kSecond], network.layout().size(), 1);
  }

  Real* signals() { return held_[kSignals].data(); }

  void AddSample(int64_t sample, Real* direction) {
    for (const Held part : {kCurrents, kPotentials, kFirst, kSecond}) {
      held_[part].Fill(0);
    }
    for (int64_t t = 0; t < block_.steps; ++t) {
      if (t >= block_.first_scored) Meet(t, sample, direction);
      Advance(t, sample);
    }
  }

 private:
  // The eligibilities of step t, and what they make of its errors.
  void Meet(int64_t t, int64_t sample, Real* direction) {
    const int64_t units = layer_.units();
    const Real* signals =
        held_[kSignals].data() +
        units * (block_.samples * (t - block_.first_scored) + sample);
    layer_.Slopes(course_.cells.data() + units * (block_.samples * t + sample),
                  units, held_[kSlopes].data());
    const Real* potential = held_[kPotentials].data();
    for (const auto& p : layer_.pathways()) {
      const Real sign = p.current == 0 ? Real{1} : Real{-1};
      for (int64_t j = 0; j < p.count; ++j) {
        MeetColumn(p.offset + units * j, sign * *potential++, signals,
                   direction);
      }
    }
  }

  // Of the weights from one source.
  void MeetColumn(int64_t offset, Real potential,
                  const Real* __restrict signals, Real* direction) {
    const Real rise = rise_, decay = decay_;
    const Real* __restrict slopes = held_[kSlopes].data();
    Real* __restrict first = held_[kFirst].data() + offset;
    Real* __restrict second = held_[kSecond].data() + offset;
    Real* __restrict sum = direction + offset;
    for (int64_t i = 0; i < layer_.units(); ++i) {
      first[i] = rise * first[i] + (Real{1} - rise) * (slopes[i] * potential);
      second[i] = decay * second[i] + (Real{1} - decay) * first[i];
      sum[i] += signals[i] * second[i];
    }
  }

  // What the spikes of step t, and those before, are to U(t + 1).
  void Advance(int64_t t, int64_t sample) {
    Real* current = held_[kCurrents].data();
    Real* potential = held_[kPotentials].data();
    const int64_t column = block_.samples * t + sample;
    const Real* inputs = block_.inputs.data() + layer_.inputs() * column;
    const Real* spikes =
        course_.outputs.data() + layer_.units() * (column + block_.samples);
    const Real beta = layer_.membrane_decay();
    for (const auto& p : layer_.pathways()) {
      const Real alpha = layer_.current_decay(p.current);
      const Real* source = (p.from_units ? spikes : inputs) + p.first;
      for (int64_t j = 0; j < p.count; ++j) {
        const Real next = alpha * current[j] + source[j];
        potential[j] = beta * potential[j] +
                       (layer_.takes_present_current() ? next : current[j]);
        current[j] = next;
      }
      current += p.count;
      potential += p.count;
    }
  }

  const LifLayer<Real>& layer_;
  const TrainingBlock<Real>& block_;
  const LayerCourse<Real>& course_;
  std::vector<Array<Real>>& held_;
  Real rise_, decay_;
};

template <class Real>
class SuperSpike final : public Learner<Real> {
 public:
  explicit SuperSpike(const Component&) {}

  double Learn(const TrainedNetwork<Real>& network, const Loss<Real>& loss,
               const Real* parameters, const TrainingBlock<Real>& block,
               NetworkPass<Real>& pass, Real* direction) const override {
    ENGRAM_EXPECT(network.layers().size() == 1 && loss.size() == 1);
    const auto& distance = dynamic_cast<const VanRossum<Real>&>(*loss.front());
    network.Forward(parameters, block, pass);
    Eligibility<Real> eligibility(network, distance, block, pass);
    const double value =
        distance.Signals(block, network.shape().outputs, pass.outputs.data(),
                         eligibility.signals());
    for (int64_t k = 0; k < block.samples; ++k) {
      eligibility.AddSample(k, direction);
    }
    return value;
  }
};

std::string RefuseNetwork(const Component& network) {
  const bool is_lif =
      network.type == "feedforward_lif" || network.type == "recurrent_lif";
  if (is_lif && network.Integer("layers") == 1) return "";
  return absl::StrCat(
      "superspike has a target spike train for each of its units and no way to "
      "send errors to units behind them, so it learns one layer of "
      "feedforward_lif or recurrent_lif; ",
      network.type,
      is_lif ? absl::StrCat(" has ", network.Integer("layers"), " layers")
             : std::string(" is none"),
      "; take one such layer, or the learner bptt");
}

std::string Refusal(const Component&, const LearnerPlace& place) {
  const std::string of_network = RefuseNetwork(place.program.Slot("network"));
  if (!of_network.empty()) return of_network;
  const Component& readout = place.program.Slot("readout");
  if (readout.type != "spike_train_readout") {
    return absl::StrCat(
        "superspike compares the units' own spikes with their targets; set "
        "readout to {type: spike_train_readout}, not ",
        readout.type);
  }
  const std::vector<Component>& loss = place.program.Slots("loss");
  if (loss.size() == 1 && loss.front().type == "van_rossum") return "";
  return absl::StrCat(
      "superspike goes down the distance of smoothed spike trains alone; set "
      "loss to [{type: van_rossum}], ",
      loss.empty() ? "which is not written"
                   : absl::StrCat("not ", loss.size(), " terms from ",
                                  loss.front().type, " on"));
}

}  // namespace

LearnerRow SuperSpikeRow() {
  return RowOfLearner<SuperSpike>(
      {.type = "superspike",
       .summary = "eligibilities that go forward in time meet each unit's "
                  "smoothed error: one layer of spiking units, target spike "
                  "trains",
       .equation = "dL/dw_ij = sum_t dL/de_i f * (sigma'(U_i) (eps * S_j))\n"
                   "f the filter of van_rossum, eps of current and membrane",
       .reference = "doi:10.1162/neco_a_01086"},
      Refusal);
}

}  // namespace engram
