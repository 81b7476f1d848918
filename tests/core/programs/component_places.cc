#include "tests/core/programs/component_places.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "tests/support/experiment_tree.h"
#include "tests/support/small_files.h"

namespace engram {
namespace {

const std::vector<std::string>& SmallPrograms() {
  static const std::string training =
      "{type: supervised_training, batch: 2, epochs: 1, updates: 1, "
      "test_batches: 1, ";
  static const std::vector<std::string> programs = {
      "{type: sequence_learning, repetitions: 1, network: {type: rate_rnn, "
      "units: 8}, task: {type: item_sequence, items: 2, units_per_item: 3, "
      "item_duration: 4 ms, silence: 2 ms, cue_duration: 2 ms, "
      "recall_duration: 8 ms}, rule: {type: hebbian}, "
      "analyses: [{type: recall}]}",
      training +
          "network: {type: leaky_rnn, units: 3}, task: {type: n_parity, "
          "largest_n: 4}, curriculum: {type: multi_head, heads: 2}}",
      training +
          "network: {type: leaky_rnn, units: 3}, task: {type: copy, symbols: "
          "2, items: 2}}",
      training +
          "network: {type: leaky_rnn, units: 3}, task: {type: adding, steps: "
          "5}}",
      training +
          "network: {type: lstm, units: 3}, task: {type: copy, symbols: 2, "
          "items: 2}}",
      training +
          "network: {type: recurrent_lif, units: 4, inhibitory_units: 0.25}, "
          "task: {type: ei_selectivity}}",
      training +
          "network: {type: feedforward_lif, units: 1}, readout: {type: "
          "spike_train_readout}, task: {type: target_spikes, inputs: 4}, "
          "learner: {type: superspike}, loss: [{type: van_rossum}]}",
      training +
          "network: {type: feedforward_lif, units: 1, inhibitory_inputs: 0.5}, "
          "task: {type: ei_selectivity}}",
      training +
          "network: {type: feedforward_lif, units: 2}, readout: {type: "
          "spike_count_readout}, task: {type: random_patterns}}",
      "{type: dynamics_analysis, system: {type: rate_populations, coupling: "
      "[[1, -1], [1, 0]]}, analyses: [{type: fixed_points, starts: 3}]}",
      "{type: plasticity_protocol, settle: 10 ms, protocol: {type: pairings, "
      "count: 2, deltas: [-5, 5]}, rule: {type: stdp_pair}}",
      "{type: spiking_network, duration: 3 ms, dt: 0.1 ms, populations: "
      "[{type: izhikevich, name: exc, units: 5}, {type: "
      "lif_current_exponential, name: inh, units: 5}], projections: [{type: "
      "synapses, name: ei, from: exc, to: inh, weight: 1, connectivity: "
      "{type: fixed_probability, p: 0.5}}, {type: synapses, name: ee, from: "
      "exc, to: exc, weight: 1, modulator: dopamine, connectivity: {type: "
      "fixed_probability, p: 0.5}, rule: {type: stdp_pair, eligibility: "
      "{type: eligibility_trace}}}], stimuli: [{type: noisy_current, name: "
      "noise, to: exc}], modulators: [{type: pulsed_modulator, name: "
      "dopamine, times: [1, 2]}]}",
  };
  return programs;
}

// What is written for a type of which the type alone is no valid component
// there; beside it stands what must change around it.
struct Written {
  std::string text;
  std::vector<std::pair<std::string, std::string>> around = {};
};

const std::map<std::string, Written>& WrittenOf() {
  static const std::map<std::string, Written> written = {
      {"mnist", {SmallMnist()}},
      {"text_corpus",
       {SmallCorpus(),
        {{"experiment.batch", "5"},
         {"experiment.network", "{type: lstm, units: 3}"}}}},
      {"grammar",
       {"{type: grammar, streams: 2, steps: 4, training_words: 100, "
        "test_words: 100}"}},
      {"embedding",
       {"{type: embedding, units: 3}",
        {{"experiment.batch", "5"}, {"experiment.task", SmallCorpus()}}}},
      {"activity_modulator", {"{type: activity_modulator, of: exc}"}},
      {"choice", {"{type: choice, of: [1, 2]}"}},
      {"current_pieces", {"{type: current_pieces, to: exc}"}},
      {"explicit_list", {"{type: explicit_list, pre: [0, 1], post: [1, 2]}"}},
      {"group", {"{type: group, name: both, of: [exc, inh]}"}},
      {"initial_weights",
       {"{type: initial_weights, distribution: {type: normal}}"}},
      {"item_mean_field", {"{type: item_mean_field, block_means: means}"}},
      {"layer_stack",
       {"{type: layer_stack, layers: [{type: leaky_rnn, units: 3}, {type: "
        "feed_forward, units: 2}]}"}},
      {"patterned_current",
       {"{type: patterned_current, to: exc, values: [1, 2, 3, 4, 5]}"}},
      {"poisson_input", {"{type: poisson_input, to: inh}"}},
      {"potjans_diesmann",
       {"{type: potjans_diesmann, neurons: 0.002, in_degrees: 0.01}"}},
      {"presynaptic_signs", {"{type: presynaptic_signs, excitatory: 2}"}},
      {"rate_pattern_generator",
       {"{type: rate_pattern_generator, units: 2, patterns: [[5, 10], [10, "
        "5]]}"}},
      {"spike_times_generator",
       {"{type: spike_times_generator, times: [1, 2]}"}},
      {"similarity",
       {"{type: similarity, others: [weights]}",
        {{"experiment.system",
          "{type: stored_network, weights: weights, network: {type: "
          "rate_rnn, units: 8}}"}}}},
      {"step_current",
       {"{type: step_current, to: exc, times: [1], values: "
        "[1]}"}},
      {"stored_network",
       {"{type: stored_network, weights: weights, network: {type: rate_rnn, "
        "units: 8}}"}},
      {"trained_network",
       {"{type: trained_network, state: state, network: {type: leaky_rnn, "
        "units: 3}}"}},
      {"weights", {"{type: weights, of: {projection: ee, pre: 0}}"}},
      {"stored_parameters", {"{type: stored_parameters, state: state}"}},
      {"count_autocorrelation",
       {"{type: count_autocorrelation, bin: 0.1 ms, lags: 20, "
        "fit_from: 0.1 ms}"}},
      {"sliding_heads", {"{type: sliding_heads, heads: 2}"}},
      {"performance_gated", {"{type: performance_gated, end: 4}"}},
      {"coded_sequences",
       {"{type: coded_sequences, items: 2, units_per_item: 3, item_duration: "
        "4 ms, silence: 2 ms, cue_duration: 2 ms, recall_duration: 8 ms}"}},
      {"rate_courses",
       {"{type: rate_courses}", {{"experiment.rule", "{type: hebbian}"}}}},
      {"steady_rates",
       {"{type: steady_rates}", {{"experiment.rule", "{type: hebbian}"}}}},
  };
  return written;
}

YamlNode Parsed(const std::string& yaml) {
  Faults faults;
  YamlNode node = ParseYaml(yaml, faults);
  for (const Fault& fault : faults) ADD_FAILURE() << fault.Format(yaml);
  return node;
}

class Search {
 public:
  explicit Search(ComponentPlaces& places) : places_(places) {}

