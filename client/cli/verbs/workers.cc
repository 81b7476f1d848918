#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "client/cli/listing.h"
#include "client/cli/names.h"
#include "client/cli/verbs/verbs.h"
#include "client/cli/wire/explain.h"
#include "client/cli/wording.h"

namespace engram::cli {
namespace {

using v1::Worker;

std::vector<Column<Worker>> Columns(absl::Time now) {
  return {
      {"name", "worker", Align::kLeft,
       [](const Worker& w) -> Cell { return {w.name()}; }},
      {"host", "host", Align::kLeft,
       [](const Worker& w) -> Cell { return {w.host()}; }},
      {"pid", "pid", Align::kRight,
       [](const Worker& w) -> Cell { return {absl::StrCat(w.pid())}; }},
      {"cpus", "cpus", Align::kRight,
       [](const Worker& w) -> Cell { return {absl::StrCat(w.cpus())}; }},
      {"run", "run", Align::kLeft,
       [](const Worker& w) -> Cell {
         if (w.run().empty()) return {"idle", Tone::kDim};
         return {ShortName(w.run()), Tone::kActive};
       },
       [](const Worker& w) { return ShortName(w.run()); }},
      {"held_runs", "held", Align::kRight,
       [](const Worker& w) -> Cell { return {absl::StrCat(w.held_runs())}; }},
      {"build", "build", Align::kLeft,
       [](const Worker& w) -> Cell { return {ShortHash(w.build())}; },
       [](const Worker& w) { return w.build(); }},
      {"connect_time", "connected", Align::kRight,
       [now](const Worker& w) -> Cell {
         return {AgoOrDash(w.has_connect_time(), w.connect_time(), now)};
       },
       [](const Worker& w) {
         return IsoTime(w.has_connect_time(), w.connect_time());
       }},
  };
}

absl::StatusOr<int> Workers(Session& session) {
  auto client = session.client();
  if (!client.ok()) return client.status();
  const auto list = (*client)->Call(calls::kListWorkers, {});
  if (!list.ok()) return list.status();
  Listing<Worker> listing;
  listing.items.assign(list->workers().begin(), list->workers().end());
  listing.columns = Columns(session.now());
  listing.name = [](const Worker& worker) { return worker.name(); };
  listing.whole = &*list;
  listing.when_empty = "no worker is connected";
  const absl::Status shown = Present(session, listing);
  if (!shown.ok()) return shown;
  return kDone;
}

}  // namespace

Command WorkersVerb() {
  Command command;
  command.name = "workers";
  command.summary = "Show the workers that are connected";
  command.run = Workers;
  return command;
}

}  // namespace engram::cli
