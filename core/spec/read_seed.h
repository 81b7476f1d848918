#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/spec/read_context.h"
#include "core/spec/yaml_node.h"

namespace engram {

// Seeds are whole numbers that every JSON reader holds exactly.
inline constexpr uint64_t kLargestSeed = (uint64_t{1} << 53) - 1;

// A whole number from 0 to 2^53 - 1; none after a fault.
std::optional<uint64_t> ReadSeed(const YamlNode& node, const std::string& path,
                                 ReadContext& context);

}  // namespace engram
