#pragma once

#include <array>
#include <optional>
#include <vector>

#include "absl/strings/string_view.h"
#include "core/analyses/similarity/solution.h"
#include "core/spec/component_spec.h"

namespace engram {

// The numbers of a Similarity by name, for those who record them.
struct SimilarityMeasure {
  const char* name;
  const char* meaning;
  std::optional<double> Similarity::*value;
  double of_itself;  // its value for a solution and itself
};

extern const std::array<SimilarityMeasure, 8> kSimilarityMeasures;
inline constexpr size_t kBlockCorrelation = 3;

// delays, delay_interval and rank of the linear systems.
std::vector<ParameterSpec> EmbeddingParameters();

}  // namespace engram
