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
#include "core/spec/component_spec.h"
#include "core/spec/experiment.h"
#include "core/spec/fault.h"

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

// Which array is taken out of an item that is a whole state: the one at `path`,
// unless the text `parameter` names another. Empty: there is no such parameter.
struct InState {
  std::string path;
  std::string parameter = {};
};
// That parameter; absent it changes no tree's hash.
ParameterSpec PathInState(std::string name, std::string meaning);

// The array that `parameter` of `self` names, as a column-major matrix of this
// shape. An error says what was found, and what to record.
absl::StatusOr<Array<double>> ReadInput(const Component& self,
                                        const std::string& parameter,
                                        const InState& at, int64_t rows,
                                        int64_t cols, const Inputs& inputs);
// The same of each in a list of items.
absl::StatusOr<std::vector<Array<double>>> ReadInputs(
    const Component& self, const std::string& parameter, const InState& at,
    int64_t rows, int64_t cols, const Inputs& inputs);

// What ReadInput would refuse of the item that `parameter` names, if anything,
// as far as it is known before anything runs.
void CheckInput(const Component& self, const std::string& parameter,
                int64_t rows, int64_t cols, const Resolver& resolver,
                Faults& faults);

// Whether an item may be a whole state, by its form and, where they are at
// hand, its first bytes.
bool MayBeState(const InputForm& form, absl::string_view first_bytes);

}  // namespace engram
