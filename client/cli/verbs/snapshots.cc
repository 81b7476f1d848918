#include <memory>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "client/cli/files/records.h"
#include "client/cli/listing.h"
#include "client/cli/names.h"
#include "client/cli/verbs/verbs.h"
#include "client/cli/wire/explain.h"
#include "client/cli/wording.h"

namespace engram::cli {
namespace {

struct Flags {
  std::string run;
  std::string get;
  std::string file;
};

std::string ItemName(const v1::RecordedArray& array) {
  return absl::StrCat(array.path(), "@", StepText(array.step()));
}

std::vector<Column<v1::RecordedArray>> Columns() {
  using A = v1::RecordedArray;
  return {
      {"array", "array", Align::kLeft,
       [](const A& a) -> Cell {
         return {WithUnit(a.path(), a.manifest().unit())};
       },
       [](const A& a) { return a.path(); }},
      {"step", "step", Align::kRight,
       [](const A& a) -> Cell { return {StepText(a.step())}; }},
      {"shape", "shape", Align::kRight,
       [](const A& a) -> Cell { return {ShapeText(a.manifest())}; }},
      {"type", "type", Align::kLeft,
       [](const A& a) -> Cell { return {ElementWord(a.manifest().type())}; }},
      {"unit", "unit", Align::kLeft,
       [](const A& a) -> Cell { return {a.manifest().unit()}; }, nullptr,
       nullptr, false},
      {"bytes", "size", Align::kRight,
       [](const A& a) -> Cell { return {BytesText(a.manifest().byte_size())}; },
       [](const A& a) { return absl::StrCat(a.manifest().byte_size()); }},
  };
}

struct Item {
  std::string path;
  int64_t step = -1;
};

// "rule.weights@20", "rule.weights@final".
absl::StatusOr<Item> ParseItem(const std::string& text) {
  Item item;
  const size_t at = text.rfind('@');
  item.path = text.substr(0, at);
  const std::string step =
      at == std::string::npos ? "final" : text.substr(at + 1);
  if (step == "final") return item;
  if (!absl::SimpleAtoi(step, &item.step) || item.step < 0) {
    return absl::InvalidArgumentError(
        absl::StrCat("--get ", text, ": ", step,
                     " is no step; wanted path@20 or "
                     "path@final"));
  }
  return item;
}

// `state@final` is the whole state, which no snapshot is called.
v1::ReadArrayRequest RequestOf(const Flags& flags, const Item& item) {
  v1::ReadArrayRequest request;
  request.set_name(FullName(flags.run));
  if (item.path == "state" && item.step == -1) {
    request.set_final_state(true);
  } else {
    request.set_path(item.path);
    request.set_step(item.step);
  }
  return request;
}

absl::StatusOr<int> GetOne(Session& session, Client& client,
                           const Flags& flags) {
  if (session.format() != Format::kNpy && !session.wants_table()) {
    return absl::InvalidArgumentError(
        "--get writes NPY files: leave -o out, or say -o npy");
  }
  const auto item = ParseItem(flags.get);
  if (!item.ok()) return item.status();
  if (flags.file == "-") {
    const auto npy = ReadNpy(client, RequestOf(flags, *item));
    if (!npy.ok()) return npy.status();
    session.out() << *npy;
    return kDone;
  }
  const std::string file =
      flags.file.empty()
          ? absl::StrCat(item->path, "@", StepText(item->step), ".npy")
          : flags.file;
  const absl::Status saved = SaveNpy(client, RequestOf(flags, *item), file);
  if (!saved.ok()) return saved;
  session.err() << "wrote " << file << "\n";
  return kDone;
}

absl::StatusOr<int> Snapshots(Session& session, const Flags& flags) {
  auto client = session.client();
  if (!client.ok()) return client.status();
  if (!IsRunName(flags.run)) {
    return absl::InvalidArgumentError(absl::StrCat(
        flags.run, " is an experiment; name a run: ", flags.run, "/0"));
  }
  if (!flags.get.empty()) return GetOne(session, **client, flags);
  v1::ListArraysRequest request;
  request.set_name(FullName(flags.run));
  const auto list = (*client)->Call(calls::kListArrays, request);
  if (!list.ok()) return list.status();
  Listing<v1::RecordedArray> listing;
  listing.items.assign(list->arrays().begin(), list->arrays().end());
  if (list->has_final_state()) listing.items.push_back(list->final_state());
  listing.columns = Columns();
  listing.name = ItemName;
  listing.whole = &*list;
  listing.when_empty = "this run has recorded no array";
  const absl::Status shown = Present(session, listing);
  if (!shown.ok()) return shown;
  return kDone;
}

}  // namespace

Command SnapshotsVerb() {
  const auto flags = std::make_shared<Flags>();
  Command command;
  command.name = "snapshots";
  command.summary = "List the arrays that a run has recorded, or fetch one";
  command.details =
      "Arrays keep the order in which they were computed; numpy.load gives "
      "them in their shape either way. state@final has the bytes of the whole "
      "state in which the run succeeded: another run reads it as "
      "k7m2q9xw4p/17/state@final.";
  command.arguments = {
      {"RUN", "", "a run (k7m2q9xw4p/17)", &flags->run, true, Completes::kRun},
      {"FILE", "", "where --get writes; - for standard output", &flags->file,
       false, Completes::kFile},
      {"--get", "PATH@STEP", "fetch this array: rule.weights@final",
       &flags->get},
  };
  command.examples = {
      {"engram snapshots k7m2/17 --get rule.weights@final w.npy",
       "the weights at the end, for numpy.load"}};
  command.writes_npy = true;
  command.run = [flags](Session& session) {
    return Snapshots(session, *flags);
  };
  return command;
}

}  // namespace engram::cli
