#pragma once

#include <vector>

#include "core/spec/claim.h"
#include "core/spec/experiment.h"
#include "core/spec/read_context.h"
#include "core/spec/read_sweep.h"
#include "core/spec/yaml_node.h"

namespace engram {

// The claims under `claims`. Their values are checked against what the
// components of the tree say that they leave, and `where` against the axes. Of
// a series that `record` thins the last point may be missing: none of those.
std::vector<Claim> ReadClaims(const YamlNode& node,
                              const ReadSweepResult& points,
                              const RecordPolicy& record, ReadContext& context);

void AppendJson(const std::vector<Claim>& claims, std::string& json);

}  // namespace engram
