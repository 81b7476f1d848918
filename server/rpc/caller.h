#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "engram/v1/access.pb.h"

namespace google::protobuf {
class Message;
}

namespace engram::store {
class Transaction;
}

namespace engram {

// Remembers the reply of one mutation together with the mutation itself, so
// that a repeated request gets the first answer even when the server dies
// between the two.
class Receipt {
 public:
  virtual ~Receipt() = default;
  // Writes request id, reply and audit row. Call it in the transaction that
  // makes the change; a call that does not gets them in one of their own after
  // it has succeeded.
  virtual absl::Status Keep(store::Transaction& transaction,
                            const google::protobuf::Message& reply) = 0;
};

// Who makes a call, as his token says. A call's plain function gets it as its
// first argument and decides with it what is the owner's alone.
struct Caller {
  std::string user;  // "users/ada"; of a worker process "workers/3"
  v1::Scope scope = v1::SCOPE_UNSPECIFIED;
  std::string token;                 // "tokens/3"; empty for a worker process
  std::optional<int64_t> expire_us;  // absent: the token does not expire
  std::string peer;                  // handler.h says in what form
  std::string request_id;            // empty where nothing changes
  Receipt* receipt = nullptr;        // of a mutation; lives as long as the call

  bool IsAdmin() const { return scope == v1::SCOPE_ADMIN; }
  // Changing, cancelling and deleting is the owner's and admins'.
  bool MayChange(const std::string& owner) const {
    return IsAdmin() || user == owner;
  }
};

}  // namespace engram
