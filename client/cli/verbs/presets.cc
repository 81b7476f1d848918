#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/cli/listing.h"
#include "client/cli/verbs/verbs.h"
#include "client/cli/wire/explain.h"

namespace engram::cli {
namespace {

// Without the one that all of them have.
std::string TagsText(const v1::Preset& preset) {
  std::vector<std::string> tags;
  for (const std::string& tag : preset.tags()) {
    if (tag != "preset") tags.push_back(tag);
  }
  return absl::StrJoin(tags, " ");
}

std::vector<Column<v1::Preset>> Columns() {
  using P = v1::Preset;
  return {
      {"name", "preset", Align::kLeft,
       [](const P& p) -> Cell {
         return {p.name(), Tone::kStrong};
       }},
      {"title", "title", Align::kLeft,
       [](const P& p) -> Cell { return {p.title()}; }},
      {"runs", "runs", Align::kRight,
       [](const P& p) -> Cell { return {CountText(p.run_count())}; },
       [](const P& p) { return absl::StrCat(p.run_count()); }},
      {"claims", "claims", Align::kRight,
       [](const P& p) -> Cell { return {absl::StrCat(p.claim_count())}; }},
      {"tags", "tags", Align::kLeft,
       [](const P& p) -> Cell { return {TagsText(p)}; }},
      {"notes", "notes", Align::kLeft,
       [](const P& p) -> Cell { return {p.notes()}; }, nullptr, nullptr, false},
  };
}

absl::StatusOr<int> Presets(Session& session, const std::string& name) {
  auto client = session.client();
  if (!client.ok()) return client.status();
  if (!name.empty()) {
    v1::GetPresetRequest request;
    request.set_name(name);
    const auto preset = (*client)->Call(calls::kGetPreset, request);
    if (!preset.ok()) return preset.status();
    const absl::Status shown =
        PresentOne(session, *preset, Columns(), preset->name(),
                   [&] { return preset->text(); });
    if (!shown.ok()) return shown;
    return kDone;
  }
  const auto list = (*client)->Call(calls::kListPresets, {});
  if (!list.ok()) return list.status();
  Listing<v1::Preset> listing;
  listing.items.assign(list->presets().begin(), list->presets().end());
  listing.columns = Columns();
  listing.name = [](const v1::Preset& preset) { return preset.name(); };
  listing.whole = &*list;
  listing.when_empty = "this server has no presets";
  const absl::Status shown = Present(session, listing);
  if (!shown.ok()) return shown;
  return kDone;
}

}  // namespace

Command PresetsVerb() {
  const auto name = std::make_shared<std::string>();
  Command command;
  command.name = "presets";
  command.summary = "List published experiments, or print one's text";
  command.arguments = {{"NAME", "", "print this one's YAML", name.get(), false,
                        Completes::kPreset}};
  command.examples = {{"engram presets flagship > mine.yaml",
                       "a text to start one's own experiment from"}};
  command.run = [name](Session& session) { return Presets(session, *name); };
  return command;
}

}  // namespace engram::cli
