#include "core/spiking/catalog.h"

#include <type_traits>

#include "core/spec/find_row.h"
#include "core/spiking/plasticity/short_term.h"
#include "core/spiking/synapses_spec.h"

namespace engram {

const std::vector<PopulationRow>& PopulationRows() {
  static const std::vector<PopulationRow> rows = {
      AdaptiveExponentialRow(),
      AdaptiveExponentialAfterPotentialRow(),
      IzhikevichRow(),
      LifConductanceAlphaRow(),
      LifConductanceExponentialRow(),
      LifCurrentAlphaRow(),
      LifCurrentExponentialRow(),
      LifDeltaRow(),
      PoissonGeneratorRow(),
      RatePatternGeneratorRow(),
      SpikeTimesGeneratorRow(),
      Srm0EscapeRateRow(),
  };
  return rows;
}

const std::vector<ConnectivityRow>& ConnectivityRows() {
  static const std::vector<ConnectivityRow> rows = {
      AllToAllRow(),      DistanceDependentRow(), ExplicitListRow(),
      FixedInDegreeRow(), FixedOutDegreeRow(),    FixedProbabilityRow(),
      FixedTotalRow(),    OneToOneRow(),
  };
  return rows;
}

const std::vector<DistributionRow>& DistributionRows() {
  static const std::vector<DistributionRow> rows = {
      ConstantRow(), ChoiceRow(),  ExponentialRow(),          LognormalRow(),
      NormalRow(),   UniformRow(), TruncatedExponentialRow(),
  };
  return rows;
}

const std::vector<StimulusRow>& StimulusRows() {
  static const std::vector<StimulusRow> rows = {
      CurrentPiecesRow(), NoisyCurrentRow(), PatternedCurrentRow(),
      PoissonInputRow(),  StepCurrentRow(),
  };
  return rows;
}

const std::vector<ModulatorRow>& ModulatorRows() {
  static const std::vector<ModulatorRow> rows = {
      ActivityModulatorRow(),
      ConstantModulatorRow(),
      PulsedModulatorRow(),
  };
  return rows;
}

std::vector<ComponentSpec> NetworkPartSpecs() {
  return {GroupSpec(), SynapsesSpec(), TsodyksMarkramSpec()};
}

template <class Real>
std::unique_ptr<NeuronPopulation<Real>> MakePopulation(
    const Component& component, const PopulationShape& shape) {
  const PopulationRow& row = RowOf(PopulationRows(), component.type);
  if constexpr (std::is_same_v<Real, float>) {
    return row.make_single(component, shape);
  } else {
    return row.make_double(component, shape);
  }
}

template std::unique_ptr<NeuronPopulation<float>> MakePopulation(
    const Component&, const PopulationShape&);
template std::unique_ptr<NeuronPopulation<double>> MakePopulation(
    const Component&, const PopulationShape&);

template <class Real>
std::unique_ptr<Stimulus<Real>> MakeStimulus(const Component& component,
                                             const StimulusShape& shape) {
  const StimulusRow& row = RowOf(StimulusRows(), component.type);
  if constexpr (std::is_same_v<Real, float>) {
    return row.make_single(component, shape);
  } else {
    return row.make_double(component, shape);
  }
}

template std::unique_ptr<Stimulus<float>> MakeStimulus(const Component&,
                                                       const StimulusShape&);
template std::unique_ptr<Stimulus<double>> MakeStimulus(const Component&,
                                                        const StimulusShape&);

std::unique_ptr<Connectivity> MakeConnectivity(const Component& component,
                                               const ConnectivityShape& shape) {
  return RowOf(ConnectivityRows(), component.type).make(component, shape);
}

std::unique_ptr<Distribution> MakeDistribution(const Component& component) {
  return RowOf(DistributionRows(), component.type).make(component);
}

}  // namespace engram
