#pragma once

#include <string>
#include <vector>

#include "core/spec/experiment.h"
#include "core/spec/read_context.h"
#include "core/spec/yaml_node.h"

namespace engram {

// {metrics: every trial | every 5 trials | none,
//  snapshots: {rule.weights: [0, 100, final]}}
// `x_names` are what the series of the tree are over ("trial"); with none
// known, any word will do.
RecordPolicy ReadRecordPolicy(const YamlNode& node,
                              const std::vector<std::string>& x_names,
                              ReadContext& context);

// {cpus: 1, memory: 2 GB, time: 2 h}
ResourceRequest ReadResources(const YamlNode& node, ReadContext& context);

}  // namespace engram
