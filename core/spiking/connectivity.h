#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/spec/component.h"
#include "core/spec/component_spec.h"

namespace engram {

// Both sides of a projection. Units of a union of populations are numbered
// through, in the order in which the selection names them.
struct ConnectivityShape {
  int64_t n_pre = 0;
  int64_t n_post = 0;
  bool is_recurrent = false;  // both sides are the same units
  uint64_t seed = 0;
};

// Which units are connected: gives any row alone, by addressed randomness, so
// that rows are built in parallel, and twice (to count, and to fill).
class Connectivity {
 public:
  virtual ~Connectivity() = default;
  // Whether a row belongs to a postsynaptic unit and holds its sources. Rows
  // otherwise belong to presynaptic units and hold their targets.
  virtual bool is_by_target() const { return false; }
  // Replaces `units` by those of row `row`, ascending; one that occurs twice
  // has two synapses. Thread-safe.
  virtual void Row(int64_t row, std::vector<int32_t>& units) const = 0;
  // Numbers that each synapse of the row has of its own, in the order of Row;
  // empty: the projection's.
  virtual std::span<const double> WeightsOf(int64_t /*row*/) const {
    return {};
  }
  virtual std::span<const double> DelaysOf(int64_t /*row*/) const {  // [ms]
    return {};
  }
};

struct ConnectivityRow {
  ComponentSpec spec;
  std::unique_ptr<Connectivity> (*make)(
      const Component& component, const ConnectivityShape& shape) = nullptr;
  // How many synapses it will make: their mean where that is random.
  double (*synapses)(const Component& component,
                     const ConnectivityShape& shape) = nullptr;
  // Why it is impossible between populations of these sizes, as a sentence with
  // numbers; empty where it is possible. Null: always possible.
  std::string (*impossible)(const Component& component,
                            const ConnectivityShape& shape) = nullptr;
  // Parameters, lists of a number a synapse, by which synapses may have weights
  // and delays [ms] of their own; empty: none may.
  std::string own_weights = {}, own_delays = {};
};

// Whether the component gives each synapse its own, by the row's parameter.
inline bool HasOwn(const Component& connectivity,
                   const std::string& parameter) {
  return !parameter.empty() && connectivity.Has(parameter);
}

}  // namespace engram
