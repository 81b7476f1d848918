#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/base/array.h"
#include "core/spec/component.h"
#include "core/tasks/sequence_task.h"

namespace engram {

// Several sequences of items that may share units, each item a code over all
// units:
//
//   xi^k = sqrt(c) eta^0 + sqrt(1 - c) eta^k,  eta ~ N(0, 1) independent
//   binary    I_i = amplitude for the S units of largest xi_i^k, else 0
//   gaussian  I_i = amplitude xi_i^k
//
//   xi  (n_units)  code of an item; two have the correlation c  [1]
//
// Either way the S units of largest xi^k are the item's for whoever measures
// its activity. A presentation runs through all sequences, each followed by
// silence. A recall begins with any item of any sequence, or, with a cue of 0
// ms, with noise alone (free replay). One place may hold the same item in every
// sequence: after it only what came before could tell which item follows.
class CodedSequences final : public SequenceTask {
 public:
  // For a network of `units` units with steps of `dt` ms.
  CodedSequences(const Component& component, uint64_t seed, int64_t units,
                 double dt);

  int64_t items() const override { return codes_.cols(); }
  std::span<const int64_t> units_of(int64_t item) const override;
  double active_above() const override { return active_above_; }
  int64_t trial_steps() const override { return sequences_ * sequence_steps(); }
  void TrialInput(int64_t step, std::span<double> input) const override;
  int64_t recall_steps() const override { return recall_steps_; }
  void RecallInput(int64_t step, std::span<double> input) const override;
  std::optional<int64_t> cued_item() const override;
  // Of an item of several sequences, that of the one that is cued.
  std::optional<int64_t> successor(int64_t item) const override;
  std::vector<int64_t> successors(int64_t item) const override;

  // xi (n_units, n_items) [1].
  const Array<double>& codes() const { return codes_; }

 private:
  int64_t sequence_steps() const {
    return length_ * item_steps_ + silence_steps_;
  }
  // The item at a place (from 0) of a sequence (from 0).
  int64_t ItemAt(int64_t sequence, int64_t place) const;
  void Drive(int64_t item, std::span<double> input) const;

  int64_t sequences_;       // M
  int64_t length_;          // K
  int64_t units_per_item_;  // S
  int64_t shared_place_;    // from 0; -1: none
  bool is_binary_;
  double amplitude_;     // [1]
  double active_above_;  // [1]
  int64_t item_steps_;   // steps of the network
  int64_t silence_steps_;
  int64_t cue_steps_;
  int64_t recall_steps_;
  int64_t cue_sequence_, cue_place_;  // from 0
  Array<double> codes_;
  std::vector<int64_t> units_;  // item k has units_[k S, (k + 1) S)
};

}  // namespace engram
