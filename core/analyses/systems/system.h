#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "core/analyses/dynamics/dynamics.h"
#include "core/base/array.h"
#include "core/programs/program.h"
#include "core/spec/component.h"

namespace engram {

// A dynamical system that is looked at without being simulated first: given by
// its equations, or by what another run has left.
struct System {
  std::unique_ptr<Dynamics> dynamics;
  Array<double> weights;   // (n_post, n_pre) [1]; empty when it has none
  Array<double> patterns;  // (n, n_patterns) [1]; empty when it has none
  // The same with other weights; empty where that has no meaning.
  std::function<std::unique_ptr<Dynamics>(const Array<double>& weights)>
      with_weights;
};

// The array that `parameter` of `self` names, as a column-major matrix of this
// shape. An error says what was found, and what to record.
absl::StatusOr<Array<double>> ReadInput(const Component& self,
                                        const std::string& parameter,
                                        int64_t rows, int64_t cols,
                                        const Inputs& inputs);
// The same of each in a list of items.
absl::StatusOr<std::vector<Array<double>>> ReadInputs(
    const Component& self, const std::string& parameter, int64_t rows,
    int64_t cols, const Inputs& inputs);

}  // namespace engram
