// Real-time recurrent learning: the exact gradient, forward in time. With s the
// state of all layers, after every step
//
//   P(t) = ds(t)/dtheta = J(t) P(t-1) + G(t)
//   direction += e(t) dr(t)/dtheta
//
//   P  (state, parameters)  sensitivity, 0 at the start
//   J, G                    derivatives of one step, from its own way back
//   e  (units)              dL/dr, what the step's errors are in its activity
//
// Nothing of earlier steps is held, and nothing of later ones is waited for, so
// the readout and the terms of the loss must know a step's error in it. A step
// takes about state^2 parameters products a sample, and P so much room: it
// checks ways back through time, on small networks.
//
// Source: Williams and Zipser (1989), Neural Computation 1:270-280,
// doi:10.1162/neco.1989.1.2.270.

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "core/learners/layer_sensitivity.h"
#include "core/training/catalog.h"
#include "core/training/matrix_view.h"

namespace engram {
namespace {

constexpr double kMostBytes = 1 << 30;

template <class Real>
int64_t ParametersOfLayers(const TrainedNetwork<Real>& network) {
  const ParameterMatrix* readout = network.layout().Find("readout_weights");
  return readout == nullptr ? network.layout().size() : readout->offset;
}

template <class Real>
struct Sensitivities final : LearnerMemory {
  Sensitivities(const TrainedNetwork<Real>& network, int64_t block_samples)
      : samples(block_samples) {
    for (const auto& layer : network.layers()) {
      layers.emplace_back(*layer, ParametersOfLayers(network), samples);
    }
  }
  int64_t bytes() const override {
    int64_t sum = 0;
    for (const LayerSensitivity<Real>& layer : layers) sum += layer.bytes();
    return sum;
  }

  int64_t samples;
  std::vector<LayerSensitivity<Real>> layers;
  TrainingBlock<Real> scored;  // answers of a stretch
};

// The answers of steps [from, end), scored from the first of them on.
template <class Real>
void CopyAnswers(const TrainingBlock<Real>& block, int64_t from, int64_t end,
                 TrainingBlock<Real>& scored) {
  scored.part = block.part;
  scored.samples = block.samples;
  scored.steps = end - from;
  scored.heads = block.heads;
  scored.total_weight = block.total_weight;
  scored.batch_samples = block.batch_samples;
  const int64_t at = block.samples * (from - block.first_scored);
  const auto copy = [&](const auto& source, auto& target) {
    GrowTo(target, source.rows(), block.samples * kStepsPerStretch);
    std::copy_n(source.data() + source.rows() * at,
                source.rows() * scored.scored_columns(), target.data());
  };
  copy(block.targets, scored.targets);
  copy(block.labels, scored.labels);
  copy(block.weights, scored.weights);
}

template <class Real>
class Rtrl final : public Learner<Real> {
 public:
  explicit Rtrl(const Component&) {}

  PassPlan plan() const override {
    return {.segment_steps = kStepsPerStretch, .goes_back = false};
  }

  LearnerCost cost(const TrainedNetwork<Real>& network) const override {
    const double parameters = static_cast<double>(ParametersOfLayers(network));
    LearnerCost sum;
    for (const auto& layer : network.layers()) {
      const double state =
          static_cast<double>(LayerSensitivity<Real>::StateOf(*layer));
      const double rows = state + static_cast<double>(layer->units());
      sum.numbers += rows * parameters;
      sum.products += rows * parameters *
                      (state + static_cast<double>(layer->inputs()) + 4);
    }
    return sum;
  }

  double Learn(const TrainedNetwork<Real>& network, const Loss<Real>& loss,
               const Real* parameters, const TrainingBlock<Real>& block,
               NetworkPass<Real>& pass, Real* direction) const override {
    Sensitivities<Real>& held = Begin(network, block, pass);
    double sum = 0;
    network.Forward(parameters, block, pass, [&](int64_t begin, int64_t end) {
      sum += Errors(network, loss, parameters, begin, end, block, pass,
                    held.scored, direction);
      for (int64_t step = begin; step < end; ++step) {
        Advance(network, parameters, step, block, pass, held);
        AddDirection(held.layers.back().of_outputs(),
                     pass.errors.data() + network.last().units() *
                                              block.samples * (step - begin),
                     direction);
      }
    });
    return sum;
  }

 private:
  static Sensitivities<Real>& Begin(const TrainedNetwork<Real>& network,
                                    const TrainingBlock<Real>& block,
                                    NetworkPass<Real>& pass) {
    auto* held = static_cast<Sensitivities<Real>*>(pass.memory.get());
    if (held == nullptr || held->samples != block.samples) {
      pass.memory =
          std::make_unique<Sensitivities<Real>>(network, block.samples);
      held = static_cast<Sensitivities<Real>*>(pass.memory.get());
    }
    for (LayerSensitivity<Real>& layer : held->layers) layer.Begin();
    return *held;
  }

