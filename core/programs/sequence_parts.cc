#include "core/programs/sequence_parts.h"

#include <cmath>

#include "core/analyses/block_structure.h"
#include "core/base/statistics.h"

namespace engram {
namespace {

ComponentSpec Part(Kind kind, std::string type, std::string summary,
                   std::string equation) {
  ComponentSpec spec;
  spec.kind = kind;
  spec.type = std::move(type);
  spec.summary = std::move(summary);
  spec.equation = std::move(equation);
  return spec;
}

ComponentSpec ClosedLoopSpec() {
  ComponentSpec spec = Part(
      Kind::kFeedback, "closed_loop",
      "what the rule wrote acts back on activity during training; give the "
      "rule bounds or a homeostatic part, or its weights may grow for ever",
      "training: W = W0 + scale dW");
  spec.parameters = {
      Real("scale", "1", 1, 0, 1e9, "weight of what the rule wrote")};
  return spec;
}

double StrongestBlockScale(double gain, const Array<double>& dw,
                           const SequenceTask& task) {
  const double largest =
      statistics::LargestMagnitude(BlockMeans(dw, task).span());
  const double size = static_cast<double>(task.units_of(0).size());
  return largest > 0 ? gain / (size * largest) : 0.0;
}

double NormScale(double gain, const Array<double>& dw,
                 const SequenceTask& task) {
  const double norm = std::sqrt(statistics::SumOfSquares(dw.span()));
  if (norm == 0) return 0;
  return gain * std::sqrt(static_cast<double>(task.items())) / norm;
}

}  // namespace

std::vector<ComponentSpec> SequencePartSpecs() {
  return {
      Part(Kind::kGainMatching, "match_strongest_block",
           "the strongest learned block drives an item by gain",
           "W = W0 + gain / (S max|B|) dW"),
      Part(Kind::kGainMatching, "match_norm",
           "learned weights have the norm of one block of gain an item",
           "W = W0 + gain sqrt(K) / |dW| dW"),
      Part(Kind::kGainMatching, "no_matching",
           "learned weights as the rule left them, times gain",
           "W = W0 + gain dW"),
      Part(Kind::kFeedback, "open_loop",
           "training runs on the initial weights alone, so that a rule does "
           "not see what it wrote",
           "training: W = W0"),
      ClosedLoopSpec()};
}

double RecallScale(const Component* part, double gain, const Array<double>& dw,
                   const SequenceTask& task) {
  if (part == nullptr || part->type == "match_strongest_block") {
    return StrongestBlockScale(gain, dw, task);
  }
  return part->type == "match_norm" ? NormScale(gain, dw, task) : gain;
}

double FeedbackScale(const Component* part) {
  if (part == nullptr || part->type == "open_loop") return 0;
  return part->Real("scale");
}

}  // namespace engram
