#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/analyses/sequence_analysis.h"
#include "core/base/parallel.h"
#include "core/programs/recorder.h"
#include "core/programs/state_visitor.h"
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
  const Stage& stage;  // what was asked last
  int64_t passed = 0;  // largest n of a stage that was passed
  uint64_t seed = 0;
  Parallel& parallel;
};

// Of a parameter, in double; empty where the network has none of this name.
template <class Real>
std::vector<double> ParameterOf(const TrainedState<Real>& trained,
                                const std::string& name);

// A function of a trained network, in parts that take about a second at most,
// so that a run can be stopped and saved between them.
template <class Real>
class TrainedAnalysis {
 public:
  virtual ~TrainedAnalysis() = default;
  // Parts come in order, from 0.
  virtual void RunPart(const TrainedState<Real>&, int64_t) {}
  // After the last part.
  virtual void Finish(const TrainedState<Real>& trained,
                      AnalysisOutput& out) = 0;
  // What parts leave for later ones, under the names of the row's `state`.
  virtual void VisitState(const std::string&, StateVisitor&) {}
};

// What an analysis is made for.
struct TrainedSubject {
  const Component& analysis;
  const Component& root;   // of its program
  int64_t units = 0;       // of the last layer
  int64_t state_size = 0;  // numbers of a sample's state
  int64_t parameters = 0;  // numbers of the flat store
  uint64_t seed = 0;
  Parallel& parallel;
};

// Steps of one sample that an analysis lets the network run, and back.
struct TrainedWork {
  double columns = 0;
  double bytes = 0;  // kept between parts and reported
};

// An analysis' row of the catalog.
struct TrainedAnalysisRow {
  ComponentSpec spec;
  // Why a program has nothing for it; empty where it has.
  std::string (*refusal)(const Component& analysis,
                         const Component& root) = nullptr;
  std::unique_ptr<TrainedAnalysis<float>> (*make_single)(
      const TrainedSubject& subject) = nullptr;
  std::unique_ptr<TrainedAnalysis<double>> (*make_double)(
      const TrainedSubject& subject) = nullptr;
  int64_t (*parts)(const Component& analysis, const Component& root) = nullptr;
  TrainedWork (*work)(const Component& analysis,
                      const Component& root) = nullptr;
  // Names of the arrays of VisitState.
  std::vector<std::string> (*state)(const Component& analysis,
                                    const Component& root) = nullptr;
};

template <template <class> class A>
TrainedAnalysisRow RowOfTrainedAnalysis(ComponentSpec spec) {
  spec.kind = Kind::kTrainedAnalysis;
  return {
      .spec = std::move(spec),
      .refusal = [](const Component&, const Component&) -> std::string {
        return "";
      },
      .make_single = [](const TrainedSubject& subject)
          -> std::unique_ptr<TrainedAnalysis<float>> {
        return std::make_unique<A<float>>(subject);
      },
      .make_double = [](const TrainedSubject& subject)
          -> std::unique_ptr<TrainedAnalysis<double>> {
        return std::make_unique<A<double>>(subject);
      },
      .parts = [](const Component&, const Component&) { return int64_t{1}; },
      .work = [](const Component&, const Component&) { return TrainedWork{}; },
      .state = [](const Component&,
                  const Component&) { return std::vector<std::string>(); }};
}

}  // namespace engram
