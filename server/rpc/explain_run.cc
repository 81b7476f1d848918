#include "absl/strings/str_cat.h"
#include "server/queue/queue.h"
#include "server/queue/run_state.h"
#include "server/rpc/message.h"
#include "server/rpc/name.h"
#include "server/rpc/runs.h"
#include "server/store/store.h"

namespace engram {
namespace {

// Of a run that the queue no longer has anything to do with.
v1::ExplainRunResponse FromRecord(const store::RunRow& row) {
  v1::ExplainRunResponse reply;
  reply.set_state(StateOf(row.state));
  std::string text = absl::StrCat("it is ", UpperState(row.state), ": ",
                                  row.state_reason, " (", row.state_actor, ")");
  if (!row.error_message.empty()) {
    absl::StrAppend(&text, "; ", row.error_reason, ": ", row.error_message);
  }
  reply.set_explanation(text);
  return reply;
}

}  // namespace

absl::StatusOr<v1::ExplainRunResponse> ExplainRun(
    const Caller& /*caller*/, const v1::ExplainRunRequest& request,
    const Parts& parts) {
  RunName name;
  auto row = parts.store.Read(
      [&](store::Reader& reader) -> absl::StatusOr<store::RunRow> {
        auto run = FindRunNamed(reader, request.name());
        if (!run.ok()) return run.status();
        name = run->name;
        return store::ReadRun(reader, run->key);
      });
  if (!row.ok()) return row.status();
  if (HasEnded(ParseRunState(row->state).value_or(RunState::kQueued))) {
    return FromRecord(*row);
  }
  auto explained = parts.queue.Explain(name);
  if (!explained.ok()) return explained.status();
  v1::ExplainRunResponse reply;
  reply.set_state(
      static_cast<v1::RunState>(static_cast<int>(explained->state)));
  reply.set_explanation(explained->text);
  reply.set_position(explained->position);
  if (explained->expected_start_us.has_value()) {
    *reply.mutable_expected_start_time() = Time(*explained->expected_start_us);
  }
  return reply;
}

}  // namespace engram