  void Visit(const YamlNode& tree, const std::string& path) {
    YamlNode copy = tree;
    const ComponentSpec* spec =
        BuiltinCatalog().Find(NodeAt(copy, path)->Find("type")->text);
    const bool is_new =
        places_.found.emplace(spec->type, ComponentPlace{tree, path, spec})
            .second;
    if (!is_new && path != "experiment") return;
    places_.missing.erase(spec->type);
    for (const SlotSpec& slot : spec->slots) VisitSlot(copy, path, slot);
  }

 private:
  // What stands in it, and then all that could.
  void VisitSlot(YamlNode& tree, const std::string& path,
                 const SlotSpec& slot) {
    const std::string at = absl::StrCat(path, ".", slot.name);
    const YamlNode* held = NodeAt(tree, at);
    if (held != nullptr && slot.many) {
      for (size_t i = 0; i < held->items.size(); ++i) {
        Visit(tree, absl::StrCat(at, ".", ItemSegment(held->items[i], i)));
      }
    } else if (held != nullptr) {
      Visit(tree, at);
    }
    for (const ComponentSpec* type : BuiltinCatalog().OfKind(slot.kind)) {
      if (!places_.found.contains(type->type)) Try(tree, path, slot, *type);
    }
  }

  void Try(const YamlNode& tree, const std::string& path, const SlotSpec& slot,
           const ComponentSpec& type) {
    const auto known = WrittenOf().find(type.type);
    const Written written = known != WrittenOf().end()
                                ? known->second
                                : Written{"{type: " + type.type + "}"};
    YamlNode changed = tree;
    for (const auto& [where, what] : written.around) {
      const size_t dot = where.rfind('.');
      NodeAt(changed, where.substr(0, dot))
          ->Set(where.substr(dot + 1), Parsed(what), 0);
    }
    const std::string at =
        Put(Parsed(written.text), slot, path, *NodeAt(changed, path));
    Faults faults;
    ReadWritten(changed, faults);
    if (faults.empty()) return Visit(changed, at);
    places_.missing[type.type] = faults[0].path + ": " + faults[0].message;
  }

