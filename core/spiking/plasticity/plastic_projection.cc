#include "core/spiking/plasticity/plastic_projection.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "core/base/contract.h"
#include "core/programs/state_array.h"
#include "core/rules/catalog.h"
#include "core/spec/nearest_name.h"
#include "core/spiking/plasticity/rule_projection.h"
#include "core/spiking/plasticity/voltage_projection.h"

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
          "stdp_voltage",
          "vogels"};
}

}  // namespace

template <class Real>
std::unique_ptr<PlasticProjection<Real>> MakePlasticProjection(
    const ProjectionPiece& piece, InputRing<Real>& ring, int64_t stretch,
    const Real* potentials, Parallel& parallel) {
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
  if (type == "stdp_voltage") {
    return std::make_unique<VoltageProjection<Real>>(piece, ring, potentials,
                                                     parallel);
  }
  ENGRAM_EXPECT(IsTriplet(type));
  return std::make_unique<RuleProjection<TripletKernel<Real>>>(
      piece, ring, stretch, parallel);
}

template std::unique_ptr<PlasticProjection<float>> MakePlasticProjection(
    const ProjectionPiece&, InputRing<float>&, int64_t, const float*,
    Parallel&);
template std::unique_ptr<PlasticProjection<double>> MakePlasticProjection(
    const ProjectionPiece&, InputRing<double>&, int64_t, const double*,
    Parallel&);

std::vector<std::string> ArraysOfPlasticProjection(const Component& synapses,
                                                   int shards) {
  const Component& rule = synapses.Slot("rule");
  const bool is_traced = rule.Find("eligibility") != nullptr;
  const bool reads_potentials = ReadsPotentials(rule);
  std::vector<std::string> arrays;
  for (int s = 0; s < shards; ++s) {
    const auto add = [&](const char* name) {
      arrays.push_back(absl::StrCat(s, ".", name));
    };
    add("weights");
    if (reads_potentials) {
      add("u_minus");
      add("u_plus");
    } else {
      add("post_spikes");
    }
    if (is_traced) add("eligibility");
    if (is_traced && reads_potentials) add("eligibility_step");
  }
  for (const char* name :
       {"pre_states", "pre_spikes", "pre_steps", "first_step"}) {
    arrays.push_back(name);
  }
  if (reads_potentials) {
    arrays.push_back("trace_pre");
  } else {
    arrays.push_back("horizon");
    arrays.push_back("is_full");
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

RuleShape RuleShapeOf(const ProjectionPiece& piece) {
  return {.n_post = piece.to.units(),
          .n_pre = piece.from.units(),
          .dt = piece.dt,
          .is_recurrent = false,
          .synapses = 0};
}

template <class Real>
void PlasticProjection<Real>::VisitSynapses(absl::string_view prefix,
                                            StateVisitor& v) const {
  const auto view = [&](const char* name, const char* unit, auto zero,
                        auto value_of) {
    using T = decltype(zero);
    v.View(absl::StrCat(prefix, ".", name), ElementTypeOf<T>(),
           ArrayOrder::kColumnMajor, {synapses()}, unit,
           [this, value_of](std::span<std::byte> out) {
             T* next = reinterpret_cast<T*>(out.data());
             ForSynapses(end_step(), [&](int32_t pre, int32_t post,
                                         int64_t delay, Real weight) {
               *next++ = static_cast<T>(value_of(pre, post, delay, weight));
             });
           });
  };
  view("synapse_pre", "1", int32_t{0},
       [](auto pre, auto, auto, auto) { return pre; });
  view("synapse_post", "1", int32_t{0},
       [](auto, auto post, auto, auto) { return post; });
  view("synapse_delay", "1", int32_t{0},
       [](auto, auto, auto delay, auto) { return delay; });
  view("synapse_weight", "1", Real{0},
       [](auto, auto, auto, auto weight) { return weight; });
}

template class PlasticProjection<float>;
template class PlasticProjection<double>;

std::string FaultOfPlasticity(const Component& synapses) {
  const Component& rule = synapses.Slot("rule");
  const std::vector<std::string> supported = Supported();
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
  if (ReadsPotentials(rule) && synapses.Text("delay_of") == "dendrite") {
    return absl::StrCat(rule.type,
                        " reads the potential of its unit at once, which a "
                        "dendrite would delay; wanted delay_of: axon");
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
