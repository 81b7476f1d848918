#pragma once

#include <array>
#include <cstdint>
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

// The `request_id` of a mutation's request: 1 to 64 letters, digits, '-', '_'.
// INVALID_ARGUMENT (BadRequest) otherwise.
absl::StatusOr<std::string> RequestIdOf(
    const google::protobuf::Message& request);

// Whether the request only tries what it would do (`validate_only`, `dry_run`):
// then nothing changes and nothing is remembered.
bool IsTrial(const google::protobuf::Message& request);

// The name of what the request is about, as far as it says; at most 200 bytes.
std::string TargetOf(const google::protobuf::Message& request);

// One mutation in its caller's words, as it is remembered for 7 days.
class KeptRequest final : public Receipt {
 public:
  KeptRequest(const Caller& caller, std::string method, std::string bearer,
              const google::protobuf::Message& request, int64_t now_us);

  // Whether this request was answered before; then `reply` is that answer.
  // INVALID_ARGUMENT: the id belongs to another request.
  absl::StatusOr<bool> Replay(store::Store& store,
                              google::protobuf::Message& reply) const;

  absl::Status Keep(store::Transaction& transaction,
                    const google::protobuf::Message& reply) override;
  bool is_kept() const { return is_kept_; }

 private:
  std::string user_, token_, peer_, request_id_, method_, target_;
  // What the caller sent as his token. A reply that holds a new secret is
  // stored under a pad made from it, so the store alone gives no secret away.
  std::string bearer_;
  std::array<uint8_t, 32> request_sha256_;
  int64_t now_us_;
  bool is_kept_ = false;
};

}  // namespace engram
