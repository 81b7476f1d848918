#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <string>

#include "core/spec/find_row.h"
#include "core/spiking/circuits/circuit.h"

namespace engram {
namespace {

CircuitParts Network(double neurons, double in_degrees) {
  Component c;
  c.type = "hpc_benchmark";
  c.name = "network";
  c.path = "experiment.groups.network";
  c.parameters = {{"neurons", neurons}, {"in_degrees", in_degrees}};
  for (const ParameterSpec& p : RowOf(CircuitRows(), c.type).spec.parameters) {
    c.parameters.emplace(p.name, *p.default_value);
  }
  return ExpandCircuit(c);
}

const Component& Named(const std::vector<Component>& parts,
                       const std::string& name) {
  for (const Component& part : parts) {
    if (part.name == "network." + name) return part;
  }
  ADD_FAILURE() << "no part " << name;
  return parts.front();
}

// As NEST's script prints them: a peak of 0.14 mV by 45.6096 pA, and
// 1.685 times what would just reach the threshold, 20,856.04 spikes a second.
TEST(HpcBenchmarkTest, HasThePublishedConstantsWhateverItsSize) {
  for (const double share : {1.0, 0.1}) {
    std::map<std::string, double> constants;
    for (const CircuitConstant& c : Network(share, share).constants) {
      constants[c.name] = c.value;
    }
    EXPECT_NEAR(constants["weight"], 45.6096, 45.6096e-6);
    EXPECT_NEAR(constants["external_rate"], 20856.04, 20856.04e-6);
  }
}

TEST(HpcBenchmarkTest, FullSizeIsThePublishedNetwork) {
  const CircuitParts parts = Network(1, 1);
  EXPECT_EQ(Named(parts.populations, "excitatory").Integer("units"), 9000);
  EXPECT_EQ(Named(parts.populations, "inhibitory").Integer("units"), 2250);
  EXPECT_EQ(Named(parts.populations, "excitatory").Real("current"), 0);
  ASSERT_EQ(parts.projections.size(), 4u);
  for (const Component& p : parts.projections) {
    const bool is_excitatory = p.Text("receptor") == "excitatory";
    EXPECT_NEAR(p.Real("weight"), is_excitatory ? 45.6096 : -5 * 45.6096, 3e-4);
    const Component& pairs = p.Slot("connectivity");
    EXPECT_EQ(pairs.Integer("in_degree"), is_excitatory ? 9000 : 2250);
    EXPECT_TRUE(pairs.Boolean("multapses"));
    EXPECT_FALSE(pairs.Boolean("autapses"));
    EXPECT_EQ(p.Find("rule") != nullptr,
              p.name == "network.excitatory_to_excitatory");
  }
  const Component& external = Named(parts.stimuli, "external_inhibitory");
  EXPECT_NEAR(external.Real("rate") * external.Real("lines"), 20856.04, 0.02);
}

// Of a hundredth of the inputs, each ten times as strong: the variance is that
// of full size; the mean is, with the constant current, at 6 Hz for all.
TEST(HpcBenchmarkTest, FewerInputsKeepMeanAndVariance) {
  const double area = std::exp(1) * 0.32582722403722841e-3;  // [s]
  const auto drive = [&](const CircuitParts& parts, int power) {
    const Component& external = Named(parts.stimuli, "external_excitatory");
    double sum = external.Real("lines") * external.Real("rate") *
                 std::pow(external.Real("weight"), power);
    for (const char* from : {"excitatory", "inhibitory"}) {
      const Component& p =
          Named(parts.projections, std::string(from) + "_to_excitatory");
      sum += 6 * p.Slot("connectivity").Real("in_degree") *
             std::pow(p.Real("weight"), power);
    }
    return sum;
  };
  const CircuitParts full = Network(1, 1), reduced = Network(0.5, 0.01);
  // In-degrees are whole: 22 or 23 of 22.5.
  EXPECT_NEAR(drive(reduced, 2) / drive(full, 2), 1, 0.03);
  // What the mean lacks, to what rounding in-degrees does to the inhibition.
  const double lacks = (drive(full, 1) - drive(reduced, 1)) * area;
  const double of_half_an_input = 0.5 * 6 * 5 * 456.096 * area;
  EXPECT_NEAR(Named(reduced.populations, "excitatory").Real("current"), lacks,
              1.01 * of_half_an_input);
}

TEST(HpcBenchmarkTest, TheRuleChangesWeightsByTheSameShare) {
  const auto gain = [](const CircuitParts& parts) {
    const Component& p = Named(parts.projections, "excitatory_to_excitatory");
    const Component& rule = p.Slot("rule");
    const double w = p.Real("weight");
    return rule.Real("lambda") * std::pow(rule.Real("w_0") / w, 0.6);
  };
  EXPECT_NEAR(gain(Network(1, 1)), 0.1 * std::pow(45.6096, -0.6), 1e-8);
  EXPECT_NEAR(gain(Network(1, 0.04)), gain(Network(1, 1)), 1e-12);
}

}  // namespace
}  // namespace engram
