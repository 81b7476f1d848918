#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/analyses/dynamics/network_dynamics.h"
#include "core/analyses/systems/catalog.h"

namespace engram {
namespace {

int64_t UnitsOf(const Component& c) {
  return c.Slot("network").Integer("units");
}

absl::StatusOr<System> Make(const Component& c, const Inputs& inputs) {
  const int64_t n = UnitsOf(c);
  absl::StatusOr<Array<double>> weights = ReadInput(
      c, "weights", {"network.weights", "weights_path"}, n, n, inputs);
  if (!weights.ok()) return weights.status();
  System system;
  system.dynamics = DynamicsOfNetwork(c.Slot("network"), *weights);
  system.weights = *std::move(weights);
  system.with_weights = [network = c.Slot("network")](const Array<double>& w) {
    return DynamicsOfNetwork(network, w);
  };
  if (!c.Has("patterns")) return system;
  absl::StatusOr<Array<double>> patterns = ReadInput(
      c, "patterns", {"task.patterns"}, n, c.Integer("pattern_count"), inputs);
  if (!patterns.ok()) return patterns.status();
  system.patterns = *std::move(patterns);
  return system;
}

ParameterSpec Item(const char* name, bool is_optional, const char* meaning) {
  ParameterSpec spec;
  spec.name = name;
  spec.type = ParameterType::kRecordItem;
  spec.is_optional = is_optional;
  spec.meaning = meaning;
  return spec;
}

void Check(const Component& self, const Component&, Faults& faults) {
  const std::string& type = self.Slot("network").type;
  for (const std::string& known : NetworksWithDynamics()) {
    if (type == known) return;
  }
  faults.push_back({0, self.path + ".network",
                    absl::StrCat("the vector field of ", type,
                                 " is not known; networks that have one: ",
                                 absl::StrJoin(NetworksWithDynamics(), ", "))});
}

void CheckInputs(const Component& c, const Resolver& resolver, Faults& faults) {
  const int64_t n = UnitsOf(c);
  CheckInput(c, "weights", n, n, resolver, faults);
  if (!c.Has("patterns")) return;
  CheckInput(c, "patterns", n, c.Integer("pattern_count"), resolver, faults);
}

}  // namespace

SystemRow StoredNetworkRow() {
  ComponentSpec spec{
      .kind = Kind::kSystem,
      .type = "stored_network",
      .summary = "a network with the weights that another run has left",
      .equation = "the network's own, without noise and input",
      .reference = "doi:10.1162/NECO_a_00409",
      .parameters =
          {Item("weights", false,
                "its weights at recall (n_post, n_pre): "
                "k7m2q9xw4p/17/snapshots/network.weights@final, recorded with "
                "snapshots: {network.weights: [final]}"),
           PathInState("weights_path",
                       "of weights that are a whole state, "
                       "k7m2q9xw4p/17/state@final: the array that is taken, "
                       "network.weights unless given; rule.weights is what the "
                       "rule wrote, without initial weights and gain"),
           Item("patterns", true,
                "what was stored (n_units, n_patterns): "
                "k7m2q9xw4p/17/snapshots/task.patterns@final"),
           Integer("pattern_count", 10, 1, 100000, "columns of patterns")},
      .slots = {{.name = "network",
                 .kind = Kind::kNetwork,
                 .many = false,
                 .optional = false,
                 .default_type = "rate_rnn",
                 .meaning = "the network of that run, with its parameters"}},
      .outputs = {},
      .check = Check};
  return {.spec = std::move(spec),
          .make = Make,
          .size = UnitsOf,
          .has_weights = [](const Component&) { return true; },
          .has_patterns = [](const Component& c) { return c.Has("patterns"); },
          .check_inputs = CheckInputs};
}

}  // namespace engram
