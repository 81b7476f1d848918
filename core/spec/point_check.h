#pragma once

#include <string>

#include "core/spec/read_context.h"
#include "core/spec/sweep.h"
#include "core/spec/yaml_node.h"

namespace engram {

// Checks what spans components at every point of a sweep whose pieces are
// valid one by one. A fault has the line of the axis value that it lies in or
// around, else that of the tree's text (`first`: with the first value of every
// axis). Stops after 100 faults.
void CheckPoints(const Sweep& sweep, const YamlNode& first,
                 ReadContext& context);

// The line of what a path names in a written experiment, or of what is written
// nearest around it.
int LineOf(const YamlNode& experiment, const std::string& path);

}  // namespace engram
