// The network by which simulators are measured on large machines (Morrison,
// Aertsen and Diesmann 2007; NEST's hpc_benchmark): a balanced random network
// whose excitatory synapses onto excitatory neurons follow power-law STDP.
//
// At full size a neuron has 9,000 excitatory and 2,250 inhibitory inputs,
// whatever the number of neurons. With in-degrees K_s of those, weights grow by
// 1/sqrt(K_s), which keeps the variance of a neuron's input, and a constant
// current makes up for its mean; the rule's w_0 grows like the weights, so that
// they change by the same share of themselves.

#include <cmath>
#include <numbers>
#include <string>

#include "absl/strings/str_cat.h"
#include "core/rules/catalog.h"
#include "core/spec/find_row.h"
#include "core/spiking/catalog.h"
#include "core/spiking/circuits/circuit.h"
#include "core/spiking/circuits/postsynaptic_potential.h"
#include "core/spiking/synapses_spec.h"

namespace engram {
namespace {

// Neurons at N_s = 1, and inputs of each at K_s = 1.
constexpr double kExcitatory = 9000, kInhibitory = 2250;
constexpr double kThreshold = 20;  // above rest [mV]
constexpr double kDelay = 1.5;     // [ms]
// A synaptic current of this time constant lifts the membrane for 1.700759 ms
// until the potential's peak.
constexpr Membrane kMembrane = {
    .c_m = 250, .tau_m = 10, .tau_syn = 0.32582722403722841};
constexpr double kPerMs = 1e-3;  // of a Hz

template <class Row>
const ComponentSpec& SpecOf(const std::vector<Row>& rows, const char* type) {
  return RowOf(rows, type).spec;
}

class Expansion {
 public:
  explicit Expansion(const Component& c)
      : circuit_(c),
        in_degrees_(c.Real("in_degrees")),
        full_weight_(c.Real("psp") * AlphaCurrentOfOneMv(kMembrane)),
        weight_(full_weight_ / std::sqrt(in_degrees_)) {}

  CircuitParts Expand() {
    AddPopulation("excitatory", kExcitatory);
    AddPopulation("inhibitory", kInhibitory);
    for (const char* target : {"excitatory", "inhibitory"}) {
      AddExternal(target);
      AddProjection("excitatory", target, kExcitatory, weight_);
      AddProjection("inhibitory", target, kInhibitory,
                    -circuit_.Real("g") * weight_);
    }
    parts_.projections.front().slots["rule"] = {Rule()};
    parts_.constants = {{"weight", "pA", full_weight_},
                        {"external_rate", "Hz", ExternalRate()}};
    return std::move(parts_);
  }

 private:
  // What one spike's current carries, by its peak [ms].
  static double Area() { return std::numbers::e * kMembrane.tau_syn; }

  // Onto each neuron at K_s = 1 [Hz]: eta times what just reaches the
  // threshold.
  double ExternalRate() const {
    const double just =
        kThreshold * kMembrane.c_m / (kMembrane.tau_m * full_weight_ * Area());
    return circuit_.Real("eta") * just / kPerMs;
  }

  // What a neuron's mean input lacks [pA].
  double ConstantCurrent() const {
    const double recurrent = circuit_.Real("mean_rate") *
                             (kExcitatory - circuit_.Real("g") * kInhibitory);
    return (1 - std::sqrt(in_degrees_)) * full_weight_ * Area() * kPerMs *
           (ExternalRate() + recurrent);
  }

  std::string NameOf(const char* part) const {
    return absl::StrCat(circuit_.name, ".", part);
  }
  int64_t InDegree(double full) const {
    return std::llround(in_degrees_ * full);
  }

  void AddPopulation(const char* name, double units) {
    Component population = CircuitPart(
        SpecOf(PopulationRows(), "lif_current_alpha"), circuit_, name,
        {{"units", int64_t{std::llround(circuit_.Real("neurons") * units)}},
         {"tau_m", kMembrane.tau_m},
         {"c_m", kMembrane.c_m},
         {"e_l", 0.0},
         {"v_th", kThreshold},
         {"v_reset", 0.0},
         {"t_ref", 0.5},
         {"tau_e", kMembrane.tau_syn},
         {"tau_i", kMembrane.tau_syn},
         {"current", ConstantCurrent()}});
    population.slots["initial_v"] = {CircuitPart(
        SpecOf(DistributionRows(), "normal"), circuit_,
        absl::StrCat("initial_v_", name), {{"mean", 5.7}, {"sd", 7.2}})};
    parts_.populations.push_back(std::move(population));
  }

