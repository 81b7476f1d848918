#include "core/spiking/plasticity/plastic_projection.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "core/base/contract.h"
#include "core/rules/catalog.h"
#include "core/spec/nearest_name.h"
#include "core/spiking/plasticity/rule_projection.h"

namespace engram {
namespace {

bool IsTriplet(const std::string& type) {
  return type.starts_with("stdp_triplet");
}

std::vector<std::string> Supported() {
  return {"stdp_pair",
          "stdp_power_law",
          "stdp_triplet",
          "stdp_triplet_hippocampus",
          "stdp_triplet_hippocampus_minimal",
          "stdp_triplet_minimal",
          "vogels"};
}

}  // namespace

template <class Real>
std::unique_ptr<PlasticProjection<Real>> MakePlasticProjection(
    const ProjectionPiece& piece, InputRing<Real>& ring, int64_t stretch,
    Parallel& parallel) {
  const std::string& type = piece.plan->component->Slot("rule").type;
  if (type == "stdp_pair") {
    return std::make_unique<RuleProjection<PairKernel<Real>>>(
        piece, ring, stretch, parallel);
  }
  if (type == "stdp_power_law") {
    return std::make_unique<RuleProjection<PowerLawKernel<Real>>>(
        piece, ring, stretch, parallel);
  }
  if (type == "vogels") {
    return std::make_unique<RuleProjection<VogelsKernel<Real>>>(
        piece, ring, stretch, parallel);
  }
  ENGRAM_EXPECT(IsTriplet(type));
  return std::make_unique<RuleProjection<TripletKernel<Real>>>(
      piece, ring, stretch, parallel);
}

template std::unique_ptr<PlasticProjection<float>> MakePlasticProjection(
    const ProjectionPiece&, InputRing<float>&, int64_t, Parallel&);
template std::unique_ptr<PlasticProjection<double>> MakePlasticProjection(
    const ProjectionPiece&, InputRing<double>&, int64_t, Parallel&);

std::vector<std::string> ArraysOfPlasticProjection(const Component& synapses,
                                                   int shards) {
  const bool is_traced = synapses.Slot("rule").Find("eligibility") != nullptr;
  std::vector<std::string> arrays;
  for (int s = 0; s < shards; ++s) {
    arrays.push_back(absl::StrCat(s, ".weights"));
    arrays.push_back(absl::StrCat(s, ".post_spikes"));
    if (is_traced) arrays.push_back(absl::StrCat(s, ".eligibility"));
  }
  for (const char* name : {"pre_states", "pre_spikes", "pre_steps",
                           "first_step", "horizon", "is_full"}) {
    arrays.push_back(name);
  }
  if (is_traced) {
    arrays.push_back("clock");
    arrays.push_back("modulator");
  }
  for (const char* name :
       {"synapse_pre", "synapse_post", "synapse_delay", "synapse_weight"}) {
    arrays.push_back(name);
  }
  return arrays;
}

std::string FaultOfPlasticity(const Component& synapses) {
  const Component& rule = synapses.Slot("rule");
  const std::vector<std::string> supported = Supported();
  if (ReadsPotentials(rule)) {
    return absl::StrCat(
        rule.type,
        " reads potentials at every step, and synapses that are looked at when "
        "a spike comes along them do not see these; wanted ",
        ListNames(supported), ", or `plasticity_protocol` for one synapse");
  }
  if (std::ranges::find(supported, rule.type) == supported.end()) {
    return absl::StrCat(rule.type,
                        " does not change weights at spikes; wanted ",
                        ListNames(supported));
  }
  if (!rule.Slots("homeostasis").empty()) {
    return absl::StrCat(
        rule.Slots("homeostasis").front().type,
        " needs all weights of a unit at every step, which synapses that are "
        "changed at spikes do not have; leave it out, or let `vogels` on "
        "inhibitory synapses balance the unit");
  }
  const bool is_traced = rule.Find("eligibility") != nullptr;
  if (is_traced != synapses.Has("modulator")) {
    return is_traced ? "an eligibility trace changes no weight without a "
                       "modulator; name one of the network's modulators"
                     : "a modulator acts through the rule's eligibility trace; "
                       "give the rule an eligibility: {type: "
                       "eligibility_trace}";
  }
  return "";
}

}  // namespace engram
