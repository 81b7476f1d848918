#include "client/cli/live/follow.h"

#include <memory>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/cli/claims.h"
#include "client/cli/live/backfill.h"
#include "client/cli/live/board.h"
#include "client/cli/live/feed.h"
#include "client/cli/live/observer.h"
#include "client/cli/names.h"
#include "client/cli/wire/explain.h"
#include "client/cli/wording.h"

namespace engram::cli {
namespace {

constexpr absl::Duration kStep = absl::Milliseconds(100);

// Full names of what is watched; their experiments go on the board.
absl::StatusOr<std::vector<std::string>> Resolve(
    Client& client, const std::vector<std::string>& names, Board* board) {
  std::vector<std::string> parents;
  std::set<std::string> seen;
  for (const std::string& name : names) {
    v1::GetExperimentRequest request;
    request.set_name(FullName(ExperimentId(name)));
    auto experiment = client.Call(calls::kGetExperiment, request);
    if (!experiment.ok()) return experiment.status();
    std::string parent = experiment->name();
    if (IsRunName(name)) {
      v1::GetRunRequest run_request;
      run_request.set_name(FullName(name));
      auto run = client.Call(calls::kGetRun, run_request);
      if (!run.ok()) return run.status();
      parent = run->name();
      // One run is watched, not all of its experiment's.
      experiment->set_run_count(0);
    }
    parents.push_back(std::move(parent));
    if (seen.insert(experiment->name()).second) {
      board->AddExperiment(*experiment);
    }
  }
  return parents;
}

std::unique_ptr<Observer> ObserverFor(Session& session,
                                      const FollowOptions& options) {
  if (options.quiet) return MakeSilentObserver(&session);
  switch (session.format()) {
    case Format::kTable:
      break;
    case Format::kJson:
    case Format::kJsonl:
      return MakeJsonObserver(&session);
    default:
      return MakeSilentObserver(&session);
  }
  return session.host().out_is_terminal ? MakeScreenObserver(&session, options)
                                        : MakeLineObserver(&session);
}

// Tells how to come back, after Ctrl-C.
int Detach(Session& session, const std::vector<std::string>& parents) {
  std::vector<std::string> names;
  for (const std::string& parent : parents) names.push_back(ShortName(parent));
  session.err() << "detached; the runs go on. Watch again with: engram watch "
                << absl::StrJoin(names, " ") << "\n";
  return kInterrupted;
}

bool AllSucceeded(const Board& board) {
  return board.CountIn(v1::RUN_STATE_SUCCEEDED) == board.run_count();
}

v1::WatchRequest Request(const std::vector<std::string>& parents) {
  v1::WatchRequest request;
  for (const std::string& parent : parents) request.add_parents(parent);
  request.set_from_sequence(-1);
  request.set_until_done(!parents.empty());
  return request;
}

// The claims of experiments that ended, where a human watches.
void ShowClaims(Session& session, Client& client, const Board& board) {
  for (const auto& experiment : board.experiments()) {
    if (experiment.claims().empty() || experiment.run_count() == 0) continue;
    const auto settled = FetchSettled(session, client, experiment.name());
    if (!settled.ok()) continue;
    session.out() << "\n" << ClaimsText(*settled, session.look());
  }
}

void TakeIn(const v1::WatchResponse& response, Board* board,
            Observer* observer) {
  for (const v1::Event& event : response.events()) {
    board->Apply(event);
    observer->OnEvent(event, *board);
  }
}

}  // namespace

absl::StatusOr<int> Follow(Session& session, const FollowOptions& options) {
  auto client = session.client();
  if (!client.ok()) return client.status();
  Host& host = session.host();
  host.interrupted();  // from here on Ctrl-C detaches
  Board board;
  auto parents = Resolve(**client, options.names, &board);
  if (!parents.ok()) return parents.status();
  board.SetOrder(FetchOutputOrder(**client));
  EventFeed feed(*client, &host, Request(*parents));
  const auto observer = ObserverFor(session, options);
  const bool on_screen = host.out_is_terminal && session.wants_table();
  bool filled = !on_screen || options.quiet;
  while (!host.interrupted()) {
    v1::WatchResponse response;
    const auto outcome = feed.Next(&response, kStep);
    if (!outcome.ok()) return outcome.status();
    if (*outcome == EventFeed::Outcome::kDone) {
      observer->OnEnd(board);
      const bool shows = !options.quiet && session.wants_table();
      if (shows && options.with_claims) ShowClaims(session, **client, board);
      return AllSucceeded(board) ? kDone : kRunOrClaimFailed;
    }
    if (*outcome == EventFeed::Outcome::kEvents) {
      TakeIn(response, &board, observer.get());
      if (!filled) FillCharts(**client, options.metric, &board);
      filled = true;
    }
    board.Sample(session.now());
    observer->OnTick(board, feed);
  }
  observer->OnEnd(board);
  return Detach(session, *parents);
}

}  // namespace engram::cli
