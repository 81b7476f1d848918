#include <memory>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "client/cli/listing.h"
#include "client/cli/text/utf8.h"
#include "client/cli/verbs/verbs.h"
#include "client/cli/wire/explain.h"
#include "client/cli/wording.h"

namespace engram::cli {
namespace {

using v1::ComponentType;

struct Flags {
  std::string type;
  std::string kind;
};

std::vector<Column<ComponentType>> Columns() {
  using C = ComponentType;
  return {
      {"type", "type", Align::kLeft,
       [](const C& c) -> Cell {
         return {c.type(), Tone::kStrong};
       }},
      {"kind", "kind", Align::kLeft,
       [](const C& c) -> Cell { return {c.kind()}; }},
      {"summary", "summary", Align::kLeft,
       [](const C& c) -> Cell { return {c.summary()}; }},
      {"reference", "reference", Align::kLeft,
       [](const C& c) -> Cell { return {c.reference()}; }, nullptr, nullptr,
       false},
  };
}

std::string RangeText(const v1::Parameter& parameter) {
  if (parameter.choices_size() > 0) {
    return absl::StrJoin(parameter.choices(), " | ");
  }
  if (!parameter.has_minimum() && !parameter.has_maximum()) return "";
  return absl::StrCat(
      parameter.has_minimum() && !parameter.exclusive_minimum() ? "[" : "(",
      parameter.has_minimum() ? ShortText(parameter.minimum()) : "-inf", ", ",
      parameter.has_maximum() ? ShortText(parameter.maximum()) : "inf",
      parameter.has_maximum() ? "]" : ")");
}

std::string ParameterTable(const ComponentType& type, const Look& look) {
  if (type.parameters().empty()) return "";
  Table table({{"parameter"},
               {"type"},
               {"default", Align::kRight},
               {"unit"},
               {"allowed"},
               {"meaning"}});
  for (const auto& parameter : type.parameters()) {
    table.AddRow({{parameter.name(), Tone::kStrong},
                  {parameter.type()},
                  {parameter.has_default_value()
                       ? ValueText(parameter.default_value())
                       : (parameter.required() ? "required" : "-")},
                  {parameter.unit() == "1" ? "" : parameter.unit()},
                  {RangeText(parameter)},
                  {parameter.meaning()}});
  }
  return absl::StrCat("\n", table.RenderWrapped(look));
}

std::string SlotTable(const ComponentType& type, const Look& look) {
  if (type.slots().empty()) return "";
  Table table({{"slot"}, {"holds"}, {"default"}, {"meaning"}});
  for (const auto& slot : type.slots()) {
    const std::string holds =
        absl::StrCat(slot.many() ? "a list of " : "", slot.kind(),
                     slot.unit().empty() ? "" : " [" + slot.unit() + "]");
    const std::string otherwise = !slot.default_type().empty()
                                      ? slot.default_type()
                                  : slot.optional() ? "none"
                                                    : "required";
    table.AddRow(
        {{slot.name(), Tone::kStrong}, {holds}, {otherwise}, {slot.meaning()}});
  }
  return absl::StrCat("\n", table.RenderWrapped(look));
}

std::string OutputTable(const ComponentType& type, const Look& look) {
  if (type.outputs().empty()) return "";
  Table table({{"output"}, {"kind"}, {"unit"}, {"over"}, {"meaning"}});
  for (const auto& output : type.outputs()) {
    table.AddRow({{output.name(), Tone::kStrong},
                  {output.kind()},
                  {output.unit() == "1" ? "" : output.unit()},
                  {output.x()},
                  {output.meaning()}});
  }
  return absl::StrCat("\n", table.RenderWrapped(look));
}

std::string TypeText(const ComponentType& type, const Look& look) {
  std::string text =
      absl::StrCat(Paint(Printable(type.type()), Tone::kStrong, look), "  ",
                   Paint(Printable(type.kind()), Tone::kDim, look), "\n",
                   Printable(type.summary()), "\n");
  for (absl::string_view line : absl::StrSplit(type.equation(), '\n')) {
    if (!line.empty()) absl::StrAppend(&text, "    ", Printable(line), "\n");
  }
  if (!type.reference().empty()) {
    absl::StrAppend(&text, Paint(Printable(type.reference()), Tone::kDim, look),
                    "\n");
  }
  return text + ParameterTable(type, look) + SlotTable(type, look) +
         OutputTable(type, look);
}

absl::StatusOr<int> ShowList(Session& session, Client& client,
                             const std::string& kind) {
  v1::ListComponentTypesRequest request;
  request.set_kind(kind);
  const auto list = client.Call(calls::kListComponentTypes, request);
  if (!list.ok()) return list.status();
  Listing<ComponentType> listing;
  listing.items.assign(list->component_types().begin(),
                       list->component_types().end());
  listing.columns = Columns();
  listing.name = [](const ComponentType& type) { return type.type(); };
  listing.whole = &*list;
  listing.when_empty = "no component types";
  const absl::Status shown = Present(session, listing);
  if (!shown.ok()) return shown;
  return kDone;
}

absl::StatusOr<int> ShowType(Session& session, const ComponentType& type) {
  const absl::Status shown =
      PresentOne(session, type, Columns(), type.type(),
                 [&] { return TypeText(type, session.look()); });
  if (!shown.ok()) return shown;
  return kDone;
}

// An instance: its type, then the text with every default filled in.
absl::StatusOr<int> Describe(Session& session, Client& client,
                             const std::string& text) {
  v1::DescribeRequest request;
  request.set_text(text);
  const auto described = client.Call(calls::kDescribe, request);
  if (!described.ok()) return described.status();
  if (!session.wants_table()) {
    session.out() << JsonOf(*described, session.format() == Format::kJson)
                  << (session.format() == Format::kJson ? "" : "\n");
    return kDone;
  }
  session.out() << TypeText(described->component_type(), session.look()) << "\n"
                << described->component_json() << "\n";
  return kDone;
}

absl::StatusOr<int> Catalog(Session& session, const Flags& flags) {
  auto client = session.client();
  if (!client.ok()) return client.status();
  if (flags.type.empty()) return ShowList(session, **client, flags.kind);
  if (absl::StrContains(flags.type, "{") ||
      absl::StrContains(flags.type, ":")) {
    return Describe(session, **client, flags.type);
  }
  v1::GetComponentTypeRequest request;
  request.set_type(flags.type);
  const auto type = (*client)->Call(calls::kGetComponentType, request);
  if (!type.ok()) return type.status();
  return ShowType(session, *type);
}

}  // namespace

Command CatalogVerb() {
  const auto flags = std::make_shared<Flags>();
  Command command;
  command.name = "catalog";
  command.summary = "Show what experiments can be made of";
  command.details =
      "Without a type it lists all; with one it shows parameters with unit, "
      "default, range and meaning, slots and outputs; with a component in "
      "YAML it fills in every default.";
  command.arguments = {
      {"TYPE", "", "a type (stdp_rate), or a component in YAML", &flags->type,
       false, Completes::kComponentType},
      {"-k,--kind", "KIND", "only rule, network, task, analysis, program",
       &flags->kind},
  };
  command.examples = {{"engram catalog --kind rule", "all learning rules"},
                      {"engram catalog '{type: stdp_rate, a_minus: 0.5}'",
                       "an instance with its defaults"}};
  command.run = [flags](Session& session) { return Catalog(session, *flags); };
  return command;
}

}  // namespace engram::cli
