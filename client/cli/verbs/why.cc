#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "client/cli/fields.h"
#include "client/cli/listing.h"
#include "client/cli/names.h"
#include "client/cli/verbs/verbs.h"
#include "client/cli/wire/explain.h"
#include "client/cli/wording.h"

namespace engram::cli {
namespace {

std::string Text(const v1::ExplainRunResponse& why,
                 const v1::ListTransitionsResponse& history, const Look& look,
                 absl::Time now) {
  Fields fields;
  const Cell state = StateCell(why.state());
  fields.Add("state", state.text, state.tone);
  fields.Add("because", why.explanation());
  if (why.position() > 0) {
    fields.Add("place in the queue", CountText(why.position()));
  }
  if (why.has_expected_start_time()) {
    fields.Add("expected start",
               AgoText(TimeOf(why.expected_start_time()), now));
  }
  std::string text = fields.Render(look);
  if (history.transitions().empty()) return text;
  Table table({{"when"}, {"state"}, {"by"}, {"why"}});
  for (const auto& change : history.transitions()) {
    table.AddRow({{ClockText(TimeOf(change.time())), Tone::kDim},
                  StateCell(change.to_state()),
                  {change.actor()},
                  {change.reason()}});
  }
  return absl::StrCat(text, "\n", table.Render(look));
}

absl::StatusOr<int> Why(Session& session, const std::string& name) {
  auto client = session.client();
  if (!client.ok()) return client.status();
  if (!IsRunName(name)) {
    return absl::InvalidArgumentError(
        absl::StrCat(name, " is an experiment; name a run: ", name, "/0"));
  }
  v1::ExplainRunRequest request;
  request.set_name(FullName(name));
  const auto why = (*client)->Call(calls::kExplainRun, request);
  if (!why.ok()) return why.status();
  v1::ListTransitionsRequest history_request;
  history_request.set_name(FullName(name));
  const auto history =
      (*client)->Call(calls::kListTransitions, history_request);
  if (!history.ok()) return history.status();
  using W = v1::ExplainRunResponse;
  const absl::Status shown = PresentOne(
      session, *why,
      {{"state", "", Align::kLeft,
        [](const W& w) { return StateCell(w.state()); }},
       {"position", "", Align::kRight,
        [](const W& w) -> Cell { return {absl::StrCat(w.position())}; }},
       {"expected_start_time", "", Align::kLeft,
        [](const W& w) -> Cell {
          return {
              IsoTime(w.has_expected_start_time(), w.expected_start_time())};
        }},
       {"explanation", "", Align::kLeft,
        [](const W& w) -> Cell { return {w.explanation()}; }}},
      ShortName(name),
      [&] { return Text(*why, *history, session.look(), session.now()); });
  if (!shown.ok()) return shown;
  return kDone;
}

}  // namespace

Command WhyVerb() {
  const auto name = std::make_shared<std::string>();
  Command command;
  command.name = "why";
  command.summary = "Say why a run is in the state it is in";
  command.details =
      "And, where it waits, for what, its place in the queue and when it is "
      "expected to start; then every change of its state.";
  command.arguments = {
      {"RUN", "", "a run (k7m2q9xw4p/17)", name.get(), true, Completes::kRun}};
  command.run = [name](Session& session) { return Why(session, *name); };
  return command;
}

}  // namespace engram::cli
