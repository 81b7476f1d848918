#pragma once

#include "core/rules/limits.h"
#include "core/rules/rule.h"
#include "core/spec/component.h"

namespace engram {

// The limits that the bounds and the sign law in a rule's slots set together.
template <class Real>
Limits<Real> LimitsOf(const Component& rule, const RuleShape& shape);

}  // namespace engram
