#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <string>

#include "core/spec/find_row.h"
#include "core/spiking/circuits/circuit.h"
#include "core/spiking/circuits/microcircuit_tables.h"

namespace engram {
namespace {

Component Microcircuit(double scale, const char* background = "poisson") {
  Component c;
  c.type = "potjans_diesmann";
  c.name = "column";
  c.path = "experiment.groups.column";
  c.parameters = {
      {"neurons", scale}, {"in_degrees", scale}, {"background", background}};
  for (const ParameterSpec& p : RowOf(CircuitRows(), c.type).spec.parameters) {
    c.parameters.emplace(p.name, *p.default_value);
  }
  return c;
}

const Component& Named(const std::vector<Component>& parts,
                       const std::string& name) {
  for (const Component& part : parts) {
    if (part.name == "column." + name) return part;
  }
  ADD_FAILURE() << "no part " << name;
  return parts.front();
}

// Without the circuit's name.
std::string Own(const std::string& name) {
  return name.substr(std::string("column.").size());
}

double SynapsesOf(const CircuitParts& parts) {
  double sum = 0;
  for (const Component& p : parts.projections) {
    sum += p.Slot("connectivity").Real("synapses");
  }
  return sum;
}

// 298,880,969.18 before rounding; rounding each of the 55 projections moves
// the sum by at most 27.5.
TEST(PotjansDiesmannTest, FullSizeHasThePublishedConstants) {
  const CircuitParts parts = ExpandCircuit(Microcircuit(1));
  EXPECT_EQ(parts.populations.size(), 8u);
  EXPECT_EQ(parts.projections.size(), 55u);
  EXPECT_EQ(parts.stimuli.size(), 8u);
  double units = 0;
  for (const Component& p : parts.populations) units += p.Real("units");
  EXPECT_EQ(units, 77169);
  EXPECT_NEAR(SynapsesOf(parts), 298880969, 299);
  std::map<std::string, double> constants;
  for (const CircuitConstant& c : parts.constants) constants[c.name] = c.value;
  EXPECT_NEAR(constants["full_synapses"], 298880969, 299);
  EXPECT_NEAR(constants["weight"], 87.8085, 87.8085e-6);
}

TEST(PotjansDiesmannTest, FullSizeNeedsNoCurrentBesideItsBackground) {
  for (const Component& p : ExpandCircuit(Microcircuit(1)).populations) {
    EXPECT_NEAR(p.Real("current"), 0, 1e-9);
  }
  // 8 Hz on 1600 inputs of 87.8085 pA for 0.5 ms.
  EXPECT_NEAR(
      Named(ExpandCircuit(Microcircuit(1, "current")).populations, "L23E")
          .Real("current"),
      8 * 1600 * 87.8085 * 0.5e-3, 1e-3);
}

// Of a tenth in size with a constant background: the constant currents, and the
// mean drives with the recurrent input at the full network's rates, which are
// the full network's. Both computed from the published tables apart from this
// code.
TEST(PotjansDiesmannTest, ReducedSizeKeepsTheMeanDrive) {
  const CircuitParts parts = ExpandCircuit(Microcircuit(0.1, "current"));
  const std::map<std::string, double> currents = {
      {"L23E", 206.7}, {"L23I", 279.0}, {"L4E", 346.2}, {"L4I", 326.0},
      {"L5E", 347.6},  {"L5I", 362.7},  {"L6E", 365.9}, {"L6I", 387.0}};
  const std::map<std::string, double> drives = {
      {"L23E", 42.5}, {"L23I", 164.3}, {"L4E", 165.2}, {"L4I", 168.2},
      {"L5E", 183.4}, {"L5I", 221.8},  {"L6E", 64.1},  {"L6I", 224.8}};
  std::map<std::string, double> mean;
  for (const Component& p : parts.populations) {
    mean[Own(p.name)] = p.Real("current");
    EXPECT_NEAR(mean[Own(p.name)], currents.at(Own(p.name)), 0.05) << p.name;
  }
  const auto rate_of = [](const std::string& name) {
    for (size_t i = 0; i < microcircuit::kPopulations; ++i) {
      if (microcircuit::kNames[i] == name) return microcircuit::kRates[i];
    }
    return 0.0;
  };
  for (const Component& p : parts.projections) {
    const std::string to = Own(p.Text("to"));
    const double in_degree = p.Slot("connectivity").Real("synapses") /
                             Named(parts.populations, to).Real("units");
    mean[to] += p.Slot("weights").Real("mean") * in_degree *
                rate_of(Own(p.Text("from"))) * 0.5e-3;
  }
  // Units are whole: L5I has 107 instead of 106.5, which takes 0.5 % off its
  // in-degrees, and so off a recurrent input of 141 pA.
  for (const auto& [name, drive] : drives) {
    EXPECT_NEAR(mean[name], drive, 0.8) << name;
  }
}

TEST(PotjansDiesmannTest, WeightsAreScaledSignedAndOneIsDoubled) {
  const CircuitParts parts = ExpandCircuit(Microcircuit(0.25));
  const double weight = 87.80849 / std::sqrt(0.25);
  const auto mean = [&](const char* name) {
    return Named(parts.projections, name).Slot("weights").Real("mean");
  };
  EXPECT_NEAR(mean("L23E_to_L23E"), weight, 1e-3);
  EXPECT_NEAR(mean("L4E_to_L23E"), 2 * weight, 1e-3);
  EXPECT_NEAR(mean("L4E_to_L23I"), weight, 1e-3);
  EXPECT_NEAR(mean("L5I_to_L5E"), -4 * weight, 1e-3);
  EXPECT_EQ(Named(parts.projections, "L5I_to_L5E").Slot("weights").Real("high"),
            0);
  EXPECT_EQ(Named(parts.projections, "L5I_to_L5E").Slot("delays").Real("mean"),
            0.75);
}

}  // namespace
}  // namespace engram
