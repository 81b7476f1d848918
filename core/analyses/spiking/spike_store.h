#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "core/base/array.h"
#include "core/programs/state_visitor.h"

namespace engram {

// The spikes of a population since the start of a run, for analyses at its end.
class SpikeStore {
 public:
  // `steps` rise from call to call.
  void Add(std::span<const int64_t> steps, std::span<const int32_t> units);
  std::span<const int64_t> steps() const { return Used(steps_); }
  std::span<const int32_t> units() const { return Used(units_); }

  // Names "PREFIX.steps" and "PREFIX.units".
  void VisitState(absl::string_view prefix, StateVisitor& v);

 private:
  template <class T>
  std::span<const T> Used(const Array<T>& array) const {
    return array.span().first(static_cast<size_t>(used_));
  }
  template <class T>
  void Visit(absl::string_view prefix, absl::string_view name, Array<T>& array,
             StateVisitor& v);
  void Reserve(int64_t spikes);

  int64_t used_ = 0;
  Array<int64_t> steps_;  // grown by half when full
  Array<int32_t> units_;
};

}  // namespace engram
