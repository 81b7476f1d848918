#include "docs/rule_figures.h"

#include <algorithm>
#include <map>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/contract.h"
#include "core/rules/catalog.h"
#include "core/spec/find_row.h"
#include "docs/protocol_series.h"
#include "docs/svg_plot.h"

namespace engram {
namespace {

// A rule as a reader would write it, with the label of its line.
struct Variant {
  std::string label;
  std::string rule;  // YAML
};

// Forms that differ in a parameter are drawn into one panel.
std::vector<Variant> VariantsOf(const std::string& type) {
  if (type == "stdp_pair") {
    return {{"mu = 0", "{type: stdp_pair}"},
            {"mu = 0.5", "{type: stdp_pair, mu: 0.5}"},
            {"mu = 1", "{type: stdp_pair, mu: 1}"}};
  }
  return {{"", absl::StrCat("{type: ", type, "}")}};
}

std::string Tree(const std::string& more, const std::string& protocol,
                 const std::string& rule) {
  return absl::StrCat("{type: plasticity_protocol, ", more,
                      ", protocol: ", protocol, ", rule: ", rule, "}");
}

PlotPanel Panel(std::string title, std::string x_label) {
  return {.title = std::move(title),
          .x_label = std::move(x_label),
          .y_label = "weight change [1]",
          .lines = {}};
}

PlotPanel Window(const std::vector<Variant>& variants) {
  PlotPanel panel = Panel("60 pairs at 1 Hz", "Δ = t_post − t_pre [ms]");
  std::string deltas;
  for (int delta = -100; delta <= 100; delta += 2) {
    if (delta != 0) absl::StrAppend(&deltas, deltas.empty() ? "" : ", ", delta);
  }
  for (const Variant& v : variants) {
    PlotLine line = DrawProtocol(
        Tree("dt: 1 ms",
             absl::StrCat("{type: pairings, deltas: [", deltas, "]}"), v.rule));
    line.label = v.label;
    line.breaks_at_zero = true;
    panel.lines.push_back(std::move(line));
  }
  return panel;
}

PlotPanel Frequency(const std::string& rule) {
  PlotPanel panel =
      Panel("60 pairs over their frequency", "frequency of pairs [Hz]");
  for (const int delta : {10, -10}) {
    PlotLine line = DrawProtocol(
        Tree("dt: 1 ms",
             absl::StrCat("{type: pairing_frequency, pairs: 60, repeats: 1, "
                          "frequencies: [1, 5, 10, 15, 20, 25, 30, 35, 40, 45, "
                          "50], delta: ",
                          delta, "}"),
             rule));
    line.label = delta > 0 ? "Δ = +10 ms" : "Δ = −10 ms";
    line.has_markers = true;
    panel.lines.push_back(std::move(line));
  }
  return panel;
}

// Measured in visual cortex at +10 and -10 ms, with standard errors: Sjostrom,
// Turrigiano and Nelson (2001), as listed by Pfister and Gerstner (2006), whose
// constants were fitted to them.
void AddVisualCortexData(PlotPanel& panel) {
  PlotLine plus{.label = "data",
                .x = {0.1, 10, 20, 40, 50},
                .y = {-0.04, 0.14, 0.29, 0.53, 0.56}};
  plus.error = {0.05, 0.1, 0.14, 0.11, 0.26};
  plus.is_data = true;
  plus.colour = 0;
  PlotLine minus = plus;
  minus.label = "";
  minus.colour = 1;
  minus.y = {-0.29, -0.41, -0.34, 0.56, 0.75};
  minus.error = {0.08, 0.11, 0.1, 0.32, 0.19};
  panel.lines.push_back(std::move(plus));
  panel.lines.push_back(std::move(minus));
}

PlotPanel Poisson(const std::string& rule) {
  PlotPanel panel =
      Panel("20 s of Poisson spikes, pre at 10 Hz", "postsynaptic rate [Hz]");
  PlotLine line = DrawProtocol(
      Tree("dt: 1 ms",
           "{type: poisson_trains, pre_rate: 10, duration: 20 s, synapses: "
           "100, post_rates: [0, 2.5, 5, 7.5, 10, 15, 20, 25, 30, 40, 50]}",
           rule));
  line.has_markers = true;
  panel.lines.push_back(std::move(line));
  return panel;
}

PlotPanel Pulses(const std::string& rule) {
  PlotPanel panel = Panel("two pulses of 20 ms, rate 1",
                          "lag of the postsynaptic pulse [ms]");
  std::string shifts;
  for (int lag = -200; lag <= 200; lag += 5) {
    absl::StrAppend(&shifts, shifts.empty() ? "" : ", ", lag);
  }
  panel.lines.push_back(DrawProtocol(Tree(
      "dt: 0.5 ms, initial_weight: 0.02",
      absl::StrCat("{type: rate_courses, shifts: [", shifts, "]}"), rule)));
  return panel;
}

PlotPanel SteadyRates(const std::string& type, const std::string& rule) {
  PlotPanel panel =
      Panel("steady rates for 1 s, pre at 1", "postsynaptic rate [1]");
  // Unlearning counts applications, one a step.
  const char* dt = type == "unlearning" ? "dt: 100 ms" : "dt: 1 ms";
  PlotLine line = DrawProtocol(Tree(
      absl::StrCat(dt, ", initial_weight: 0.02"),
      "{type: steady_rates, duration: 1 s, post_rates: [0, 0.05, 0.1, 0.15, "
      "0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, "
      "0.85, 0.9, 0.95, 1]}",
      rule));
  panel.lines.push_back(std::move(line));
  return panel;
}

bool ReadsSpikes(const std::string& type) {
  const std::vector<Signal>& reads = RowOf(RuleRows(), type).reads;
  return std::ranges::find(reads, Signal::kSpikes) != reads.end();
}

}  // namespace

std::string RuleFigure(const std::string& type) {
  const std::vector<Variant> variants = VariantsOf(type);
  const std::string& rule = variants.front().rule;
  if (ReadsSpikes(type)) {
    PlotPanel frequency = Frequency(rule);
    if (type == "stdp_triplet" || type == "stdp_triplet_minimal") {
      AddVisualCortexData(frequency);
    }
    return RenderSvg({Window(variants), frequency, Poisson(rule)});
  }
  return RenderSvg({Pulses(rule), SteadyRates(type, rule)});
}

std::string EligibilityFigure() {
  PlotPanel panel =
      Panel("a pair at ±10 ms, then a reward", "delay of the reward [ms]");
  for (const int delta : {10, -10}) {
    for (const int tau : {300, 1000}) {
      PlotLine line = DrawProtocol(
          Tree("dt: 1 ms",
               absl::StrCat("{type: delayed_reward, delta: ", delta, "}"),
               absl::StrCat("{type: stdp_pair, eligibility: {type: "
                            "eligibility_trace, tau: ",
                            tau, " ms}}")));
      line.colour = tau == 300 ? 0 : 1;
      line.has_markers = true;
      if (delta > 0) line.label = absl::StrCat("tau = ", tau, " ms");
      panel.lines.push_back(std::move(line));
    }
  }
  return RenderSvg({panel});
}

std::string RuleFigureCaption(const std::string& type) {
  const bool has_data =
      type == "stdp_triplet" || type == "stdp_triplet_minimal";
  if (ReadsSpikes(type)) {
    return absl::StrCat(
        "Weight change with the default constants, from a weight of 0.5: "
        "by 60 pairs of spikes at 1 Hz over their lag; by 60 pairs over "
        "their frequency; by 20 s of independent Poisson spikes over the "
        "postsynaptic rate, mean of 100 synapses with its standard error.",
        has_data
            ? " Data: Sjostrom, Turrigiano, Nelson (2001), "
              "doi:10.1016/S0896-6273(01)00542-6, in the colours of the lines."
            : "");
  }
  return "Weight change with the default constants, from a weight of 0.02: by "
         "two pulses of 20 ms over the lag of the postsynaptic one; by steady "
         "rates over the postsynaptic rate.";
}

}  // namespace engram
