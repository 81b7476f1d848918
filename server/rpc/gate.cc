#include "server/rpc/gate.h"

#include <google/protobuf/message.h>

#include <map>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/base/contract.h"
#include "core/base/mutex.h"
#include "server/rpc/access.h"
#include "server/rpc/bearer.h"
#include "server/rpc/log.h"
#include "server/rpc/pool.h"
#include "server/rpc/refusals.h"
#include "server/rpc/request_id.h"
#include "server/rpc/status.h"
#include "server/rpc/tokens.h"
#include "server/store/audit_table.h"
#include "server/store/store.h"

namespace engram {
namespace {

absl::Status TooWeak(const std::string& method, const Caller& caller,
                     v1::Scope needed) {
  return NotPermitted(
      "SCOPE_TOO_WEAK",
      absl::StrCat(method, " needs a token of scope ", ScopeName(needed),
                   "; the one of this call (",
                   caller.token.empty() ? caller.user : caller.token,
                   ") has scope ", ScopeName(caller.scope), "; ",
                   HowToGetAToken()));
}

// Worker tokens never cross a network in the clear, nor come from browsers.
bool MayCarryWorkers(absl::string_view peer) {
  for (const char* plain : {"ipv4:", "ipv6:", "http:", "https:"}) {
    if (absl::StartsWith(peer, plain)) return false;
  }
  return true;
}

// Whatever a call throws is a fault of the server's own and costs that call
// alone.
absl::Status Guarded(const Gate::Perform& perform, const Caller& caller) try {
  return perform(caller);
} catch (const std::exception& error) {
  Log(Severity::kError, "a call broke a promise",
      {{"what", std::string(error.what())}, {"request_id", caller.request_id}});
  return absl::InternalError(absl::StrCat(
      "the server made a mistake (please report it): ", error.what()));
}

}  // namespace

struct Gate::State {
  struct Pending {
    CallFacts facts;
    const google::protobuf::Message* request;
    google::protobuf::Message* reply;
    Perform perform;
    Done done;
    Caller caller;
    int64_t begun_us = 0;
    bool is_left_out = false;  // one of more refusals than are written down
  };
  using Shared = std::shared_ptr<Pending>;

  Tokens& tokens;
  store::Store& store;
  Pool& pool;
  const std::function<int64_t()> now_us;
  // Of tokens and scopes, and of changes that failed otherwise.
  Refusals refusals, failures;
  OnEnd on_end;
  Mutex mu;
  // Mutations at work, by user and request id, with the calls of the same id
  // that wait for them.
  std::map<std::string, std::vector<Shared>> at_work GUARDED_BY(mu);

