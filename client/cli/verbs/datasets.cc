#include <memory>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "client/cli/files/upload.h"
#include "client/cli/listing.h"
#include "client/cli/names.h"
#include "client/cli/paging.h"
#include "client/cli/verbs/verbs.h"
#include "client/cli/wire/explain.h"
#include "client/cli/wording.h"

namespace engram::cli {
namespace {

using v1::Dataset;

std::vector<Column<Dataset>> Columns(absl::Time now) {
  return {
      {"name", "dataset", Align::kLeft,
       [](const Dataset& d) -> Cell { return {ShortName(d.name())}; }},
      {"format", "format", Align::kLeft,
       [](const Dataset& d) -> Cell { return {FormatWord(d.format())}; }},
      {"shape", "shape", Align::kRight,
       [](const Dataset& d) -> Cell { return {ShapeText(d.manifest())}; }},
      {"type", "type", Align::kLeft,
       [](const Dataset& d) -> Cell {
         return {ElementWord(d.manifest().type())};
       }},
      {"bytes", "size", Align::kRight,
       [](const Dataset& d) -> Cell { return {BytesText(d.byte_size())}; },
       [](const Dataset& d) { return absl::StrCat(d.byte_size()); }},
      {"owner", "owner", Align::kLeft,
       [](const Dataset& d) -> Cell { return {ShortName(d.owner())}; }},
      {"use_count", "used by runs", Align::kRight,
       [](const Dataset& d) -> Cell { return {CountText(d.use_count())}; },
       [](const Dataset& d) { return absl::StrCat(d.use_count()); }},
      {"create_time", "uploaded", Align::kRight,
       [now](const Dataset& d) -> Cell {
         return {AgoOrDash(d.has_create_time(), d.create_time(), now)};
       },
       [](const Dataset& d) {
         return IsoTime(d.has_create_time(), d.create_time());
       }},
  };
}

std::string FullDatasetName(const std::string& name) {
  return absl::StartsWith(name, "datasets/") ? name
                                             : absl::StrCat("datasets/", name);
}

absl::StatusOr<int> ShowOne(Session& session, const Dataset& dataset) {
  const auto table = [&] {
    Listing<Dataset> listing;
    listing.items = {dataset};
    listing.columns = Columns(session.now());
    const auto grid = MakeGrid(listing, false);
    return grid.ok() ? RenderTable(*grid, session.look()) : "";
  };
  const absl::Status shown =
      PresentOne(session, dataset, Columns(session.now()),
                 ShortName(dataset.name()), table);
  if (!shown.ok()) return shown;
  return kDone;
}

absl::StatusOr<int> List(Session& session) {
  auto client = session.client();
  if (!client.ok()) return client.status();
  const auto list =
      FetchPages(**client, calls::kListDatasets, v1::ListDatasetsRequest(), 0,
                 [](auto* page) { return page->mutable_datasets(); });
  if (!list.ok()) return list.status();
  Listing<Dataset> listing;
  listing.items.assign(list->datasets().begin(), list->datasets().end());
  listing.columns = Columns(session.now());
  listing.name = [](const Dataset& d) { return ShortName(d.name()); };
  listing.whole = &*list;
  listing.when_empty =
      "no datasets yet; upload one with: engram datasets upload FILE";
  const absl::Status shown = Present(session, listing);
  if (!shown.ok()) return shown;
  return kDone;
}

absl::StatusOr<int> Get(Session& session, const std::string& name) {
  auto client = session.client();
  if (!client.ok()) return client.status();
  v1::GetDatasetRequest request;
  request.set_name(FullDatasetName(name));
  const auto dataset = (*client)->Call(calls::kGetDataset, request);
  if (!dataset.ok()) return dataset.status();
  return ShowOne(session, *dataset);
}

absl::StatusOr<int> Delete(Session& session, const std::string& name) {
  auto client = session.client();
  if (!client.ok()) return client.status();
  v1::DeleteDatasetRequest request;
  request.set_name(FullDatasetName(name));
  const auto done = (*client)->Change(calls::kDeleteDataset, request);
  if (!done.ok()) return done.status();
  session.out() << (session.wants_table() ? "deleted " : "")
                << ShortName(request.name()) << "\n";
  return kDone;
}

absl::StatusOr<int> Upload(Session& session, const UploadFlags& flags) {
  auto client = session.client();
  if (!client.ok()) return client.status();
  const auto dataset = UploadFile(session, **client, flags);
  if (!dataset.ok()) return dataset.status();
  return ShowOne(session, *dataset);
}

Command UploadVerb() {
  const auto flags = std::make_shared<UploadFlags>();
  Command command;
  command.name = "upload";
  command.summary = "Upload a file for experiments to use";
  command.details =
      "An upload that broke off goes on where it ended when it is repeated. "
      "The format is taken from the file's ending, or else its first bytes, "
      "unless --format says. NPY, CSV and IDX files may be packed by gzip "
      "(.gz).";
  command.arguments = {
      {"FILE", "", "what to upload", &flags->file, true, Completes::kFile},
      {"--name", "NAME", "how experiments call it; the file's name else",
       &flags->name},
      {"--format",
       "FORMAT",
       "how it is written",
       &flags->format,
       false,
       Completes::kNothing,
       {"npy", "csv", "idx", "raw"}},
  };
  command.run = [flags](Session& session) { return Upload(session, *flags); };
  return command;
}

Command NamedVerb(const std::string& name, const std::string& summary,
                  absl::StatusOr<int> (*run)(Session&, const std::string&)) {
  const auto dataset = std::make_shared<std::string>();
  Command command;
  command.name = name;
  command.summary = summary;
  command.arguments = {
      {"DATASET", "", "which one", dataset.get(), true, Completes::kDataset}};
  command.run = [dataset, run](Session& session) {
    return run(session, *dataset);
  };
  return command;
}

}  // namespace

Command DatasetsVerb() {
  Command list;
  list.name = "list";
  list.summary = "List the datasets of the server";
  list.run = List;
  Command command;
  command.name = "datasets";
  command.summary = "List, upload and delete arrays and files";
  command.subcommands = {
      list, NamedVerb("get", "Show one dataset", Get), UploadVerb(),
      NamedVerb("delete", "Delete a dataset that no run uses", Delete)};
  return command;
}

}  // namespace engram::cli
