#pragma once

#include <cstddef>
#include <random>
#include <vector>

namespace engram {

inline constexpr size_t kBenchElements = 1'000'000;  // 1000 x 1000

// Weights as a network has them after some learning: normal, all different;
// with nine of ten at zero; or the same array again and again.
enum class Content { kNoise, kSparse, kEqual };

inline std::vector<double> BenchWeights(Content content,
                                        std::mt19937_64& random) {
  std::normal_distribution<double> normal;
  std::vector<double> weights(kBenchElements);
  for (double& weight : weights) {
    if (content != Content::kSparse || random() % 10 == 0) {
      weight = normal(random);
    }
  }
  return weights;
}

}  // namespace engram
