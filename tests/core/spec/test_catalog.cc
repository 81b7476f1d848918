#include "tests/core/spec/test_catalog.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace engram {
namespace {

ParameterSpec Optional(std::string name, ParameterType type,
                       std::string meaning) {
  ParameterSpec spec;
  spec.name = std::move(name);
  spec.type = type;
  spec.is_optional = true;
  spec.meaning = std::move(meaning);
  return spec;
}

ParameterSpec ListOf(int rank, std::string name, std::string unit) {
  ParameterSpec spec =
      Optional(std::move(name), ParameterType::kReal, "numbers");
  spec.list_rank = rank;
  spec.unit = std::move(unit);
  return spec;
}

ParameterSpec Required(ParameterSpec spec) {
  spec.default_value.reset();
  return spec;
}

ParameterSpec AboveMinimum(ParameterSpec spec) {
  spec.exclusive_minimum = true;
  return spec;
}

ParameterSpec NetworkReference() {
  ParameterSpec spec =
      Optional("of", ParameterType::kReference, "the network to look at");
  spec.reference_kind = Kind::kNetwork;
  return spec;
}

ComponentSpec ProgramSpec() {
  return {
      .kind = Kind::kProgram,
      .type = "sequence_learning",
      .summary = "Trains a network on a sequence of items",
      .parameters = {Integer("repetitions", 20, 1, 1000, "of the sequence")},
      .slots = {{.name = "network",
                 .kind = Kind::kNetwork,
                 .default_type = "rate_rnn"},
                {.name = "task",
                 .kind = Kind::kTask,
                 .default_type = "item_sequence"},
                {.name = "rule", .kind = Kind::kRule},
                {.name = "second_rule", .kind = Kind::kRule, .optional = true},
                {.name = "analyses",
                 .kind = Kind::kAnalysis,
                 .many = true,
                 .optional = true}},
      .outputs = {{.name = "weight_norm",
                   .kind = OutputKind::kSeries,
                   .unit = "1",
                   .x = "trial"}},
      .check = [](const Component& self, const Component&, Faults& faults) {
        const int64_t units = self.Slot("network").Integer("units");
        const int64_t items = self.Slot("task").Integer("items");
        if (units % items == 0) return;
        faults.push_back(
            {0, "experiment.task.items",
             absl::StrCat(items, " items do not divide ", units, " units")});
      }};
}

ComponentSpec NetworkSpec() {
  ParameterSpec cells =
      Optional("cells", ParameterType::kSelection, "which units");
  ParameterSpec initial =
      Optional("initial", ParameterType::kRecordItem, "where it starts");
  ParameterSpec constants =
      Optional("constants", ParameterType::kMap, "names and numbers");
  constants.unit = "1";
  return {
      .kind = Kind::kNetwork,
      .type = "rate_rnn",
      .summary = "Recurrent network of rate units",
      .equation = "tau dx/dt = -x + W r",
      .reference = "doi:10.1103/PhysRevLett.61.259",
      .parameters = {
          Integer("units", 100, 1, 100000, "number of units"),
          AboveMinimum(
              Real("tau", "ms", 20, 0, 1000, "membrane time constant")),
          Real("gain", "1", 0.5, 0, 10, "of the weights"),
          Boolean("is_plastic", true, "whether it learns"),
          Choice("transfer", "logistic", {"logistic", "tanh", "linear"},
                 "from input to rate"),
          Text("label", "", "free text"), ListOf(1, "delays", "ms"),
          ListOf(2, "points", "1"),
          Optional("weights", ParameterType::kDataset, "an uploaded matrix"),
          std::move(initial), std::move(cells), std::move(constants)}};
}

ComponentSpec RuleSpec(std::string type, std::vector<ParameterSpec> more) {
  std::vector<ParameterSpec> parameters = {
      Real("eta", "1/(ms Hz^2)", 1e-5, 0, 1, "learning rate")};
  parameters.insert(parameters.end(), more.begin(), more.end());
  return {.kind = Kind::kRule,
          .type = std::move(type),
          .summary = "A rule",
          .parameters = std::move(parameters)};
}

std::vector<ComponentSpec> AnalysisSpecs() {
  return {{.kind = Kind::kAnalysis,
           .type = "recall",
           .summary = "Recall from a cue",
           .parameters = {Real("threshold", "1", 0.5, 0, 1, "of activity"),
                          NetworkReference()},
           .outputs = {{.name = "sequence_length", .unit = "1"},
                       {.name = "completion_time", .unit = "ms"}}},
          {.kind = Kind::kAnalysis,
           .type = "final_norm",
           .summary = "What the program has as a series, once at the end",
           .outputs = {{.name = "weight_norm", .unit = "1"}}},
          {.kind = Kind::kAnalysis,
           .type = "weight_structure",
           .summary = "Symmetry of the weights",
           .outputs = {{.name = "symmetry_index", .unit = "1"},
                       {.name = "band", .kind = OutputKind::kArray}}}};
}

std::vector<ComponentSpec> Specs() {
  std::vector<ComponentSpec> specs = {
      ProgramSpec(),
      NetworkSpec(),
      RuleSpec("hebbian", {}),
      RuleSpec("anti_hebbian", {}),
      RuleSpec("stdp_rate",
               {Real("a_minus", "1", 0.5, 0, 10, "of depression"),
                Real("tau_plus", "ms", 50, 0, 1000, "of the trace")}),
      // Seconds where others have milliseconds, and no default.
      RuleSpec("slow", {Required(Real("tau_plus", "s", 1, 0, 10, "slow"))}),
      {.kind = Kind::kTask,
       .type = "item_sequence",
       .summary = "Items one after the other",
       .parameters = {Integer("items", 10, 1, 1000, "in the sequence")}}};
  for (ComponentSpec& spec : AnalysisSpecs()) specs.push_back(std::move(spec));
  return specs;
}

}  // namespace

