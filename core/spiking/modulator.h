#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "core/programs/state_visitor.h"
#include "core/spec/component.h"
#include "core/spec/component_spec.h"

namespace engram {

struct ModulatorShape {
  double dt = 0;             // [ms]
  int64_t source_units = 0;  // of its population, where it listens to one
  uint64_t seed = 0;
};

// A signal that is the same for all synapses which it reaches (a
// neuromodulator's concentration): the third factor M of eligibility traces.
class Modulator {
 public:
  virtual ~Modulator() = default;
  // Its values at the steps from `from` on [1/ms], in turn.
  virtual void Fill(int64_t from, std::span<double> out) = 0;
  // How many units of its population fired at the next step; of those that
  // listen to one. A value may depend on steps that are at least the network's
  // shortest delay old.
  virtual void Listen(int64_t /*step*/, int64_t /*spikes*/) {}
  // Names the arrays of the row, under `prefix`.
  virtual void VisitState(absl::string_view, StateVisitor&) {}
};

struct ModulatorRow {
  ComponentSpec spec;
  std::vector<std::string> arrays = {};
  // Whether the parameter `of` names units that it listens to.
  bool listens = false;
  std::unique_ptr<Modulator> (*make)(const Component& component,
                                     const ModulatorShape& shape) = nullptr;
};

}  // namespace engram
