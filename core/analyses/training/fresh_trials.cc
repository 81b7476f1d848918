#include "core/analyses/training/fresh_trials.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "core/analyses/training/driven_network.h"

namespace engram {
namespace {

int64_t LayersIn(const Component& network) {
  if (network.type != "layer_stack") return network.Integer("layers");
  int64_t count = 0;
  for (const Component& part : network.Slots("layers")) count += LayersIn(part);
  return count;
}

// The component that layer number `layer` of a network is.
const Component* FindLayer(const Component& network, int64_t& layer) {
  if (network.type != "layer_stack") {
    layer -= network.Integer("layers");
    return layer < 0 ? &network : nullptr;
  }
  for (const Component& part : network.Slots("layers")) {
    const Component* found = FindLayer(part, layer);
    if (found != nullptr) return found;
  }
  return nullptr;
}

const Component& LastLayer(const Component& network) {
  return network.type == "layer_stack"
             ? LastLayer(network.Slots("layers").back())
             : network;
}

}  // namespace

template <class Real>
void FillFreshTrials(const TrainedState<Real>& trained, int64_t samples,
                     TrainingBlock<Real>& block) {
  const BatchLength length = trained.task.Length(trained.stage, Part::kTest, 0);
  const TaskShape& shape = trained.task.shape();
  const int64_t trials = trained.task.trials(Part::kTest);
  block.part = Part::kTest;
  block.samples = block.batch_samples = samples;
  block.steps = length.steps;
  block.first_scored = length.first_scored;
  block.hold = length.hold;
  block.heads = trained.stage.heads();
  block.first_trial = kTrialsOfAnalyses;
  Resize(shape.inputs, shape.outputs, block);
  for (int64_t k = 0; k < samples; ++k) {
    const int64_t number = trials > 0 ? k % trials : kTrialsOfAnalyses + k;
    trained.task.Fill(trained.stage,
                      {.part = Part::kTest, .number = number, .sample = k},
                      ViewOfTrial(block, k));
  }
  double weight = 0;
  for (int64_t j = 0; j < block.scored_columns(); ++j) {
    weight += static_cast<double>(block.weights[j]);
  }
  block.total_weight = weight / static_cast<double>(samples);
}
template void FillFreshTrials(const TrainedState<float>&, int64_t,
                              TrainingBlock<float>&);
template void FillFreshTrials(const TrainedState<double>&, int64_t,
                              TrainingBlock<double>&);

std::vector<ParameterSpec> FreshTrialParameters() {
  return {Integer("trials", 32, 1, 10000, "that are shown"),
          Integer("layer", 0, 0, 100, "that is looked at; 0: the last one")};
}

template <class Real>
size_t LayerOf(const TrainedState<Real>& trained, const Component& analysis) {
  const auto layer = static_cast<size_t>(analysis.Integer("layer"));
  return layer == 0 ? trained.network.layers().size() - 1 : layer - 1;
}
template size_t LayerOf(const TrainedState<float>&, const Component&);
template size_t LayerOf(const TrainedState<double>&, const Component&);

std::string TypeOfLayer(const Component& analysis, const Component& root) {
  const Component& network = root.Slot("network");
  if (analysis.Integer("layer") == 0) return LastLayer(network).type;
  int64_t layer = analysis.Integer("layer") - 1;
  return FindLayer(network, layer)->type;
}

std::string RefuseLayer(const Component& analysis, const Component& root) {
  const int64_t layers = LayersIn(root.Slot("network"));
  if (analysis.Integer("layer") <= layers) return "";
  return absl::StrCat("layer = ", analysis.Integer("layer"),
                      ", and the network has ", layers,
                      "; take one of them, or 0 for the last");
}

}  // namespace engram
