// The network that a run of supervised_training has left, under a constant
// input.

#include "core/training/trained_network.h"

#include <optional>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/analyses/dynamics/trained_dynamics.h"
#include "core/analyses/systems/catalog.h"
#include "core/training/stored_parameters.h"

namespace engram {
namespace {

int64_t InputsOf(const Component& c) {
  return static_cast<int64_t>(c.Reals("input").size());
}

absl::Status Refuse(const Component& c, const absl::Status& status) {
  return absl::Status(
      status.code(),
      absl::StrCat(c.path, ".state: ", std::string(status.message()),
                   "; give state@final of a run of supervised_training, that "
                   "run's network, and as many numbers of input as its task "
                   "has inputs"));
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
  const absl::StatusOr<StoredInput> stored =
      StoredInput::Read(inputs, c.Text("state"));
  if (!stored.ok()) return Refuse(c, stored.status());
  Array<double> parameters(layout.size());
  for (const ParameterMatrix& matrix : layout.matrices()) {
    if (absl::StartsWith(matrix.name, "readout_")) continue;
    const absl::Status read =
        CopyStored(*stored, matrix, parameters.data() + matrix.offset);
    if (!read.ok()) return Refuse(c, read);
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

void CheckInputs(const Component& c, const Resolver& resolver, Faults& faults) {
  const std::string& digest = c.Text("state");
  const std::optional<InputForm> form = resolver.Form(digest);
  if (!form.has_value() || MayBeState(*form, resolver.FirstBytes(digest))) {
    return;
  }
  faults.push_back(
      {0, c.path + ".state",
       absl::StrCat("state is (", absl::StrJoin(form->shape, ", "), ") of ",
                    form->type,
                    ", one array; give a whole state, state@final of a run "
                    "of supervised_training")});
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
          .has_patterns = [](const Component&) { return false; },
          .check_inputs = CheckInputs};
}

}  // namespace engram