  void AddExternal(const char* target) {
    parts_.stimuli.push_back(
        CircuitPart(SpecOf(StimulusRows(), "poisson_input"), circuit_,
                    absl::StrCat("external_", target),
                    {{"to", NameOf(target)},
                     {"receptor", "excitatory"},
                     {"rate", ExternalRate() / kExcitatory},
                     {"lines", InDegree(kExcitatory)},
                     {"weight", weight_}}));
  }

  void AddProjection(const char* source, const char* target, double in_degree,
                     double weight) {
    static const ComponentSpec spec = SynapsesSpec();
    const std::string name = absl::StrCat(source, "_to_", target);
    Component projection = CircuitPart(spec, circuit_, name,
                                       {{"from", NameOf(source)},
                                        {"to", NameOf(target)},
                                        {"receptor", source},
                                        {"weight", weight},
                                        {"delay", kDelay},
                                        {"delay_of", "dendrite"}});
    projection.slots["connectivity"] = {
        CircuitPart(SpecOf(ConnectivityRows(), "fixed_in_degree"), circuit_,
                    name + "_pairs",
                    {{"in_degree", InDegree(in_degree)}, {"autapses", false}})};
    parts_.projections.push_back(std::move(projection));
  }

  Component Rule() const {
    return CircuitPart(SpecOf(RuleRows(), "stdp_power_law"), circuit_, "rule",
                       {{"lambda", circuit_.Real("lambda")},
                        {"alpha", circuit_.Real("alpha")},
                        {"mu", 0.4},
                        {"w_0", 1 / std::sqrt(in_degrees_)},
                        {"tau_plus", 15.0},
                        {"tau_minus", 30.0}});
  }

  const Component& circuit_;
  const double in_degrees_;
  const double full_weight_, weight_;  // at K_s = 1, and of this circuit [pA]
  CircuitParts parts_;
};

std::vector<OutputSpec> Outputs() {
  const OutputKind summary = OutputKind::kSummary;
  return {{"weight", summary, "pA", "", "excitatory weight at K_s = 1"},
          {"external_rate", summary, "Hz", "",
           "of all external spikes onto a neuron at K_s = 1"},
          {"excitatory.rate", summary, "Hz", "", "mean rate of its units"},
          {"inhibitory.rate", summary, "Hz", "", "mean rate of its units"}};
}

}  // namespace

CircuitRow HpcBenchmarkRow() {
  return {
      .spec =
          {.kind = Kind::kGroup,
           .type = "hpc_benchmark",
           .summary = "balanced random network with power-law STDP between "
                      "excitatory neurons: populations excitatory, inhibitory",
           .equation =
               "weight = psp / (peak of 1 pA) / sqrt(K_s)\n"
               "external rate = eta v_th c_m / (tau_m weight e tau_syn)\n"
               "I = e tau_syn (1 - sqrt(K_s)) sum(weight in-degree rate)",
           .reference = "doi:10.1162/neco.2007.19.6.1437",
           .parameters =
               {Real("neurons", "1", 1, 0.01, 1000,
                     "N_s: of 9000 excitatory and 2250 inhibitory neurons"),
                Real("in_degrees", "1", 1, 0.001, 1,
                     "K_s: of 9000 excitatory and 2250 inhibitory inputs"),
                Real("psp", "mV", 0.14, 1e-3, 10,
                     "peak of an excitatory potential"),
                Real("g", "1", 5, 0, 100, "inhibitory over excitatory weight"),
                Real("eta", "1", 1.685, 0, 100,
                     "external input, of what just reaches the threshold"),
                Real("mean_rate", "Hz", 6, 0, 1000,
                     "of all neurons, at which the mean recurrent input that "
                     "reduced in-degrees lack is made up for"),
                Real("lambda", "1", 0.1, 0, 1000, "size of the rule's changes"),
                Real("alpha", "1", 0.0513, 0, 1000,
                     "depression, in units of potentiation")},
           .slots = {},
           .outputs = Outputs()},
      .expand = [](const Component& c) { return Expansion(c).Expand(); }};
}

}  // namespace engram
