// The network that a run of supervised_training has left, under a constant
// input.

#include "core/training/trained_network.h"

#include <cstring>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/analyses/dynamics/trained_dynamics.h"
#include "core/analyses/systems/catalog.h"
#include "core/base/statistics.h"
#include "core/programs/saved_execution.h"
#include "core/programs/state_array.h"

namespace engram {
namespace {

int64_t InputsOf(const Component& c) {
  return static_cast<int64_t>(c.Reals("input").size());
}

std::vector<int64_t> ShapeOfMatrix(const ParameterMatrix& matrix) {
  if (matrix.cols == 1) return {matrix.rows};
  return {matrix.rows, matrix.cols};
}

template <class T>
void Copy(const InputArray& input, double* values) {
  for (size_t i = 0; i < input.bytes.size() / sizeof(T); ++i) {
    T value;
    std::memcpy(&value, input.bytes.data() + i * sizeof(T), sizeof(T));
    values[i] = static_cast<double>(value);
  }
}

absl::Status ReadMatrix(const Component& c, const ParameterMatrix& matrix,
                        const Inputs& inputs, double* values) {
  const std::string path = absl::StrCat("network.", matrix.name);
  absl::StatusOr<InputArray> input =
      GetInputArray(inputs, c.Text("state"), path);
  if (!input.ok()) {
    return absl::Status(
        input.status().code(),
        absl::StrCat(c.path, ".state: ", std::string(input.status().message()),
                     "; give state@final of a run of supervised_training, and "
                     "that run's network"));
  }
  const bool is_real = input->type == ElementType::kFloat64 ||
                       input->type == ElementType::kFloat32;
  if (!is_real || input->order != ArrayOrder::kColumnMajor ||
      input->shape != ShapeOfMatrix(matrix)) {
    return absl::InvalidArgumentError(absl::StrCat(
        c.path, ".state: ", path, " has shape (",
        absl::StrJoin(input->shape, ", "), ") of ",
        std::string(ElementTypeName(input->type)), ", and ",
        c.Slot("network").type, " takes (",
        absl::StrJoin(ShapeOfMatrix(matrix), ", "),
        ") of reals; give the network of the run that left it, and as many "
        "numbers of input as its task has inputs"));
  }
  if (input->type == ElementType::kFloat64) {
    Copy<double>(*input, values);
  } else {
    Copy<float>(*input, values);
  }
  if (statistics::AllFinite(
          std::span(values, static_cast<size_t>(matrix.size())))) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      absl::StrCat(c.path, ".state: ", path,
                   " holds numbers that are not finite; the run diverged"));
}

// A simple layer's weights from unit to unit are a matrix of synapses; gates
// have several each.
bool HasWeights(const Component& c) {
  const Component& network = c.Slot("network");
  return (network.type == "leaky_rnn" || network.type == "vanilla_rnn") &&
         network.Integer("layers") == 1;
}

absl::StatusOr<System> Make(const Component& c, const Inputs& inputs) {
  const Component& network = c.Slot("network");
  const ParameterLayout layout =
      TrainedDynamics::NetworkFor(network, InputsOf(c)).layout();
  Array<double> parameters(layout.size());
  for (const ParameterMatrix& matrix : layout.matrices()) {
    if (absl::StartsWith(matrix.name, "readout_")) continue;
    const absl::Status read =
        ReadMatrix(c, matrix, inputs, parameters.data() + matrix.offset);
    if (!read.ok()) return read;
  }
  System system;
  system.dynamics =
      std::make_unique<TrainedDynamics>(network, c.Reals("input"), parameters);
  if (!HasWeights(c)) return system;
  const ParameterMatrix& recurrent = *layout.Find("recurrent_weights");
  system.weights = Array<double>(recurrent.rows, recurrent.cols);
  std::copy_n(parameters.data() + recurrent.offset, recurrent.size(),
              system.weights.data());
  system.with_weights = [network, input = c.Reals("input"), parameters,
                         at = recurrent.offset](const Array<double>& w) {
    Array<double> changed = parameters;
    std::ranges::copy(w.span(), changed.data() + at);
    return std::make_unique<TrainedDynamics>(network, input,
                                             std::move(changed));
  };
  return system;
}

void Check(const Component& self, const Component&, Faults& faults) {
  const Component& network = self.Slot("network");
  if (InputsOf(self) == 0) {
    faults.push_back({0, self.path + ".input",
                      "input is empty; give a number for each input of the "
                      "task, such as [0]"});
    return;
  }
  const std::string refusal = RefuseTrainedDynamics(network);
  if (!refusal.empty()) {
    faults.push_back({0, self.path + ".network", refusal});
    return;
  }
  if (!TrainedDynamics::NetworkFor(network, InputsOf(self)).is_memoryless())
    return;
  faults.push_back({0, self.path + ".network",
                    absl::StrCat(network.type,
                                 " has no state that a step could change; "
                                 "take a recurrent network")});
}

std::vector<ParameterSpec> Parameters() {
  ParameterSpec state;
  state.name = "state";
  state.type = ParameterType::kRecordItem;
  state.meaning =
      "what a run of supervised_training has left: k7m2q9xw4p/17/state@final";
  ParameterSpec input;
  input.name = "input";
  input.unit = "1";
  input.list_rank = 1;
  input.default_value = Value(Value::List{Value(0.0)});
  input.meaning = "constant input, a number for each input of its task";
  return {state, input};
}

}  // namespace

SystemRow TrainedNetworkRow() {
  ComponentSpec spec{
      .kind = Kind::kSystem,
      .type = "trained_network",
      .summary =
          "the network that a run of supervised_training has left, "
          "under a constant input: a map of its state, step by step",
      .equation =
          "x(t + 1) = G(x(t)), F = G(x) - x; x: outputs and memory "
          "cells, layer by layer",
      .reference = "doi:10.1162/NECO_a_00409",
      .parameters = Parameters(),
      .slots = {{.name = "network",
                 .kind = Kind::kTrainedNetwork,
                 .many = false,
                 .optional = false,
                 .default_type = "",
                 .meaning = "the network of that run, with its parameters"}},
      .outputs = {},
      .check = Check};
  return {.spec = std::move(spec),
          .make = Make,
          .size =
              [](const Component& c) {
                return TrainedDynamics::NetworkFor(c.Slot("network"),
                                                   InputsOf(c))
                    .state_size();
              },
          .has_weights = HasWeights,
          .has_patterns = [](const Component&) { return false; }};
}

}  // namespace engram
