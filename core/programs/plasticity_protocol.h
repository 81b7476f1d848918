#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/base/array.h"
#include "core/programs/paired_cell.h"
#include "core/programs/program.h"
#include "core/programs/protocol_curve.h"
#include "core/programs/stimulus_player.h"
#include "core/rules/plasticity.h"
#include "core/rules/sparse_weights.h"
#include "core/spec/component.h"
#include "core/tasks/stimulation_protocol.h"

namespace engram {

// One synapse under a stimulation protocol, at every point of the protocol's
// axis: a row of synapses that differ in nothing but their stimulus, so that a
// rule's STDP window or its frequency dependence is one run.
//
// The row is a sparse projection of unit k onto unit k, and a step is that of
// any network: what is drawn is the rule as networks run it, in the same code
// on the same grid. Time therefore goes in steps of dt rather than from event
// to event. Rules let their traces of spikes decay exactly between steps, so
// for spikes on the grid the closed forms of spike rules are met to rounding
// whatever dt; a rule on rates has its own error of dt, as in a network.
//
// For a rule that reads potentials the postsynaptic side is a cell that the
// protocol makes fire (PairedCell).
//
// A tick is 10,000 steps, fewer for more than 1,000 synapses, so that it stays
// well under a second; the last one writes the curve.
class PlasticityProtocol final : public Program {
 public:
  PlasticityProtocol(const Component& root, uint64_t seed, Context context);

  absl::StatusOr<Progress> Advance(int64_t ticks, Recorder& out,
                                   std::stop_token stop) override;
  void VisitState(StateVisitor& v) override;

  // Steps of the whole run: the protocol's, and those that settle.
  static int64_t StepsOf(const StimulationProtocol& protocol,
                         const Component& root);
  static int64_t StepsOfATick(int64_t synapses);

 private:
  absl::Status Tick(Recorder& out);
  absl::Status CheckFinite() const;
  ProtocolCurve CurveNow() const;
  Progress progress() const;

  Parallel& parallel_;
  StimulationProtocol protocol_;
  int64_t steps_;
  std::string rule_type_;
  double initial_weight_;  // [1]
  CurveData data_;
  StimulusPlayer player_;
  Plasticity<double> rule_;
  std::optional<PairedCell> cell_;  // for rules that read potentials

  Array<int64_t> step_;  // steps done
  SparseWeights<double> weights_;
};

}  // namespace engram
