// The cortical microcircuit below one square millimetre of surface (Potjans and
// Diesmann 2014): excitatory and inhibitory neurons of four layers, connected
// at random with cell-type-specific probabilities.
//
// Of reduced size, neurons are N_s and in-degrees K_s of the full ones; weights
// grow by 1/sqrt(K_s), which keeps the variance of a neuron's input, and a
// constant current makes up for its mean,
//
//   I = tau_syn (1 - sqrt(K_s)) sum of (weight in-degree rate),
//
// with the full network's rates, recurrent and background.

#include <cmath>
#include <map>
#include <string>

#include "absl/strings/str_cat.h"
#include "core/spec/find_row.h"
#include "core/spiking/catalog.h"
#include "core/spiking/circuits/circuit.h"
#include "core/spiking/circuits/microcircuit_tables.h"
#include "core/spiking/circuits/postsynaptic_potential.h"
#include "core/spiking/synapses_spec.h"

namespace engram {
namespace {

using microcircuit::kExternal;
using microcircuit::kIsExcitatory;
using microcircuit::kNames;
using microcircuit::kPopulations;
using microcircuit::kRates;
using microcircuit::kUnits;

constexpr Membrane kMembrane = {.c_m = 250, .tau_m = 10, .tau_syn = 0.5};
constexpr double kBackground = 8;  // of each background input [Hz]
constexpr double kPerMs = 1e-3;    // of a Hz

template <class Row>
const ComponentSpec& SpecOf(const std::vector<Row>& rows, const char* type) {
  return RowOf(rows, type).spec;
}

const ComponentSpec& SynapsesRow() {
  static const ComponentSpec spec = SynapsesSpec();
  return spec;
}

class Expansion {
 public:
  explicit Expansion(const Component& c)
      : circuit_(c),
        neurons_(c.Real("neurons")),
        in_degrees_(c.Real("in_degrees")),
        is_poisson_(c.Text("background") == "poisson"),
        weight_(c.Real("psp") * ExponentialCurrentOfOneMv(kMembrane)) {}

  CircuitParts Expand() {
    for (size_t i = 0; i < kPopulations; ++i) {
      AddPopulation(i);
      if (is_poisson_) AddBackground(i);
      for (size_t j = 0; j < kPopulations; ++j) AddProjection(i, j);
    }
    AddConstants();
    return std::move(parts_);
  }

 private:
  // Means before scaling [pA].
  double MeanWeight(size_t target, size_t source) const {
    if (!kIsExcitatory[source]) return -circuit_.Real("g") * weight_;
    constexpr size_t kL23E = 0, kL4E = 2;
    const bool is_doubled = target == kL23E && source == kL4E;
    return is_doubled ? 2 * weight_ : weight_;
  }

  // What a unit's input lacks, and the background where it is a current [pA].
  double ConstantCurrent(size_t target) const {
    double drive = is_poisson_ ? Background(target) : 0;
    for (size_t j = 0; j < kPopulations; ++j) {
      const double in_degree =
          microcircuit::Synapses(target, j) / kUnits[target];
      drive += MeanWeight(target, j) * in_degree * kRates[j];
    }
    const double lack = 1 - std::sqrt(in_degrees_);
    const double dc = is_poisson_ ? 0 : Background(target);
    return kPerMs * kMembrane.tau_syn * (dc + lack * drive);
  }
  // Sum of weight and rate over the background inputs [pA Hz].
  double Background(size_t target) const {
    return weight_ * kExternal[target] * kBackground;
  }

  std::string NameOf(size_t i) const {
    return absl::StrCat(circuit_.name, ".", kNames[i]);
  }
  int64_t Units(size_t i) const { return std::llround(neurons_ * kUnits[i]); }

  void AddPopulation(size_t i) {
    Component population =
        CircuitPart(SpecOf(PopulationRows(), "lif_current_exponential"),
                    circuit_, kNames[i],
                    {{"units", Units(i)},
                     {"tau_m", kMembrane.tau_m},
                     {"c_m", kMembrane.c_m},
                     {"e_l", -65.0},
                     {"v_th", -50.0},
                     {"v_reset", -65.0},
                     {"t_ref", 2.0},
                     {"tau_e", kMembrane.tau_syn},
                     {"tau_i", kMembrane.tau_syn},
                     {"current", ConstantCurrent(i)}});
    population.slots["initial_v"] = {
        Normal("initial_v_" + std::string(kNames[i]),
               microcircuit::kInitialMean[i], microcircuit::kInitialSd[i])};
    parts_.populations.push_back(std::move(population));
  }

