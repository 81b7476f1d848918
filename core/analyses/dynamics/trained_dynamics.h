#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/analyses/dynamics/dynamics.h"
#include "core/base/array.h"
#include "core/base/mutex.h"
#include "core/spec/component.h"
#include "core/training/trained_network.h"

namespace engram {

// A trained network under a constant input as a map of its state, x -> G(x):
// one step of all its layers. The state is that of the layers, one after the
// other, each the outputs and then the memory cells. F(x) = G(x) - x, so that
// fixed points are where F is 0, and T is a step.
//
// The Jacobian is the network's own way back through one step, a row for each
// sample of a block; curvatures are central differences of it.
class TrainedDynamics final : public Dynamics {
 public:
  // `parameters`: the flat store of the network as it is made for so many
  // inputs, without what its readout has.
  TrainedDynamics(const Component& network, std::vector<double> input,
                  Array<double> parameters);

  // Of a network for so many inputs, with a readout that nobody reads.
  static TrainedNetwork<double> NetworkFor(const Component& network,
                                           int64_t inputs);

  int64_t size() const override { return network_.state_size(); }
  double time_constant() const override { return 1; }
  bool is_map() const override { return true; }
  void Evaluate(DynamicsPoint& p) const override;
  void Linearise(DynamicsPoint& p, Array<double>& jacobian) const override;
  void AddCurvature(DynamicsPoint& p, std::span<const double> v,
                    Array<double>& h) const override;

 private:
  // Some units of the state: outputs or cells of a layer.
  struct Stretch {
    size_t layer;
    bool is_cell;
    int64_t first, units;
  };
  // What a step needs, of one sample and of as many as the state has numbers.
  struct Scratch {
    struct Step {
      TrainingBlock<double> block;
      NetworkPass<double> pass;
      Array<double> state;
    };
    Step one, all;
    Array<double> gradient;  // of parameters, which nobody reads
    Array<double> errors;    // (n, n) dL/d state before, a column a sample
  };
  // One for each thread that is in here, made when first needed.
  class Lease;

  void Resize(int64_t samples, Scratch::Step& step) const;
  void Go(Scratch::Step& step) const;
  // Sample k's state is x with `by` added to coordinate k.
  void SpreadState(std::span<const double> x, double by,
                   Scratch::Step& step) const;
  // Sets scratch.errors from errors of the state behind, (n, samples).
  template <class ErrorOf>
  void GoBack(const ErrorOf& error_of, Scratch& scratch) const;

  std::vector<double> input_;
  Array<double> parameters_;
  TrainedNetwork<double> network_;
  std::vector<Stretch> stretches_;
  mutable Mutex mutex_;
  mutable std::vector<std::unique_ptr<Scratch>> free_ GUARDED_BY(mutex_);
};

// Why the state of a network is no point of a map; empty where it is.
std::string RefuseTrainedDynamics(const Component& network);

}  // namespace engram