  // The loss of a stretch; sets pass.errors, dL/d activity, and adds the
  // readout's own gradient.
  static double Errors(const TrainedNetwork<Real>& network,
                       const Loss<Real>& loss, const Real* parameters,
                       int64_t begin, int64_t end,
                       const TrainingBlock<Real>& block,
                       NetworkPass<Real>& pass, TrainingBlock<Real>& scored,
                       Real* direction) {
    double sum = 0;
    const int64_t from = std::max(begin, block.first_scored);
    if (from < end) {
      CopyAnswers(block, from, end, scored);
      const int64_t at = block.heads * network.shape().outputs * block.samples *
                         (from - block.first_scored);
      for (const auto& term : loss) {
        sum += term->Outputs(scored, network.shape().outputs,
                             pass.outputs.data() + at,
                             pass.output_errors.data() + at);
      }
    }
    network.ReadoutBackward(parameters, begin, end, block, pass, direction);
    for (const auto& term : loss) {
      if (!term->reads_activity()) continue;
      sum += term->Activity(network.LastOutputs(pass, begin, end),
                            ActivityOf(network, block), pass.errors.data());
    }
    return sum;
  }

  static void Advance(const TrainedNetwork<Real>& network,
                      const Real* parameters, int64_t step,
                      const TrainingBlock<Real>& block,
                      const NetworkPass<Real>& pass,
                      Sensitivities<Real>& held) {
    for (size_t l = 0; l < held.layers.size(); ++l) {
      const Real* inputs = network.Inputs(l, step, block, pass);
      for (int64_t k = 0; k < block.samples; ++k) {
        held.layers[l].Advance(
            parameters, pass.courses[l], step - pass.first_step, k,
            inputs + network.layers()[l]->inputs() * k,
            l == 0 ? nullptr : &held.layers[l - 1].of_outputs());
      }
    }
  }

  // direction += dr/dtheta e, over units and samples.
  static void AddDirection(const Array<Real>& of_outputs, const Real* errors,
                           Real* direction) {
    View(direction, of_outputs.rows(), 1).noalias() +=
        of_outputs.map() * View(errors, of_outputs.cols(), 1);
  }
};

std::string RefuseReadoutAndLoss(const LearnerPlace& place) {
  const Component& readout = place.program.Slot("readout");
  if (readout.type != "linear_readout") {
    return absl::StrCat(
        "rtrl needs the error of a step in that step, and ", readout.type,
        " knows it from later ones alone; take linear_readout, or bptt");
  }
  for (const Component& term : place.program.Slots("loss")) {
    if (!MakeLossTerm<float>(term)->reads_counts()) continue;
    return absl::StrCat("rtrl needs the error of a step in that step, and ",
                        term.type,
                        " knows it at the end of a trial; leave it out, take "
                        "rate_penalty, or bptt");
  }
  return "";
}

std::string RefuseSize(const Component& learner, const LearnerPlace& place) {
  const TrainedNetwork<float> network(place.program.Slot("network"),
                                      place.shape, 0,
                                      &place.program.Slot("readout"));
  const double bytes =
      Rtrl<float>(learner).cost(network).numbers *
      static_cast<double>(place.program.Integer("batch")) *
      (place.program.Text("precision") == "single" ? 4.0 : 8.0);
  if (bytes <= kMostBytes) return "";
  return absl::StrFormat(
      "rtrl would hold %.0f MB of sensitivities (%d parameters of layers, a "
      "batch of %d), more than %.0f MB; take fewer units, a smaller batch, or "
      "bptt, which gives the same direction",
      bytes / (1 << 20), ParametersOfLayers(network),
      place.program.Integer("batch"), kMostBytes / (1 << 20));
}

std::string Refuse(const Component& learner, const LearnerPlace& place) {
  for (std::string refusal :
       {RefuseWithoutMemory(learner, place), RefuseReadoutAndLoss(place),
        RefuseSize(learner, place)}) {
    if (!refusal.empty()) return refusal;
  }
  return "";
}

}  // namespace

LearnerRow RtrlRow() {
  return RowOfLearner<Rtrl>(
      {.type = "rtrl",
       .summary = "real-time recurrent learning: the exact gradient, forward "
                  "in time, of small networks",
       .equation = "P = J P' + G, direction = sum over steps of e dr/dtheta",
       .reference = "doi:10.1162/neco.1989.1.2.270"},
      Refuse);
}

}  // namespace engram
