#pragma once

#include <memory>
#include <random>
#include <string>
#include <vector>

#include "core/learners/learner.h"
#include "core/training/catalog.h"
#include "core/training/trained_network.h"
#include "core/training/trainer.h"
#include "tests/support/experiment_tree.h"

namespace engram {

// A network of `yaml`, with parameters, one block of random samples and a loss,
// so small that every derivative can be taken by differences.
template <class Real>
struct SmallNetwork {
  SmallNetwork(const std::string& yaml, bool has_classes, int64_t samples,
               int64_t steps, int64_t first_scored, int64_t heads = 2,
               const std::string& penalty = "")
      : component(Tree(yaml, Kind::kTrainedNetwork, "network")),
        network(component, {3, has_classes ? 3 : 2, heads}, 1) {
    std::mt19937 random(7);
    const auto draw = [&](double size) {
      return static_cast<Real>(
          size * (static_cast<double>(random()) / 2147483648.0 - 1.0));
    };
    parameters = Array<Real>(network.layout().size());
    for (const ParameterMatrix& matrix : network.layout().matrices()) {
      const bool is_uniform = matrix.low != -matrix.high;
      for (int64_t i = 0; i < matrix.size(); ++i) {
        parameters[matrix.offset + i] =
            is_uniform ? static_cast<Real>(matrix.low +
                                           (matrix.high - matrix.low) * 0.5) +
                             draw(0.5 * (matrix.high - matrix.low))
                       : draw(0.6);
      }
    }
    block.samples = samples;
    block.steps = steps;
    block.hold = component.Has("continuous") ? 3 : 1;
    block.first_scored = first_scored;
    block.heads = has_classes ? heads : 1;
    block.batch_samples = samples;
    Resize(3, has_classes ? 3 : 2, block);
    for (Real& x : block.inputs.span()) x = draw(1);
    for (Real& x : block.targets.span()) x = draw(1);
    for (int32_t& x : block.labels.span()) {
      x = static_cast<int32_t>(random() % 3);
    }
    for (int64_t j = 0; j < block.scored_columns(); ++j) {
      block.weights[j] = static_cast<Real>(j == 0 ? 1 : random() % 3);
      block.total_weight += static_cast<double>(block.weights[j]);
    }
    loss.push_back(MakeLossTerm<Real>(
        Tree(has_classes ? "{type: cross_entropy, weight: 1.5}"
                         : "{type: mean_squared_error}",
             Kind::kLoss, "loss")));
    if (!penalty.empty()) {
      loss.push_back(MakeLossTerm<Real>(Tree(penalty, Kind::kLoss, "loss")));
    }
  }

  void Begin() {
    network.Resize(block, pass);
    network.DrawState(block, pass);
  }
  double LossNow() {
    Begin();
    return ForwardLoss(network, loss, parameters.data(), block, pass);
  }
  Array<Real> Gradient() {
    Begin();
    Array<Real> gradient(network.layout().size());
    MakeLearner<Real>(Tree("{type: bptt}", Kind::kLearner, "learner"))
        ->Learn(network, loss, parameters.data(), block, pass, gradient.data());
    return gradient;
  }

  Component component;
  TrainedNetwork<Real> network;
  Array<Real> parameters;
  TrainingBlock<Real> block;
  NetworkPass<Real> pass;
  Loss<Real> loss;
};

}  // namespace engram
