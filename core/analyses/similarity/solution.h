#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/base/array.h"
#include "core/tasks/sequence_task.h"

namespace engram {

// What a network has learned, and what it shows at recall.
struct Solution {
  const SequenceTask* task;
  Array<double> weights;  // learned change dW (n_post, n_pre)
  Array<double> blocks;   // its means over items (n_items, n_items)
  Array<double> rates;    // at recall (n_steps, n_units)
  // Fitted to the rates (FitLinearSystem).
  std::optional<Array<double>> system;
};

// How alike two solutions are; what is undefined is empty.
struct Similarity {
  std::optional<double> raw;         // correlation of weights, unit by unit
  std::optional<double> by_item;     // units matched by item and place in it
  std::optional<double> by_recall;   // units matched by their recall alone
  std::optional<double> blocks;      // correlation of B
  std::optional<double> cka;         // of recalls
  std::optional<double> procrustes;  // of recalls
  std::optional<double> dynamical;   // distance of recalls as linear systems
  std::optional<double> eigenvalue;  // distance of those systems' eigenvalues
};

Similarity CompareSolutions(const Solution& a, const Solution& b);

// Families of solutions: two are of one when a chain of pairs whose blocks
// correlate at least by `above` joins them. The family of each, from 0.
std::vector<int64_t> FamiliesOf(const Array<double>& block_correlation,
                                double above);

}  // namespace engram