  void AddBackground(size_t i) {
    parts_.stimuli.push_back(CircuitPart(
        SpecOf(StimulusRows(), "poisson_input"), circuit_,
        absl::StrCat("background_", kNames[i]),
        {{"to", NameOf(i)},
         {"receptor", "excitatory"},
         {"rate", kBackground},
         {"lines", int64_t{std::llround(in_degrees_ * kExternal[i])}},
         {"weight", weight_ / std::sqrt(in_degrees_)}}));
  }

  void AddProjection(size_t target, size_t source) {
    const int64_t synapses = std::llround(
        neurons_ * in_degrees_ * microcircuit::Synapses(target, source));
    if (synapses == 0) return;
    const std::string name =
        absl::StrCat(kNames[source], "_to_", kNames[target]);
    const bool is_excitatory = kIsExcitatory[source];
    Component projection = CircuitPart(
        SynapsesRow(), circuit_, name,
        {{"from", NameOf(source)},
         {"to", NameOf(target)},
         {"receptor", is_excitatory ? "excitatory" : "inhibitory"}});
    const double weight = MeanWeight(target, source) / std::sqrt(in_degrees_);
    projection.slots["connectivity"] = {
        CircuitPart(SpecOf(ConnectivityRows(), "fixed_total"), circuit_,
                    name + "_pairs", {{"synapses", synapses}})};
    projection.slots["weights"] = {Weights(name, weight)};
    projection.slots["delays"] = {Delays(name, is_excitatory ? 1.5 : 0.75)};
    parts_.projections.push_back(std::move(projection));
  }

  // Draws of the wrong sign are set to 0.
  Component Weights(const std::string& name, double mean) const {
    Component normal = Normal(name + "_weights", mean, 0.1 * std::abs(mean));
    normal.parameters[mean > 0 ? "low" : "high"] = 0.0;
    return normal;
  }
  // At least a step.
  Component Delays(const std::string& name, double mean) const {
    Component normal = Normal(name + "_delays", mean, 0.5 * mean);
    normal.parameters["low"] = circuit_.Real("shortest_delay");
    return normal;
  }
  Component Normal(const std::string& name, double mean, double sd) const {
    return CircuitPart(SpecOf(DistributionRows(), "normal"), circuit_, name,
                       {{"mean", mean}, {"sd", sd}});
  }

  void AddConstants() {
    double total = 0;
    for (size_t i = 0; i < kPopulations; ++i) {
      for (size_t j = 0; j < kPopulations; ++j) {
        total += std::round(microcircuit::Synapses(i, j));
      }
    }
    parts_.constants = {{"weight", "pA", weight_},
                        {"full_synapses", "1", total}};
  }

  const Component& circuit_;
  const double neurons_, in_degrees_;
  const bool is_poisson_;
  const double weight_;  // of full size [pA]
  CircuitParts parts_;
};

std::vector<OutputSpec> Outputs() {
  const OutputKind summary = OutputKind::kSummary;
  std::vector<OutputSpec> outputs = {
      {"weight", summary, "pA", "", "excitatory weight of full size"},
      {"full_synapses", summary, "1", "", "synapses of full size"}};
  for (const char* name : kNames) {
    outputs.push_back({absl::StrCat(name, ".rate"), summary, "Hz", "",
                       "mean rate of its units"});
  }
  return outputs;
}

}  // namespace

CircuitRow PotjansDiesmannRow() {
  return {
      .spec = {.kind = Kind::kGroup,
               .type = "potjans_diesmann",
               .summary = "microcircuit of four cortical layers: populations "
                          "L23E, L23I, L4E, L4I, L5E, L5I, L6E, L6I",
               .equation =
                   "synapses(i, j) = N_s K_s log(1 - C_ij) / "
                   "log(1 - 1/(N_i N_j))\n"
                   "weight = psp C_m / (peak of 1 pA) / sqrt(K_s)\n"
                   "I = tau_syn (1 - sqrt(K_s)) sum(weight in-degree rate)",
               .reference = "doi:10.1093/cercor/bhs358",
               .parameters = {Real("neurons", "1", 1, 0.001, 1,
                                   "N_s: share of the full numbers of neurons"),
                              Real("in_degrees", "1", 1, 0.001, 1,
                                   "K_s: share of the full in-degrees"),
                              Choice(
                                  "background", "poisson",
                                  {"poisson", "current"},
                                  "spikes of 8 Hz on each background input, or "
                                  "their mean as a constant current"),
                              Real("psp", "mV", 0.15, 1e-3, 10,
                                   "peak of an excitatory potential"),
                              Real("g", "1", 4, 0, 100,
                                   "inhibitory over excitatory weight"),
                              Real("shortest_delay", "ms", 0.1, 0.01, 1,
                                   "no delay is below; at least dt")},
               .slots = {},
               .outputs = Outputs()},
      .expand = [](const Component& c) { return Expansion(c).Expand(); }};
}

}  // namespace engram
