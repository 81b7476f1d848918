#include "core/spec/reference.h"

#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "core/spec/json_text.h"
#include "core/spec/real_text.h"

namespace engram {
namespace {

// A bar would end the cell.
std::string Cell(const std::string& text) {
  return absl::StrReplaceAll(text, {{"|", "\\|"}, {"\n", " "}});
}

void AppendRow(const std::vector<std::string>& cells, std::string& page) {
  for (const std::string& cell : cells) {
    absl::StrAppend(&page, "| ", Cell(cell), " ");
  }
  page += "|\n";
}

void AppendHead(const std::vector<std::string>& names, std::string& page) {
  page += '\n';
  AppendRow(names, page);
  AppendRow(std::vector<std::string>(names.size(), "---"), page);
}

std::string TypeName(const ParameterSpec& spec) {
  switch (spec.type) {
    case ParameterType::kReal:
      return "real";
    case ParameterType::kInteger:
      return "integer";
    case ParameterType::kBoolean:
      return "boolean";
    case ParameterType::kText:
      return "text";
    case ParameterType::kChoice:
      return "choice";
    case ParameterType::kReference:
      return absl::StrCat("name of a ",
                          std::string(KindName(*spec.reference_kind)));
    case ParameterType::kDataset:
      return "dataset";
    case ParameterType::kRecordItem:
      return "record item";
    case ParameterType::kSelection:
      return "selection";
    case ParameterType::kMap:
      return "map";
  }
  return "";
}

std::string FullTypeName(const ParameterSpec& spec) {
  const std::string name = TypeName(spec);
  if (spec.list_rank == 0) return name;
  return absl::StrCat(spec.list_rank == 1 ? "list of " : "list of lists of ",
                      name);
}

std::string DefaultText(const ParameterSpec& spec) {
  if (spec.default_value) {
    const std::string text = DisplayText(*spec.default_value);
    return text.empty() ? "" : absl::StrCat("`", text, "`");
  }
  return spec.is_optional ? "none" : "required";
}

std::string RangeText(const ParameterSpec& spec) {
  if (!spec.choices.empty()) return absl::StrJoin(spec.choices, ", ");
  if (!spec.minimum && !spec.maximum) return "";
  return absl::StrCat(spec.minimum && !spec.exclusive_minimum ? "[" : "(",
                      spec.minimum ? RealText(*spec.minimum) : "-inf", ", ",
                      spec.maximum ? RealText(*spec.maximum) : "inf",
                      spec.maximum ? "]" : ")");
}

bool HasUnit(const ParameterSpec& spec) {
  return spec.type == ParameterType::kReal ||
         spec.type == ParameterType::kInteger ||
         spec.type == ParameterType::kMap;
}

void AppendParameters(const ComponentSpec& spec, std::string& page) {
  if (spec.parameters.empty()) return;
  AppendHead({"parameter", "type", "unit", "default", "range", "meaning"},
             page);
  for (const ParameterSpec& parameter : spec.parameters) {
    AppendRow({absl::StrCat("`", parameter.name, "`"), FullTypeName(parameter),
               HasUnit(parameter) ? parameter.unit : "", DefaultText(parameter),
               RangeText(parameter), parameter.meaning},
              page);
  }
}

void AppendSlots(const ComponentSpec& spec, std::string& page) {
  if (spec.slots.empty()) return;
  AppendHead({"slot", "holds", "default", "meaning"}, page);
  for (const SlotSpec& slot : spec.slots) {
    const std::string kind(KindName(slot.kind));
    std::string filled = slot.optional ? "none" : "required";
    if (!slot.default_type.empty()) {
      filled = absl::StrCat("`", slot.default_type, "`");
    }
    AppendRow({absl::StrCat("`", slot.name, "`"),
               slot.many ? absl::StrCat("list, each of kind ", kind) : kind,
               filled, slot.meaning},
              page);
  }
}

std::string OutputKindName(const OutputSpec& output) {
  switch (output.kind) {
    case OutputKind::kSummary:
      return "summary value";
    case OutputKind::kSeries:
      return output.x.empty() ? "series"
                              : absl::StrCat("series over ", output.x);
    case OutputKind::kArray:
      return "array";
    case OutputKind::kSpikes:
      return "spikes";
  }
  return "";
}

void AppendOutputs(const ComponentSpec& spec, std::string& page) {
  if (spec.outputs.empty()) return;
  AppendHead({"output", "kind", "unit", "meaning"}, page);
  for (const OutputSpec& output : spec.outputs) {
    AppendRow({absl::StrCat("`", output.name, "`"), OutputKindName(output),
               output.unit, output.meaning},
              page);
  }
}

void AppendEntry(const ComponentSpec& spec, std::string& page) {
  absl::StrAppend(&page, "\n### `", spec.type, "`\n\n", spec.summary, ".\n");
  if (!spec.equation.empty()) {
    absl::StrAppend(&page, "\n```\n", spec.equation, "\n```\n");
  }
  AppendParameters(spec, page);
  AppendSlots(spec, page);
  AppendOutputs(spec, page);
  if (!spec.reference.empty()) {
    absl::StrAppend(&page, "\nSource: ", spec.reference, "\n");
  }
}

std::string Heading(Kind kind) {
  std::string name(KindName(kind));
  name[0] = absl::ascii_toupper(name[0]);
  if (kind == Kind::kAnalysis) return "Analyses";
  if (kind == Kind::kStimulus) return "Stimuli";
  if (kind == Kind::kCurriculum) return "Curricula";
  if (kind == Kind::kTrainedAnalysis) return "Analyses of trained networks";
  if (kind == Kind::kEligibility || kind == Kind::kHomeostasis ||
      kind == Kind::kBounds || kind == Kind::kGainMatching ||
      kind == Kind::kFeedback || kind == Kind::kConnectivity ||
      kind == Kind::kShortTerm) {
    return name;
  }
  return name + "s";
}

}  // namespace

std::string RenderParameters(const ComponentSpec& spec) {
  std::string page;
  AppendParameters(spec, page);
  return page;
}

std::string RenderReference(const Catalog& catalog) {
  std::string page = "# Components\n";
  for (const Kind kind :
       {Kind::kProgram,     Kind::kNetwork,        Kind::kRule,
        Kind::kEligibility, Kind::kHomeostasis,    Kind::kBounds,
        Kind::kSignLaw,     Kind::kTask,           Kind::kGainMatching,
        Kind::kFeedback,    Kind::kProtocol,       Kind::kAnalysis,
        Kind::kSystem,      Kind::kPopulation,     Kind::kGroup,
        Kind::kProjection,  Kind::kConnectivity,   Kind::kDistribution,
        Kind::kShortTerm,   Kind::kStimulus,       Kind::kModulator,
        Kind::kRecording,   Kind::kTrainedNetwork, Kind::kSupervisedTask,
        Kind::kLearner,     Kind::kOptimizer,      Kind::kSchedule,
        Kind::kCurriculum,  Kind::kLoss,           Kind::kInitial,
        Kind::kConstraint,  Kind::kTrainedAnalysis}) {
    const std::vector<const ComponentSpec*> specs = catalog.OfKind(kind);
    if (specs.empty()) continue;
    absl::StrAppend(&page, "\n## ", Heading(kind), "\n");
    for (const ComponentSpec* spec : specs) AppendEntry(*spec, page);
  }
  return page;
}

}  // namespace engram
