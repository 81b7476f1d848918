#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/spec/read_context.h"
#include "core/spec/tree_path.h"
#include "core/spec/yaml_node.h"

namespace engram {

inline constexpr int64_t kMostRuns = 100000;

// The values of an axis from what was written for it: [a, b, c], 1..10,
// {linear: [a, b], points: n}, {log: ...}, {random: [a, b], points: n, group:
// g, latin: true}, {runs: filter, item: name}. Computed values are rounded to
// 12 digits and carry their unit; random ones are addressed by sweep seed and
// path. None after a fault.
std::optional<std::vector<YamlNode>> ExpandAxis(const YamlNode& expression,
                                                const Place& place,
                                                uint64_t sweep_seed,
                                                ReadContext& context);

// The group that a random axis is drawn with; empty for none.
std::string RandomGroup(const YamlNode& expression);

}  // namespace engram
