#pragma once

#include <functional>
#include <map>
#include <string>
#include <utility>

#include "core/base/contract.h"
#include "tests/core/programs/small_tree.h"

namespace engram {

// A tree of every program, so small that a run takes milliseconds, and one so
// wide that a step is cut into several blocks and threads matter. A program
// that joins the catalog joins here, and with it the tests of same bits and of
// resuming.
struct ProgramTrees {
  std::function<Component()> small, wide;
};

inline Component WithParameter(const std::string& name, Value value,
                               Component tree) {
  tree.parameters.at(name) = std::move(value);
  return tree;
}

inline const std::map<std::string, ProgramTrees>& TreesByProgram() {
  static const std::map<std::string, ProgramTrees> trees = {
      {"attractor_recall",
       {[] {
          return Tree(
              "{type: attractor_recall, patterns: 6, flips: 0.1, steps: 8, "
              "rule_steps: 5, rule: {type: anti_hebbian, eta: 1e-3}, "
              "network: {type: binary_network, units: 40, "
              "update: asynchronous, temperature: 0.1}}");
        },
        [] {
          return Tree(
              "{type: attractor_recall, storage: sequence, patterns: 30, "
              "cues: 3, steps: 10, "
              "network: {type: binary_network, units: 1200, in_degree: 90, "
              "temperature: 0.2}}");
        }}},
      {"capacity_scan",
       {[] {
          return Tree(
              "{type: capacity_scan, patterns: [3, 5, 9], cues: 3, "
              "flips: 0.2, steps: 4, network: {type: binary_network, "
              "units: 30, update: asynchronous}}");
        },
        [] {
          return Tree(
              "{type: capacity_scan, storage: sequence, patterns: [20, 90], "
              "steps: 5, network: {type: binary_network, units: 400, "
              "temperature: 0.1}}");
        }}},
      {"chain_formation",
       {[] {
          return Tree(
              "{type: chain_formation, steps: 450, network: {type: "
              "chain_network, units: 12}, rule: {type: stdp_rate, eta: 0.125, "
              "a_minus: 1, tau_plus: 1 ms, tau_minus: 1 ms, homeostasis: "
              "[{type: heterosynaptic_competition}], "
              "bounds: {type: hard_bounds}}}");
        },
        [] {
          return Tree(
              "{type: chain_formation, steps: 150, network: {type: "
              "chain_network, units: 300, drive: 30}, rule: {type: stdp_rate, "
              "eta: 0.125, tau_plus: 2 ms, tau_minus: 2 ms, "
              "bounds: {type: hard_bounds}}}");
        }}},
      {"dynamics_analysis",
       {[] {
          return Tree(
              "{type: dynamics_analysis, system: {type: two_items, forward: "
              "0.1}, analyses: [{type: fixed_points, starts: 20}, {type: "
              "attractors, starts: 10, sigma: 0.5, walk: 10}, {type: motifs, "
              "randomisations: 2}, {type: phase_plane, grid: 4}]}");
        },
        [] {
          return Tree(
              "{type: dynamics_analysis, system: {type: pattern_overlaps, "
              "patterns: 20, strength: 2, cycle: true}, analyses: "
              "[{type: fixed_points, starts: 20, longest: 1}]}");
        }}},
      {"pattern_recall",
       {[] {
          return Tree(
              "{type: pattern_recall, duration: 10 ms, network: {type: "
              "pattern_network, units: 50, patterns: 4, in_degree: 10, "
              "sigma: 0.1}}");
        },
        [] {
          return Tree(
              "{type: pattern_recall, duration: 5 ms, network: {type: "
              "pattern_network, units: 20000, patterns: 8, sigma: 0.1}}");
        }}},
      {"plasticity_protocol",
       {[] {
          return Tree(
              "{type: plasticity_protocol, protocol: {type: poisson_trains, "
              "post_rates: [5, 20], duration: 6 s, synapses: 2}, rule: {type: "
              "stdp_rate, eligibility: {type: eligibility_trace}}}");
        },
        [] {
          return Tree(
              "{type: plasticity_protocol, settle: 0, protocol: {type: "
              "poisson_trains, duration: 2 ms, synapses: 9000}, rule: {type: "
              "stdp_rate}}");
        }}},
      {"sequence_learning",
       {[] { return WithParameter("repetitions", 20, SmallTree()); },
        [] {
          return Tree(
              "{type: sequence_learning, repetitions: 3, "
              "rule: {type: stdp_rate}, "
              "network: {type: rate_rnn, units: 320, sigma: 0.1}, "
              "task: {type: item_sequence, items: 3, item_duration: 15 ms, "
              "silence: 10 ms, recall_duration: 60 ms}, "
              "analyses: [{type: weight_structure}, {type: recall}]}");
        }}},
      {"solution_comparison",
       {[] { return SmallComparison(30); },
        [] { return SmallComparison(320); }}},
      {"spikes_against_rates",
       {[] {
          return Tree(
              "{type: spikes_against_rates, repetitions: 20, units: 20, dt: 1 "
              "ms, task: {type: item_sequence, items: 4, units_per_item: 5, "
              "item_duration: 10 ms, silence: 20 ms}}");
        },
        [] {
          return Tree(
              "{type: spikes_against_rates, repetitions: 3, units: 320, dt: 1 "
              "ms, task: {type: item_sequence, items: 4, item_duration: 10 ms, "
              "silence: 10 ms}}");
        }}},
      {"spiking_network",
       {[] {
          return Tree(
              "{type: spiking_network, dt: 0.5 ms, duration: 1500 ms, "
              "populations: [{type: izhikevich, name: exc, units: 40}, "
              "{type: lif_current_exponential, name: inh, units: 20, "
              "c_m: 20, e_l: -49}], "
              "groups: [{type: group, name: both, of: [exc, \"inh[3:20]\"]}], "
              "projections: [{type: synapses, from: exc, to: both, "
              "connectivity: {type: fixed_probability, p: 0.3}, "
              "weights: {type: uniform, high: 3}, "
              "delays: {type: normal, mean: 3, low: 1, high: 9}}, "
              "{type: synapses, from: inh, to: exc, weight: -2, "
              "short_term: {type: tsodyks_markram}, "
              "connectivity: {type: all_to_all}}, "
              "{type: synapses, from: exc, to: both, weight: 1, "
              "connectivity: {type: fixed_probability, p: 0.2}, "
              "delays: {type: uniform, low: 1.5, high: 4}, rule: {type: "
              "stdp_triplet, bounds: {type: hard_bounds, w_max: 2}}}, "
              "{type: synapses, from: exc, to: exc, weight: 1, delay: 5 ms, "
              "connectivity: {type: fixed_probability, p: 0.2}, "
              "delay_of: dendrite, modulator: dopamine, rule: {type: "
              "stdp_pair, a_plus: 0.2, eligibility: {type: "
              "eligibility_trace, tau: 15}}}], "
              "analyses: [{type: firing}, {type: rhythm}, {type: "
              "potential_synchrony, of: exc}], "
              "modulators: [{type: pulsed_modulator, name: dopamine, "
              "times: [200, 700], size: 0.01}], "
              "stimuli: [{type: noisy_current, to: exc, sd: 5}, "
              "{type: poisson_input, to: \"inh[2:9]\", rate: 300, "
              "weight: 2}]}");
        },
        [] {
          return Tree(
              "{type: spiking_network, precision: single, duration: 12 ms, "
              "populations: [{type: lif_current_exponential, name: exc, "
              "units: 5000, c_m: 20, e_l: -49, initial_v: {type: uniform, "
              "low: -60, high: -50}}, {type: lif_current_exponential, name: "
              "inh, units: 500, c_m: 20, e_l: -49, initial_v: {type: uniform, "
              "low: -60, high: -50}}], projections: [{type: synapses, from: "
              "exc, "
              "to: all, weight: 1.62, delays: {type: uniform, low: 0.3, "
              "high: 2}, connectivity: {type: fixed_probability, p: 0.005}}, "
              "{type: synapses, from: inh, to: all, weight: -9, delay: 0.8 "
              "ms, receptor: inhibitory, "
              "connectivity: {type: fixed_probability, p: 0.02}}]}");
        }}},
      {"supervised_training",
       {[] {
          return Tree(
              "{type: supervised_training, precision: double, batch: 5, "
              "epochs: 3, updates: 4, test_batches: 2, gradient_clip: 1, "
              "alignment_every: 3, learner: {type: truncated_bptt, window: 5, "
              "every: 2}, "
              "task: {type: n_parity}, network: {type: leaky_rnn, units: 7, "
              "layers: 2}, curriculum: {type: multi_head, heads: 3, "
              "threshold: 0.1}, loss: [{type: cross_entropy}, {type: "
              "rate_penalty}], constraints: [{type: zero_diagonal, of: "
              "layer_1.recurrent_weights}], analyses: [{type: time_constants, "
              "of: layer_2.tau}]}");
        },
        [] {
          return Tree(
              "{type: supervised_training, batch: 100, epochs: 1, updates: 5, "
              "test_batches: 2, task: {type: delayed_recall, delay: 20}, "
              "learner: {type: bptt, recompute_every: 16}, alignment_every: "
              "2, "
              "network: {type: layer_stack, layers: [{type: lstm, units: 40}, "
              "{type: gru, units: 33}, {type: recurrent_lif, units: 40, "
              "inhibitory_units: 0.2, kappa: 10}]}, readout: {type: "
              "leaky_readout}, loss: [{type: cross_entropy}, {type: "
              "spike_count_l2}]}");
        }}},
  };
  return trees;
}

inline const ProgramTrees& TreesOf(const std::string& program) {
  const auto found = TreesByProgram().find(program);
  EXPECT_NE(found, TreesByProgram().end())
      << "give " << program << " its trees in program_trees.h";
  ENGRAM_EXPECT(found != TreesByProgram().end());
  return found->second;
}

// A preset's tree with less to do than it has: its components are what counts
// in these tests, not how well they learn.
inline Component Shortened(Component tree) {
  const auto set = [&](Component& of, const char* name, Value value) {
    const auto found = of.parameters.find(name);
    if (found != of.parameters.end()) found->second = std::move(value);
  };
  set(tree, "repetitions", 5);
  for (auto& [slot, held] : tree.slots) {
    for (Component& child : held) {
      if (slot == "solutions") set(child, "repetitions", 2);
      if (slot == "analyses") set(child, "starts", 10);
      if (slot != "groups") continue;
      for (const char* name : {"neurons", "in_degrees"}) set(child, name, 0.02);
    }
    if (slot != "protocol") continue;
    for (const char* name : {"count", "pairs", "repeats", "synapses"}) {
      set(held.front(), name, 2);
    }
  }
  if (tree.type == "supervised_training") {
    set(tree, "epochs", 2);
    set(tree, "updates", 3);
    set(tree, "test_batches", 2);
    for (Component& analysis : tree.slots["analyses"]) {
      set(analysis, "steps", 60);
      set(analysis, "burn_in", 10);
      set(analysis, "repeats", 2);
      set(analysis, "strengths", 2);
      if (analysis.type == "ablation") set(analysis, "count", 1);
      if (analysis.type == "retraining") set(analysis, "count", 1);
    }
    set(tree.slots.at("task").front(), "training_words", 1500);
    set(tree.slots.at("task").front(), "test_words", 1500);
    set(tree.slots.at("task").front(), "training_trials", 400);
    set(tree.slots.at("task").front(), "test_trials", 400);
  }
  if (tree.type == "spiking_network" && tree.Real("duration") > 350) {
    set(tree, "duration", 350.0);
  }
  if (tree.type == "spikes_against_rates") set(tree, "dt", 5.0);
  if (tree.type == "pattern_recall") set(tree, "duration", 20.0);
  if (tree.type == "chain_formation") set(tree, "steps", 1050);
  if (tree.type == "attractor_recall") {
    set(tree, "patterns", 10);
    set(tree, "rule_steps", 5);
    set(tree.slots.at("network").front(), "units", 100);
  }
  return tree;
}

}  // namespace engram
