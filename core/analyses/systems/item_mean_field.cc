#include "absl/strings/str_cat.h"
#include "core/analyses/dynamics/rate_dynamics.h"
#include "core/analyses/systems/catalog.h"
#include "core/analyses/systems/rate_parameters.h"

namespace engram {
namespace {

absl::StatusOr<System> Make(const Component& c, const Inputs& inputs) {
  const int64_t items = c.Integer("items");
  absl::StatusOr<Array<double>> blocks =
      ReadInput(c, "block_means", {"block_means"}, items, items, inputs);
  if (!blocks.ok()) return blocks.status();
  System system;
  system.dynamics = EqualUnits(
      MeanFieldCoupling(*blocks, c.Real("gain"), c.Real("w_inhibition"),
                        {.units_per_item = c.Integer("units_per_item"),
                         .units = c.Integer("units"),
                         .without_self = true}),
      c);
  system.weights = *std::move(blocks);
  return system;
}

std::vector<ParameterSpec> Parameters() {
  ParameterSpec blocks;
  blocks.name = "block_means";
  blocks.type = ParameterType::kRecordItem;
  blocks.meaning =
      "block_means that weight_structure has left: "
      "k7m2q9xw4p/17/snapshots/block_means@final";
  std::vector<ParameterSpec> parameters = {
      blocks, Integer("items", 10, 1, 10000, "items K of that run"),
      Integer("units_per_item", 10, 1, 10000, "units S of an item"),
      Integer("units", 100, 1, 100000, "units N of the network"),
      Real("gain", "1", 2, 0, 1000,
           "drive by the strongest learned block at recall")};
  for (ParameterSpec& spec : RateParameters()) {
    parameters.push_back(std::move(spec));
  }
  return parameters;
}

}  // namespace

SystemRow ItemMeanFieldRow() {
  ComponentSpec spec{
      .kind = Kind::kSystem,
      .type = "item_mean_field",
      .summary =
          "a stored run's items, one variable each: its network without "
          "random initial weights",
      .equation =
          "tau dx_k/dt = -x_k + sum_l M_kl phi(x_l)\n"
          "M = gain B / max|B|, times (S - 1) / S for k = l, less w_inhibition "
          "S / N",
      .reference = "doi:10.1073/pnas.81.10.3088",
      .parameters = Parameters(),
      .slots = {},
      .outputs = {},
      .check = {}};
  return {.spec = std::move(spec),
          .make = Make,
          .size = [](const Component& c) { return c.Integer("items"); },
          .has_weights = [](const Component&) { return true; },
          .has_patterns = [](const Component&) { return false; }};
}

}  // namespace engram