  // Its path.
  static std::string Put(YamlNode node, const SlotSpec& slot,
                         const std::string& path, YamlNode& parent) {
    const std::string at = absl::StrCat(path, ".", slot.name);
    if (!slot.many) {
      parent.Set(slot.name, std::move(node), 0);
      return at;
    }
    YamlNode* list = parent.Find(slot.name);
    if (list == nullptr) list = &parent.Set(slot.name, Parsed("[]"), 0);
    if (node.Find("name") == nullptr) {
      node.Set("name", YamlNode::Scalar("tried", 0), 0);
    }
    list->items.push_back(std::move(node));
    return absl::StrCat(at, ".", list->items.back().Find("name")->text);
  }

  ComponentPlaces& places_;
};

}  // namespace

YamlNode* NodeAt(YamlNode& tree, const std::string& path) {
  YamlNode* node = &tree;
  const std::vector<std::string> segments = absl::StrSplit(path, '.');
  for (size_t i = 1; i < segments.size() && node != nullptr; ++i) {
    YamlNode* next = node->Find(segments[i]);
    for (size_t k = 0; node->IsList() && k < node->items.size(); ++k) {
      if (ItemSegment(node->items[k], k) == segments[i]) next = &node->items[k];
    }
    node = next;
  }
  return node;
}

Component ReadWritten(const YamlNode& tree, Faults& faults) {
  static const NamesAreDigests resolver;
  ReadContext context{BuiltinCatalog(), resolver, faults};
  Component read =
      ReadComponent(tree, Kind::kProgram, "", "experiment", context);
  if (faults.empty()) {
    CloseUnits(read, BuiltinCatalog(), faults, context.receptor_units);
  }
  if (faults.empty()) CrossCheck(read, BuiltinCatalog(), faults);
  return read;
}

ComponentPlaces FindComponentPlaces() {
  ComponentPlaces places;
  for (const std::string& program : SmallPrograms()) {
    const YamlNode tree = Parsed(program);
    Faults faults;
    ReadWritten(tree, faults);
    for (const Fault& fault : faults) ADD_FAILURE() << fault.Format(program);
    if (faults.empty()) Search(places).Visit(tree, "experiment");
  }
  return places;
}

}  // namespace engram
