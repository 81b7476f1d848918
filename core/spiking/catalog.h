#pragma once

#include <memory>
#include <vector>

#include "core/spiking/connectivity.h"
#include "core/spiking/distribution.h"
#include "core/spiking/modulator.h"
#include "core/spiking/neuron_population.h"
#include "core/spiking/stimulus.h"

namespace engram {

// One line a component.
const std::vector<PopulationRow>& PopulationRows();
const std::vector<ConnectivityRow>& ConnectivityRows();
const std::vector<DistributionRow>& DistributionRows();
const std::vector<StimulusRow>& StimulusRows();
const std::vector<ModulatorRow>& ModulatorRows();

// Types without a table of their own: `synapses`, `group`, `tsodyks_markram`.
std::vector<ComponentSpec> NetworkPartSpecs();

template <class Real>
std::unique_ptr<NeuronPopulation<Real>> MakePopulation(
    const Component& component, const PopulationShape& shape);
std::unique_ptr<Connectivity> MakeConnectivity(const Component& component,
                                               const ConnectivityShape& shape);
std::unique_ptr<Distribution> MakeDistribution(const Component& component);
template <class Real>
std::unique_ptr<Stimulus<Real>> MakeStimulus(const Component& component,
                                             const StimulusShape& shape);

PopulationRow AdaptiveExponentialAfterPotentialRow();
PopulationRow AdaptiveExponentialRow();
PopulationRow IzhikevichRow();
PopulationRow LifConductanceAlphaRow();
PopulationRow LifConductanceExponentialRow();
PopulationRow LifCurrentAlphaRow();
PopulationRow LifCurrentExponentialRow();
PopulationRow LifDeltaRow();
PopulationRow PoissonGeneratorRow();
PopulationRow RatePatternGeneratorRow();
PopulationRow SpikeTimesGeneratorRow();
PopulationRow Srm0EscapeRateRow();

ConnectivityRow AllToAllRow();
ConnectivityRow DistanceDependentRow();
ConnectivityRow ExplicitListRow();
ConnectivityRow FixedInDegreeRow();
ConnectivityRow FixedOutDegreeRow();
ConnectivityRow FixedProbabilityRow();
ConnectivityRow FixedTotalRow();
ConnectivityRow OneToOneRow();

DistributionRow ChoiceRow();
DistributionRow ConstantRow();
DistributionRow ExponentialRow();
DistributionRow LognormalRow();
DistributionRow NormalRow();
DistributionRow TruncatedExponentialRow();
DistributionRow UniformRow();

ModulatorRow ActivityModulatorRow();
ModulatorRow ConstantModulatorRow();
ModulatorRow PulsedModulatorRow();

StimulusRow CurrentPiecesRow();
StimulusRow NoisyCurrentRow();
StimulusRow PatternedCurrentRow();
StimulusRow PoissonInputRow();
StimulusRow StepCurrentRow();

}  // namespace engram
