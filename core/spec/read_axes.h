#pragma once

#include <string>
#include <vector>

#include "core/spec/read_context.h"
#include "core/spec/yaml_node.h"

namespace engram {

// An axis as it is written: paths with what is written for each.
struct WrittenAxis {
  struct Entry {
    std::string path;     // in full
    int line = 0;         // of its key
    YamlNode expression;  // not yet expanded, or a list of zipped values
  };
  std::vector<Entry> entries;
};

// The axes under `sweep`: one a path, one for `zip`, one for each group of
// random paths; ordered by path, `seed` last.
std::vector<WrittenAxis> ReadAxes(const YamlNode& sweep, ReadContext& context);

}  // namespace engram
