#include "core/spiking/circuits/circuit.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/contract.h"
#include "core/spec/find_row.h"

namespace engram {
namespace {

void Append(std::vector<Component>& to, std::vector<Component> parts) {
  for (Component& part : parts) to.push_back(std::move(part));
}

bool IsCircuit(const Component& group) {
  return std::ranges::any_of(CircuitRows(), [&](const CircuitRow& row) {
    return row.spec.type == group.type;
  });
}

// A name for all units of a circuit.
Component GroupOf(const Component& circuit,
                  const std::vector<Component>& populations) {
  Value::List names;
  for (const Component& population : populations) {
    names.push_back(population.name);
  }
  Component group = circuit;
  group.type = "group";
  group.parameters = {{"of", Value(std::move(names))}};
  group.slots.clear();
  return group;
}

}  // namespace

const std::vector<CircuitRow>& CircuitRows() {
  static const std::vector<CircuitRow> rows = {
      HpcBenchmarkRow(),
      PotjansDiesmannRow(),
  };
  return rows;
}

CircuitParts ExpandCircuit(const Component& circuit) {
  return RowOf(CircuitRows(), circuit.type).expand(circuit);
}

bool HasCircuits(const Component& root) {
  return std::ranges::any_of(root.Slots("groups"), IsCircuit);
}

Component WithCircuits(const Component& root) {
  Component whole = root;
  for (Component& group : whole.slots["groups"]) {
    if (!IsCircuit(group)) continue;
    CircuitParts parts = ExpandCircuit(group);
    group = GroupOf(group, parts.populations);
    Append(whole.slots["populations"], std::move(parts.populations));
    Append(whole.slots["projections"], std::move(parts.projections));
    Append(whole.slots["stimuli"], std::move(parts.stimuli));
  }
  return whole;
}

std::vector<CircuitConstant> ConstantsOfCircuits(const Component& root) {
  std::vector<CircuitConstant> all;
  for (const Component& group : root.Slots("groups")) {
    if (!IsCircuit(group)) continue;
    for (CircuitConstant& c : ExpandCircuit(group).constants) {
      c.name = absl::StrCat(group.name, ".", c.name);
      all.push_back(std::move(c));
    }
  }
  return all;
}

Component CircuitPart(const ComponentSpec& spec, const Component& circuit,
                      const std::string& name,
                      std::map<std::string, Value> parameters) {
  Component part;
  part.type = spec.type;
  part.name = absl::StrCat(circuit.name, ".", name);
  part.path = absl::StrCat(circuit.path, ".", name);
  for (const auto& [key, value] : parameters) {
    ENGRAM_EXPECT(FindParameter(spec, key) != nullptr);
  }
  part.parameters = std::move(parameters);
  for (const ParameterSpec& p : spec.parameters) {
    if (p.default_value) part.parameters.emplace(p.name, *p.default_value);
  }
  for (const SlotSpec& slot : spec.slots) part.slots[slot.name];
  return part;
}

}  // namespace engram
