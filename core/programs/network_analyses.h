#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/analyses/spiking/golomb_chi.h"
#include "core/analyses/spiking/spike_store.h"
#include "core/programs/recorder.h"
#include "core/programs/state_visitor.h"
#include "core/spec/component.h"
#include "core/spiking/network.h"

namespace engram {

// The analyses of a network: keeps the spikes that they read, looks at
// potentials while the network runs, and writes what came out at the end. Reads
// the network itself, not what happens to be recorded.
template <class Real>
class NetworkAnalyses {
 public:
  // All of them outlive the analyses; the network's arrays stay where they are.
  NetworkAnalyses(const Component& root, const NetworkPlan& plan,
                  SpikingNetwork<Real>& network);

  // How many steps to advance before potentials are looked at, at most `most`.
  int64_t StepsToSample(int64_t most) const;
  // After each advance: takes the spikes of the steps since `from`, and the
  // potentials that are due.
  void Take(int64_t from);
  // At the end of the run.
  void Run(Recorder& out) const;

  // Names the arrays that ArraysOfAnalyses lists.
  void VisitState(StateVisitor& v);

 private:
  // An analysis of type potential_synchrony.
  struct Potentials {
    const Component* component;
    int64_t start, every;                      // [steps]
    std::vector<std::span<const Real>> parts;  // of each range of units
    std::vector<Real> sample;
    GolombChi chi;
  };

  void AddPotentials(const Component& component, const Component& root);

  const Component& root_;
  const NetworkPlan& plan_;
  SpikingNetwork<Real>& network_;
  std::vector<SpikeStore> stores_;  // of each population; none without analyses
  std::vector<Potentials> potentials_;
  std::vector<int64_t> steps_;
  std::vector<int32_t> units_;
};

std::vector<std::string> ArraysOfAnalyses(const Component& root);
// Faults of the analyses of a network whose plan is good.
void CheckAnalyses(const Component& root, const NetworkPlan& plan,
                   Faults& faults);

extern template class NetworkAnalyses<float>;
extern template class NetworkAnalyses<double>;

}  // namespace engram
