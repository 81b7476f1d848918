#pragma once

#include <string>
#include <vector>

#include "core/spec/experiment.h"
#include "core/spec/read_context.h"
#include "core/spec/yaml_node.h"

namespace engram {

// The keys at the top of an experiment's text.
const std::vector<std::string>& DocumentKeys();

// Writes what was said beside the text into its tree, without lines: values
// first replace axes and seeds, then parts of the tree.
void ApplyOverrides(const ExperimentText& text, YamlNode& document,
                    ReadContext& context);

// Adds to faults without a line the assignment that they come from.
void NameOverrides(const ExperimentText& text, Faults& faults);

}  // namespace engram
