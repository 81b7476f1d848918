#include "core/programs/plasticity_protocol.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "core/base/statistics.h"
#include "core/programs/state_array.h"
#include "core/rules/apply.h"
#include "core/rules/catalog.h"
#include "core/tasks/motif.h"
#include "core/tasks/protocol_catalog.h"

namespace engram {
namespace {

SparseWeights<double> OneToOne(int64_t synapses, double weight) {
  SparseWeights<double> w{.n_post = synapses,
                          .n_pre = synapses,
                          .starts = Array<int64_t>(synapses + 1),
                          .rows = Array<int32_t>(synapses),
                          .weights = Array<double>(synapses)};
  for (int64_t k = 0; k < synapses; ++k) {
    w.starts[k] = k;
    w.rows[k] = static_cast<int32_t>(k);
    w.weights[k] = weight;
  }
  w.starts[synapses] = synapses;
  return w;
}

std::vector<double> Given(const Component& root, const char* name) {
  return root.Has(name) ? root.Reals(name) : std::vector<double>{};
}

}  // namespace

int64_t PlasticityProtocol::StepsOf(const StimulationProtocol& protocol,
                                    const Component& root) {
  return std::max<int64_t>(
      protocol.steps + StepAt(root.Real("settle"), root.Real("dt")), 1);
}

int64_t PlasticityProtocol::StepsOfATick(int64_t synapses) {
  constexpr int64_t kMost = 10000, kSynapseSteps = 10000000;
  return std::clamp<int64_t>(kSynapseSteps / synapses, 1, kMost);
}

PlasticityProtocol::PlasticityProtocol(const Component& root, uint64_t seed,
                                       Context context)
    : parallel_(context.parallel),
      protocol_(MakeProtocol(root.Slot("protocol"), seed, root.Real("dt"))),
      steps_(StepsOf(protocol_, root)),
      rule_type_(root.Slot("rule").type),
      initial_weight_(root.Real("initial_weight")),
      data_{Given(root, "data"), Given(root, "data_error")},
      player_(protocol_,
              std::max<int64_t>(StepAt(root.Real("pulse"), root.Real("dt")), 1),
              root.Real("modulator"), root.Real("dt")),
      rule_(root.Slot("rule"), {.n_post = player_.synapses(),
                                .n_pre = player_.synapses(),
                                .dt = root.Real("dt"),
                                .is_recurrent = false,
                                .synapses = player_.synapses()}),
      step_(1),
      weights_(OneToOne(player_.synapses(), initial_weight_)) {
  if (ReadsPotentials(root.Slot("rule"))) {
    cell_.emplace(player_.synapses(), root.Real("dt"));
  }
}

absl::StatusOr<Progress> PlasticityProtocol::Advance(int64_t ticks,
                                                     Recorder& out,
                                                     std::stop_token stop) {
  ENGRAM_EXPECT(ticks >= 1);
  for (; ticks > 0 && !progress().finished; --ticks) {
    if (stop.stop_requested()) break;
    if (absl::Status status = Tick(out); !status.ok()) return status;
  }
  return progress();
}

absl::Status PlasticityProtocol::Tick(Recorder& out) {
  const int64_t end =
      std::min(step_[0] + StepsOfATick(player_.synapses()), steps_);
  player_.Seek(step_[0]);
  for (; step_[0] < end; ++step_[0]) {
    Signals<double> signals = player_.Next();
    if (cell_) signals.post_potential = cell_->Next(signals.post_spikes);
    ApplyRule(rule_, signals, weights_, parallel_);
  }
  if (absl::Status status = CheckFinite(); !status.ok()) return status;
  const ProtocolCurve curve = CurveNow();
  out.Live("weight_change", curve.change);
  if (end == steps_) WriteCurve(curve, data_, out);
  return absl::OkStatus();
}

absl::Status PlasticityProtocol::CheckFinite() const {
  if (statistics::AllFinite(weights_.weights.span())) return absl::OkStatus();
  return absl::OutOfRangeError(absl::StrCat(
      rule_type_, ": rule.weights is not finite after step ", step_[0],
      "; a smaller learning rate, or bounds in the rule's slot, may help"));
}

Progress PlasticityProtocol::progress() const {
  const int64_t tick = StepsOfATick(player_.synapses());
  return {.tick = (step_[0] + tick - 1) / tick,
          .total = (steps_ + tick - 1) / tick,
          .finished = step_[0] == steps_};
}

ProtocolCurve PlasticityProtocol::CurveNow() const {
  ProtocolCurve curve{.axis = protocol_.axis, .axis_unit = protocol_.axis_unit};
  int64_t k = 0;
  for (const ProtocolPoint& point : protocol_.points) {
    std::vector<double> changes;
    for (size_t i = 0; i < point.synapses.size(); ++i, ++k) {
      changes.push_back(weights_.weights[k] - initial_weight_);
    }
    curve.x.push_back(point.x);
    curve.change.push_back(*statistics::Mean(changes));
    if (const auto variance = statistics::Variance(changes)) {
      curve.standard_error.push_back(
          std::sqrt(*variance / static_cast<double>(changes.size())));
    }
  }
  return curve;
}

void PlasticityProtocol::VisitState(StateVisitor& v) {
  v.State("step", StateOf(step_, "1"));
  v.State("rule.weights", StateOf(weights_.weights, "1"));
  rule_.VisitState("rule", v);
  if (cell_) cell_->VisitState("cell", v);
  v.View("weight_change", ElementType::kFloat64, ArrayOrder::kColumnMajor,
         {static_cast<int64_t>(protocol_.points.size())}, "1",
         [this](std::span<std::byte> bytes) {
           const std::vector<double> change = CurveNow().change;
           ENGRAM_EXPECT(bytes.size() == change.size() * sizeof(double));
           std::memcpy(bytes.data(), change.data(), bytes.size());
         });
}

}  // namespace engram