const Catalog& TestCatalog() {
  static const Catalog catalog(Specs());
  return catalog;
}

absl::StatusOr<std::string> TestResolver::DatasetDigest(
    absl::string_view name) const {
  if (name == "mnist") return "sha256:1111";
  return absl::NotFoundError("there is none of that name");
}

absl::StatusOr<std::string> TestResolver::RecordItemDigest(
    absl::string_view item) const {
  if (item == "k7m2q9xw4p/1/state@final") return "sha256:2222";
  if (absl::EndsWith(item, "/weights@final")) {
    return absl::StrCat("sha256:of-", item);
  }
  return absl::NotFoundError("there is no such item");
}

absl::StatusOr<std::vector<std::string>> TestResolver::MatchingRuns(
    absl::string_view filter) const {
  if (filter == "tag = trained") {
    return std::vector<std::string>{"k7m2q9xw4p/0", "k7m2q9xw4p/1"};
  }
  return std::vector<std::string>{};
}

Experiment MustParse(const ExperimentText& text) {
  Faults faults;
  std::optional<Experiment> experiment =
      Experiment::Parse(text, TestCatalog(), TestResolver(), 12345, faults);
  for (const Fault& fault : faults) ADD_FAILURE() << fault.Format(text.file);
  if (!experiment) throw std::runtime_error("the text is not valid");
  return *experiment;
}

Experiment MustParse(const std::string& text) {
  return MustParse(ExperimentText{.text = text});
}

std::vector<std::string> FaultLines(const ExperimentText& text) {
  Faults faults;
  const std::optional<Experiment> experiment =
      Experiment::Parse(text, TestCatalog(), TestResolver(), 12345, faults);
  EXPECT_EQ(experiment.has_value(), faults.empty());
  std::vector<std::string> lines;
  for (const Fault& fault : faults) {
    lines.push_back(
        absl::StrCat(fault.line, ": ", fault.path, ": ", fault.message));
  }
  return lines;
}

std::vector<std::string> FaultLines(const std::string& text) {
  return FaultLines(ExperimentText{.text = text});
}

std::string SmallText(const std::string& more) {
  return absl::StrCat(
      "experiment:\n  type: sequence_learning\n  rule: {type: hebbian}\n",
      more);
}

}  // namespace engram
