#pragma once

#include <string>
#include <vector>

#include "core/spec/component_spec.h"

namespace engram {

// What somebody may write in place of a parameter's value.
struct TriedValue {
  std::string text;       // YAML
  bool is_wrong = false;  // for sure; others may be right somewhere
};

// The ends of the parameter's range and what lies beyond them, numbers that
// overflow or vanish, what is no number, no name, no list or has another unit.
std::vector<TriedValue> ValuesToTry(const ParameterSpec& spec);

}  // namespace engram
