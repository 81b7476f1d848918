#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/spec/component.h"
#include "core/spec/component_spec.h"

namespace engram {

// A number that follows from a circuit's parameters and that its publication
// states, recorded with a run's summary values.
struct CircuitConstant {
  std::string name;
  std::string unit;
  double value = 0;
};

// What a circuit stands for, with the parameters of every part filled in.
struct CircuitParts {
  std::vector<Component> populations, projections, stimuli;
  std::vector<CircuitConstant> constants;
};

// A circuit is written as one component among a network's groups, and is hashed
// and shown as such; the network is made from its parts, and the circuit's name
// stands for all of its units.
struct CircuitRow {
  ComponentSpec spec;
  CircuitParts (*expand)(const Component& circuit) = nullptr;
};

const std::vector<CircuitRow>& CircuitRows();

// Of a validated circuit.
CircuitParts ExpandCircuit(const Component& circuit);

bool HasCircuits(const Component& root);
// The root of a network with the parts of its circuits beside what it has
// itself, and a plain group in place of each.
Component WithCircuits(const Component& root);
// Of all circuits, in their order.
std::vector<CircuitConstant> ConstantsOfCircuits(const Component& root);

// A part: a component with these parameters, the others and the slots as the
// catalog has them. It is called by the circuit's name and its own
// ("column.L4E"), as its path is.
Component CircuitPart(const ComponentSpec& spec, const Component& circuit,
                      const std::string& name,
                      std::map<std::string, Value> parameters);

CircuitRow HpcBenchmarkRow();
CircuitRow PotjansDiesmannRow();

}  // namespace engram
