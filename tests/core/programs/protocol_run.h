#pragma once

#include <string>
#include <utility>
#include <vector>

#include "tests/support/experiment_tree.h"

namespace engram {

// Points of a series: x, and the value there.
using Curve = std::vector<std::pair<double, double>>;

// The weight changes that a run of plasticity_protocol draws.
inline Curve CurveOf(const std::string& yaml, uint64_t seed = 1) {
  const auto run = RunTree(Tree(yaml), seed);
  Curve curve;
  for (const auto& [x, value] : run->record.series.at("weight_change").points) {
    curve.emplace_back(x, value.value());
  }
  return curve;
}

}  // namespace engram
