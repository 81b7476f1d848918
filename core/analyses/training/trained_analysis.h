#pragma once

#include <string>
#include <vector>

#include "core/programs/recorder.h"
#include "core/spec/component.h"
#include "core/spec/component_spec.h"
#include "core/tasks/supervised/supervised_task.h"
#include "core/training/trained_network.h"

namespace engram {

// A network at the end of its training.
template <class Real>
struct TrainedState {
  const Component& root;  // of the program
  const SupervisedTask& task;
  const TrainedNetwork<Real>& network;
  const Real* parameters;
};

// Of a parameter, in double; empty where the network has none of this name.
template <class Real>
std::vector<double> ParameterOf(const TrainedState<Real>& trained,
                                const std::string& name);

// Runs the analyses of a program's slot, in order.
template <class Real>
void RunTrainedAnalyses(const TrainedState<Real>& trained, Recorder& out);

std::vector<ComponentSpec> TrainedAnalysisSpecs();
// For the check of a program: adds faults for analyses that are not of trained
// networks, or that its network has nothing for.
void CheckTrainedAnalyses(const Component& root, Faults& faults);

}  // namespace engram
