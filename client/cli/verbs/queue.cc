#include <memory>
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

using Entry = v1::ListQueueResponse::Entry;

std::vector<Column<Entry>> Columns(absl::Time now) {
  return {
      {"position", "place", Align::kRight,
       [](const Entry& e) -> Cell {
         return {e.position() > 0 ? CountText(e.position()) : "-"};
       },
       [](const Entry& e) { return absl::StrCat(e.position()); }},
      {"run", "run", Align::kLeft,
       [](const Entry& e) -> Cell { return {ShortName(e.run())}; }},
      {"owner", "owner", Align::kLeft,
       [](const Entry& e) -> Cell { return {ShortName(e.owner())}; }},
      {"state", "state", Align::kLeft,
       [](const Entry& e) { return StateCell(StateNamed(e.state())); }},
      {"cpus", "cpus", Align::kRight,
       [](const Entry& e) -> Cell { return {absl::StrCat(e.cpus())}; }},
      {"memory_bytes", "memory", Align::kRight,
       [](const Entry& e) -> Cell { return {BytesText(e.memory_bytes())}; },
       [](const Entry& e) { return absl::StrCat(e.memory_bytes()); }},
      {"since", "since", Align::kRight,
       [now](const Entry& e) -> Cell {
         return {AgoOrDash(e.has_since(), e.since(), now)};
       },
       [](const Entry& e) { return IsoTime(e.has_since(), e.since()); }},
      {"explanation", "why", Align::kLeft,
       [](const Entry& e) -> Cell { return {e.explanation()}; }},
  };
}

absl::StatusOr<int> Queue(Session& session, int64_t limit) {
  if (limit < 1 || limit > 1000) {
    return absl::InvalidArgumentError(
        absl::StrCat("--limit ", limit, " is outside [1, 1000]"));
  }
  auto client = session.client();
  if (!client.ok()) return client.status();
  v1::ListQueueRequest request;
  request.set_page_size(static_cast<int32_t>(limit));
  const auto queue = (*client)->Call(calls::kListQueue, request);
  if (!queue.ok()) return queue.status();
  Listing<Entry> listing;
  listing.items.assign(queue->entries().begin(), queue->entries().end());
  listing.columns = Columns(session.now());
  listing.name = [](const Entry& entry) { return ShortName(entry.run()); };
  listing.whole = &*queue;
  listing.when_empty = "nothing runs and nothing waits";
  const absl::Status shown = Present(session, listing);
  if (!shown.ok()) return shown;
  if (session.wants_table() && queue->entries_size() > 0) {
    session.out() << Paint(absl::StrCat(
                               CountText(queue->running_runs()), " running, ",
                               CountText(queue->queued_runs()), " waiting"),
                           Tone::kDim, session.look())
                  << "\n";
  }
  return kDone;
}

}  // namespace

Command QueueVerb() {
  const auto limit = std::make_shared<int64_t>(100);
  Command command;
  command.name = "queue";
  command.summary = "Show what runs, and what waits in which order";
  command.arguments = {
      {"-l,--limit", "N", "at most so many (100)", limit.get()}};
  command.run = [limit](Session& session) { return Queue(session, *limit); };
  return command;
}

}  // namespace engram::cli
