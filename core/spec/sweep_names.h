#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/spec/catalog.h"
#include "core/spec/component_spec.h"
#include "core/spec/sweep.h"
#include "core/spec/value.h"

namespace engram {

// What the components of a sweep's trees leave in the record, at any point, by
// name: behind the component's own where it has one ("early.sequence_length").
// What is a series and a summary value is a summary value with the series' x.
std::map<std::string, OutputSpec> OutputsOf(const Sweep& sweep,
                                            const Catalog& catalog);

// What varies at one path: how it is read, and the values that occur.
struct Varying {
  ParameterSpec spec;
  std::vector<Value> values;
};
// The output of a name; where a component names its outputs for others, by a
// name in which capitals stand for theirs: PROJECTION.weight.PRE.POST is that
// of learning.weight.0.3. Null for none.
const OutputSpec* OutputNamed(const std::string& name,
                              const std::map<std::string, OutputSpec>& outputs);

std::map<std::string, Varying> VaryingOf(const Sweep& sweep,
                                         const Catalog& catalog);

}  // namespace engram
