#pragma once

#include "core/base/array.h"
#include "core/base/parallel.h"
#include "core/rules/rule.h"

namespace engram {

// One step of a rule on the recurrent weights of one population: every weight
// crosses memory once, the diagonal stays 0, then the traces move. Allocates
// nothing.
void ApplyRule(Rule& rule, const Signals& s, Array<double>& w,
               Parallel& parallel);

}  // namespace engram
