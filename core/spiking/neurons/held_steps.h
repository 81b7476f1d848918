#pragma once

#include <cstdint>
#include <limits>
#include <utility>

#include "core/base/array.h"
#include "core/programs/state_array.h"

namespace engram {

// For how many more steps each unit is held at its reset. A byte a unit where
// the refractory time allows, since it is read and written at every step.
class HeldSteps {
 public:
  HeldSteps(int64_t units, int64_t refractory)
      : is_short_(refractory <= std::numeric_limits<uint8_t>::max()),
        bytes_(is_short_ ? units : 0),
        words_(is_short_ ? 0 : units) {}

  // Gives use(counts), of all units: uint8_t* or int32_t*.
  template <class Use>
  auto With(Use use) {
    return is_short_ ? use(bytes_.data()) : use(words_.data());
  }

  StateArray State() {
    return is_short_ ? StateOf(bytes_, "1") : StateOf(words_, "1");
  }

 private:
  bool is_short_;
  Array<uint8_t> bytes_;
  Array<int32_t> words_;
};

// A unit's potential after a step that would bring it to `next`: a held one
// stays at the reset, and is held for a step less.
template <class Real, class Count>
inline Real Hold(Real next, Real reset, Count& left) {
  const bool is_held = left > 0;
  left = static_cast<Count>(is_held ? left - 1 : 0);
  return is_held ? reset : next;
}

}  // namespace engram
