#include "core/spiking/synapses_spec.h"

#include "core/spec/receptor_units.h"
#include "core/spiking/neuron_population.h"
#include "core/spiking/stimulus.h"

namespace engram {
namespace {

ParameterSpec Units(std::string name, std::string meaning) {
  ParameterSpec spec;
  spec.name = std::move(name);
  spec.type = ParameterType::kSelection;
  spec.meaning = std::move(meaning);
  return spec;
}

ParameterSpec ReceptorName() {
  return Text("receptor", "",
              "of the target, where the input arrives; empty: its first");
}

ParameterSpec Modulator() {
  ParameterSpec spec;
  spec.name = "modulator";
  spec.type = ParameterType::kReference;
  spec.reference_kind = Kind::kModulator;
  spec.is_optional = true;
  spec.meaning = "third factor of the rule's eligibility trace";
  return spec;
}

SlotSpec Part(std::string name, Kind kind, bool is_optional,
              std::string meaning, std::string unit = "") {
  return {.name = std::move(name),
          .kind = kind,
          .many = false,
          .optional = is_optional,
          .default_type = "",
          .meaning = std::move(meaning),
          .unit = std::move(unit)};
}

}  // namespace

ComponentSpec SynapsesSpec() {
  return {
      .kind = Kind::kProjection,
      .type = "synapses",
      .summary = "synapses from units to units, each with a weight and a delay",
      .equation =
          "a spike of step k arrives in the input of step k + d, "
          "d = round(delay / dt) >= 1",
      .reference = "",
      .parameters =
          {Units("from", "presynaptic units: a population, a group, a range"),
           Units("to", "postsynaptic units"), ReceptorName(),
           Real("weight", kReceptorUnit, 1, -1e9, 1e9,
                "of each synapse, unless `weights` draws them"),
           Real("delay", "ms", 1, 0, 1e5,
                "of each synapse, unless `delays` draws them"),
           Choice("delay_of", "axon", {"axon", "dendrite"},
                  "which of both spikes reaches a plastic synapse after the "
                  "delay, and the other at once"),
           Modulator()},
      .slots = {Part("connectivity", Kind::kConnectivity, false,
                     "which units are connected"),
                Part("weights", Kind::kDistribution, true, "draws each weight",
                     kReceptorUnit),
                Part("delays", Kind::kDistribution, true,
                     "draws each delay [ms], rounded to whole steps", "ms"),
                Part("rule", Kind::kRule, true,
                     "changes the weights at spikes, with its eligibility "
                     "trace, bounds and signs"),
                Part("short_term", Kind::kShortTerm, true,
                     "what a spike finds of its weight")}};
}

ComponentSpec GroupSpec() {
  return {.kind = Kind::kGroup,
          .type = "group",
          .summary =
              "a name for units of several populations, which "
              "projections, stimuli and recordings take as one",
          .equation = "",
          .reference = "",
          .parameters = {[] {
            ParameterSpec of = Units("of", "what belongs to it, in this order");
            of.list_rank = 1;
            return of;
          }()}};
}

ComponentSpec PopulationSpec(ComponentSpec spec) {
  spec.kind = Kind::kPopulation;
  spec.parameters.insert(spec.parameters.begin(),
                         Integer("units", 100, 1, 100000000, "neurons"));
  spec.outputs.insert(spec.outputs.begin(), {"rate", OutputKind::kSummary, "Hz",
                                             "", "mean rate of its units"});
  return spec;
}

ParameterSpec OptionalReal(std::string name, std::string unit, double minimum,
                           double maximum, std::string meaning) {
  ParameterSpec spec;
  spec.name = std::move(name);
  spec.unit = std::move(unit);
  spec.minimum = minimum;
  spec.maximum = maximum;
  spec.is_optional = true;
  spec.meaning = std::move(meaning);
  return spec;
}

ComponentSpec StimulusSpec(ComponentSpec spec) {
  spec.kind = Kind::kStimulus;
  spec.parameters.insert(
      spec.parameters.begin(),
      {Units("to", "units that receive it"), ReceptorName()});
  return spec;
}

}  // namespace engram
