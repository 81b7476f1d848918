#pragma once

#include <string>

#include "tests/support/experiment_tree.h"

namespace engram {

// A sequence that is learned within milliseconds, with noise, so that every
// part of a run draws random numbers.
inline Component SmallTree(const std::string& rule = "{type: stdp_rate}") {
  return Tree("{type: sequence_learning, repetitions: 4, rule: " + rule +
              ", network: {type: rate_rnn, units: 30, sigma: 0.1}, "
              "task: {type: item_sequence, items: 5, units_per_item: 5, "
              "item_duration: 20 ms, silence: 30 ms, recall_duration: 120 ms}, "
              "analyses: [{type: weight_structure}, {type: recall}]}");
}

// Two rules on that task, compared.
inline Component SmallComparison(int units) {
  const auto solution = [units](const std::string& rule) {
    return "{type: sequence_learning, name: " + rule +
           ", repetitions: 2, rule: {type: " + rule +
           "}, network: {type: rate_rnn, units: " + std::to_string(units) +
           ", sigma: 0.1}, "
           "task: {type: item_sequence, items: 5, units_per_item: 5, "
           "item_duration: 8 ms, silence: 10 ms, recall_duration: 50 ms}}";
  };
  return Tree("{type: solution_comparison, rank: 2, delays: 3, solutions: [" +
              solution("hebbian") + ", " + solution("stdp_rate") + "]}");
}

}  // namespace engram