  // How a call that may not be made, or whose change failed, is written down.
  bool IsRecorded(const CallFacts& facts, const Caller& caller,
                  const absl::Status& status);
  void Finish(const Shared& call, const absl::Status& status);
  // Finishes once what has to be written down of a failure is.
  void End(const Shared& call, const absl::Status& status);
  void Append(const CallFacts& facts, const Caller& caller,
              const std::string& target, const absl::Status& status,
              std::function<void()> then);
  void RunMutation(const Shared& call);
  absl::Status PerformOnce(Pending& call);
};

bool Gate::State::IsRecorded(const CallFacts& facts, const Caller& caller,
                             const absl::Status& status) {
  const bool is_refused =
      absl::IsUnauthenticated(status) || absl::IsPermissionDenied(status);
  const std::string origin =
      caller.user.empty() ? HostOf(facts.peer) : caller.user;
  const Refusals::Verdict verdict =
      (is_refused ? refusals : failures).Count(origin, now_us());
  if (verdict.left_out > 0) {
    Log(Severity::kWarn, "calls that were refused or failed were left out",
        {{"origin", origin}, {"calls", verdict.left_out}});
  }
  return verdict.is_recorded;
}

void Gate::State::Finish(const Shared& call, const absl::Status& status) {
  const double ms = static_cast<double>(now_us() - call->begun_us) / 1000;
  const bool is_ours = status.code() == absl::StatusCode::kInternal ||
                       status.code() == absl::StatusCode::kDataLoss ||
                       status.code() == absl::StatusCode::kUnknown;
  const Severity level = is_ours             ? Severity::kError
                         : call->is_left_out ? Severity::kDebug
                                             : Severity::kInfo;
  Log(level, "call",
      {{"method", call->facts.method},
       {"user", call->caller.user},
       {"request_id", call->caller.request_id},
       {"code", absl::StatusCodeToString(status.code())},
       {"ms", ms},
       {"peer", call->facts.peer}});
  if (on_end) on_end(call->facts.method, status, ms / 1000);
  // After this the request may be gone.
  call->done(status);
}

absl::Status Gate::State::PerformOnce(Pending& call) {
  KeptRequest kept(call.caller, call.facts.method,
                   call.facts.authorization.value_or(""), *call.request,
                   now_us());
  absl::StatusOr<bool> replayed = kept.Replay(store, *call.reply);
  if (!replayed.ok()) return replayed.status();
  if (*replayed) return absl::OkStatus();
  call.caller.receipt = &kept;
  absl::Status status = Guarded(call.perform, call.caller);
  call.caller.receipt = nullptr;
  if (!status.ok() || kept.is_kept()) return status;
  return store.Write([&](store::Transaction& transaction) {
    return kept.Keep(transaction, *call.reply);
  });
}

void Gate::State::RunMutation(const Shared& call) {
  const std::string key =
      absl::StrCat(call->caller.user, "\n", call->caller.request_id);
  {
    MutexLock lock(mu);
    const auto [entry, is_first] = at_work.try_emplace(key);
    if (!is_first) {
      entry->second.push_back(call);
      return;
    }
  }
  absl::Status status =
      Guarded([&](const Caller&) { return PerformOnce(*call); }, call->caller);
  std::vector<Shared> waiting;
  {
    MutexLock lock(mu);
    waiting.swap(at_work[key]);
    at_work.erase(key);
  }
  End(call, status);
  for (const Shared& twin : waiting) {
    pool.Add([this, twin] { RunMutation(twin); });
  }
}

void Gate::State::End(const Shared& call, const absl::Status& status) {
  if (status.ok()) return Finish(call, status);
  const auto* access = FindAccess(call->facts.method);
  const bool is_refused =
      absl::IsUnauthenticated(status) || absl::IsPermissionDenied(status);
  const bool is_change =
      access != nullptr && access->mutation() && !IsTrial(*call->request);
  if (!is_change && !is_refused) return Finish(call, status);
  call->is_left_out = !IsRecorded(call->facts, call->caller, status);
  if (call->is_left_out || !is_change) return Finish(call, status);
  Append(call->facts, call->caller, TargetOf(*call->request), status,
         [this, call, status] { Finish(call, status); });
}

void Gate::State::Append(const CallFacts& facts, const Caller& caller,
                         const std::string& target, const absl::Status& status,
                         std::function<void()> then) {
  store::AuditRow row;
  row.time_us = now_us();
  row.user = caller.user;
  row.token = caller.token;
  row.method = facts.method;
  row.target = target;
  row.request_id = caller.request_id;
  row.peer = facts.peer;
  row.outcome = absl::StatusCodeToString(status.code());
  store.WriteAsync(
      [row = std::move(row)](store::Transaction& transaction) {
        store::AppendAudit(transaction, row);
        return absl::OkStatus();
      },
      // What follows may take a while, and the writer must not wait for it.
      [this, then = std::move(then)](const absl::Status& written) {
        if (!written.ok()) {
          Log(Severity::kError, "an audit entry could not be stored",
              {{"error", std::string(written.message())}});
        }
        pool.Add(then);
      });
}

Gate::Gate(Tokens& tokens, store::Store& store, Pool& pool,
           std::function<int64_t()> now_us)
    : state_(new State{.tokens = tokens,
                       .store = store,
                       .pool = pool,
                       .now_us = std::move(now_us),
                       .refusals = {},
                       .failures = {},
                       .on_end = nullptr,
                       .mu = {},
                       .at_work = {}}) {}

Gate::~Gate() = default;

int64_t Gate::NowUs() const { return state_->now_us(); }
Pool& Gate::pool() const { return state_->pool; }

absl::StatusOr<Caller> Gate::Authenticate(const CallFacts& facts,
                                          Caller* known) const {
  const v1::Access* access = FindAccess(facts.method);
  if (access == nullptr) {
    return NotPermitted("NO_ACCESS_RULE",
                        absl::StrCat(facts.method, " is open to nobody"));
  }
  absl::StatusOr<Caller> caller = state_->tokens.Check(facts.authorization);
  if (!caller.ok()) return caller.status();
  caller->peer = facts.peer;
  if (known != nullptr) *known = *caller;
  if (!Includes(caller->scope, access->scope())) {
    return TooWeak(facts.method, *caller, access->scope());
  }
  if (access->scope() == v1::SCOPE_WORKER && !MayCarryWorkers(facts.peer)) {
    return NotPermitted(
        "TRANSPORT_TOO_WEAK",
        absl::StrCat(facts.method,
                     " is served on the server's Unix socket and on its port "
                     "under TLS alone, and this call came by neither; attach "
                     "the worker there, with --ca for a lab's own authority"));
  }
  return caller;
}

void Gate::Call(CallFacts facts, const google::protobuf::Message& request,
                google::protobuf::Message& reply, Perform perform, Done done) {
  auto call = std::make_shared<State::Pending>(
      State::Pending{.facts = std::move(facts),
                     .request = &request,
                     .reply = &reply,
                     .perform = std::move(perform),
                     .done = std::move(done),
                     .caller = {},
                     .begun_us = NowUs()});
  const absl::StatusOr<Caller> caller =
      Authenticate(call->facts, &call->caller);
  if (!caller.ok()) return state_->End(call, caller.status());

  State* const state = state_.get();
  if (!FindAccess(call->facts.method)->mutation() || IsTrial(request)) {
    state->pool.Add([state, call] {
      state->Finish(call, Guarded(call->perform, call->caller));
    });
    return;
  }
  absl::StatusOr<std::string> request_id = RequestIdOf(request);
  if (!request_id.ok()) return state_->End(call, request_id.status());
  call->caller.request_id = *std::move(request_id);
  state->pool.Add([state, call] { state->RunMutation(call); });
}

void Gate::RecordFailure(const CallFacts& facts, const Caller& caller,
                         const std::string& target, const absl::Status& status,
                         std::function<void()> then) const {
  const auto* access = FindAccess(facts.method);
  if (access == nullptr || !access->mutation() ||
      !state_->IsRecorded(facts, caller, status)) {
    return then();
  }
  state_->Append(facts, caller, target, status, std::move(then));
}

int64_t Gate::refused_calls() const { return state_->refusals.total(); }

void Gate::LogEnd(const CallFacts& facts, const Caller* caller,
                  const absl::Status& status, int64_t begun_us) const {
  bool is_routine =
      status.ok() && absl::StartsWith(facts.method, "engram.v1.Blobs.");
  // Refusals are bounded, as those of other calls are.
  if (caller == nullptr) {
    is_routine = !state_->IsRecorded(facts, Caller(), status);
  }
  Log(is_routine ? Severity::kDebug : Severity::kInfo, "call",
      {{"method", facts.method},
       {"user", caller == nullptr ? "" : caller->user},
       {"request_id", caller == nullptr ? "" : caller->request_id},
       {"code", absl::StatusCodeToString(status.code())},
       {"ms", static_cast<double>(NowUs() - begun_us) / 1000},
       {"peer", facts.peer}});
  if (state_->on_end) {
    state_->on_end(facts.method, status,
                   static_cast<double>(NowUs() - begun_us) / 1e6);
  }
}

void Gate::SetOnEnd(OnEnd on_end) { state_->on_end = std::move(on_end); }

}  // namespace engram
