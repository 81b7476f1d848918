#include "core/analyses/similarity/measures.h"

namespace engram {

const std::array<SimilarityMeasure, 8> kSimilarityMeasures = {{
    {"raw_weight_correlation", "of learned weights, unit by unit",
     &Similarity::raw, 1},
    {"item_matched_correlation", "the same with units matched by item",
     &Similarity::by_item, 1},
    {"recall_matched_correlation",
     "the same with units matched by their rates at recall alone",
     &Similarity::by_recall, 1},
    {"block_correlation", "of the means B over items", &Similarity::blocks, 1},
    {"cka", "of the rates at recall, 1: alike", &Similarity::cka, 1},
    {"procrustes_distance", "of the rates at recall, 0: alike up to a rotation",
     &Similarity::procrustes, 0},
    {"dynamical_distance",
     "of linear systems fitted to the recalls, up to a rotation",
     &Similarity::dynamical, 0},
    {"eigenvalue_distance", "of those systems' eigenvalues",
     &Similarity::eigenvalue, 0},
}};

std::vector<ParameterSpec> EmbeddingParameters() {
  return {Integer("delays", 10, 1, 1000, "steps in a delay embedding"),
          Integer("delay_interval", 5, 1, 1000, "steps between them"),
          Integer("rank", 6, 1, 100, "variables of the linear systems")};
}

}  // namespace engram
