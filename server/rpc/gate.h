#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/rpc/caller.h"

namespace google::protobuf {
class Message;
}

namespace engram::store {
class Store;
}

namespace engram {

class Pool;
class Tokens;

// What the transport knows about a call before anybody has looked at it.
struct CallFacts {
  std::string method;                        // "engram.v1.Runs.GetRun"
  std::optional<std::string> authorization;  // the header's value
  std::string peer;
};

// What every call passes, whatever it came by: token, scope, request id; one
// log line and, for a mutation, the audit entry and the remembered reply.
//
// Each call of a method that changes something leaves one audit entry, durable
// before its answer: with the change in one transaction where it succeeds, of
// its own with the code as outcome where it is refused or fails. Trials and
// repeated requests leave none. Refusals are bounded as refusals.h says.
//
// Knows no gRPC type; handler.h joins it to gRPC. Thread-safe.
class Gate {
 public:
  // All outlive the gate. `now_us` gives UTC microseconds.
  Gate(Tokens& tokens, store::Store& store, Pool& pool,
       std::function<int64_t()> now_us);
  ~Gate();
  Gate(const Gate&) = delete;
  Gate& operator=(const Gate&) = delete;

  // Whether the bearer may call the method, and who he is. UNAUTHENTICATED and
  // PERMISSION_DENIED say what is wrong with the token and how to get one.
  // Streaming calls ask this themselves; unary ones go through Call.
  // `known` gets what the token says of a caller who is refused.
  absl::StatusOr<Caller> Authenticate(const CallFacts& facts,
                                      Caller* known = nullptr) const;

  // Calls `then` once the audit entry of a call that ended with `status`, no
  // OK, is durable; at once for a method that changes nothing. `target` is the
  // name of what the call was about, if it said.
  void RecordFailure(const CallFacts& facts, const Caller& caller,
                     const std::string& target, const absl::Status& status,
                     std::function<void()> then) const;

  // Checks the call, runs `perform` on the pool (it fills `reply`), then calls
  // `done` once. `request` and `reply` live until then. A mutation whose
  // request id is known is answered with the first reply and not performed;
  // one whose twin is being performed waits for it.
  using Perform = std::function<absl::Status(const Caller&)>;
  using Done = std::function<void(const absl::Status&)>;
  void Call(CallFacts facts, const google::protobuf::Message& request,
            google::protobuf::Message& reply, Perform perform, Done done);

  // The line that a streaming call writes when it ends. Chunks that come and go
  // as they should are many, and are told at level debug alone.
  void LogEnd(const CallFacts& facts, const Caller* caller,
              const absl::Status& status, int64_t begun_us) const;

  // Calls refused for their token or scope since the start.
  int64_t refused_calls() const;
  // Hears of every call that has ended, a streaming one or not. Set once,
  // before the first call.
  using OnEnd = std::function<void(const std::string& method,
                                   const absl::Status& status, double seconds)>;
  void SetOnEnd(OnEnd on_end);

  int64_t NowUs() const;
  Pool& pool() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace engram
