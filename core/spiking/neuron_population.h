#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "core/programs/state_visitor.h"
#include "core/spec/component.h"
#include "core/spec/component_spec.h"

namespace engram {

// What a population is made for.
struct PopulationShape {
  int64_t units = 0;
  double dt = 0;  // of every step [ms]
  uint64_t seed = 0;
};

// Units of one model with their state, in precision Real (float or double).
//
// Step `k` leads from time k dt to (k + 1) dt; a unit that fires in it has a
// spike of step k, whose time is (k + 1) dt. A synapse of delay d >= 1 steps
// brings it into the input of step k + d.
template <class Real>
class NeuronPopulation {
 public:
  virtual ~NeuronPopulation() = default;
  // Advances units [begin, end) by step `step` and writes those that fire to
  // `spikes`, ascending; there is room for all of them. Gives their number.
  // inputs[r][k] is what receptor r of unit begin + k takes in at this step,
  // the sum of weights that arrive and of stimuli; inputs[r] is null where
  // nothing ever arrives (neurons/group_inputs.h). Called for disjoint ranges
  // from several threads at once; ranges begin at multiples of 64. Allocates
  // nothing.
  virtual int64_t Step(int64_t step, int64_t begin, int64_t end,
                       std::span<const Real* const> inputs,
                       int32_t* spikes) = 0;
  // Names the state's arrays, each (units), in the order of the row's
  // `arrays`, under `prefix` ("excitatory" gives "excitatory.v").
  virtual void VisitState(absl::string_view prefix, StateVisitor& v) = 0;
};

// The array of a model's state that is its units' potential [mV], where it has
// one.
inline constexpr char kPotential[] = "v";

// A place where input arrives, and what a weight means there.
struct Receptor {
  std::string name;     // "excitatory"
  std::string unit;     // of a weight: "mV", "nS", "pA", "1"
  std::string meaning;  // "jump of the excitatory conductance"
  // The array of the state to which an input is added at the end of its step,
  // and nothing else is done with it ("g_e"); empty: more is done. The network
  // may then add an input there itself, after the step.
  std::string adds_to = {};
};

template <class Real>
using PopulationMaker = std::unique_ptr<NeuronPopulation<Real>> (*)(
    const Component& component, const PopulationShape& shape);

// A neuron model's row of the catalog. A generator has no receptors.
struct PopulationRow {
  ComponentSpec spec;
  std::vector<Receptor> receptors;
  std::vector<std::string> arrays;  // of its state, as VisitState names them
  PopulationMaker<float> make_single = nullptr;
  PopulationMaker<double> make_double = nullptr;
  // Why the model cannot be integrated with this step, as a sentence with
  // numbers; empty where it can. Null: any step will do.
  std::string (*unstable)(const Component& component, double dt) = nullptr;
};

// Completes a model's row: kind, the parameter `units`, the output `rate`.
ComponentSpec PopulationSpec(ComponentSpec spec);

// The row of a model whose constructor takes (Component, PopulationShape).
template <template <class> class P>
PopulationRow RowOfPopulation(ComponentSpec spec,
                              std::vector<Receptor> receptors,
                              std::vector<std::string> arrays,
                              std::string (*unstable)(const Component&,
                                                      double) = nullptr) {
  return {.spec = PopulationSpec(std::move(spec)),
          .receptors = std::move(receptors),
          .arrays = std::move(arrays),
          .make_single = [](const Component& c, const PopulationShape& shape)
              -> std::unique_ptr<NeuronPopulation<float>> {
            return std::make_unique<P<float>>(c, shape);
          },
          .make_double = [](const Component& c, const PopulationShape& shape)
              -> std::unique_ptr<NeuronPopulation<double>> {
            return std::make_unique<P<double>>(c, shape);
          },
          .unstable = unstable};
}

}  // namespace engram
