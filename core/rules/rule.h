#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/base/array.h"
#include "core/programs/state_visitor.h"

namespace engram {

// What a rule reads at a step: activity before and behind the synapses.
struct Signals {
  std::span<const double> pre;   // r_j (n_pre) [1]
  std::span<const double> post;  // r_i (n_post) [1]
  double dt;                     // [ms]
};

// Some columns of a weight matrix (n_post, n_pre), about 4 kB or one column,
// so that a rule, and later what follows it, works in the nearest cache.
struct WeightTile {
  double* data;       // column `first_pre`; columns follow without gap
  int64_t rows;       // n_post
  int64_t first_pre;  // of the tile's columns
  int64_t cols;

  double* col(int64_t c) const { return data + c * rows; }
};

// A local learning rule: changes each weight from what both its sides show.
// One rule object belongs to one matrix of weights.
class Rule {
 public:
  virtual ~Rule() = default;
  // Adds one step's change, in place. Reads the traces as they were before the
  // step. Called for different tiles from several threads at once.
  virtual void UpdateTile(const Signals& s, WeightTile w) const = 0;
  // After all tiles: moves the traces by one step.
  virtual void AdvanceTraces(const Signals& s) = 0;
  // Names the rule's arrays, in the order of its row's `arrays`, each under
  // `prefix` ("rule" gives "rule.trace_pre").
  virtual void VisitState(absl::string_view prefix, StateVisitor& v) = 0;
};

}  // namespace engram
