#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace engram {

// How the gateway turns login codes into sessions; what stands behind it keeps
// them. Both calls return at once and answer on any thread, exactly once;
// `peer` is who asks, as HttpRequest::SchemeAndPeer says.
struct Logins {
  struct Session {
    std::string secret;  // the bearer token that the cookie stands for
    int64_t life_s = 0;
  };
  // NOT_FOUND: no such code, or it was used, or its time is over.
  std::function<void(std::string code, std::string peer,
                     std::function<void(absl::StatusOr<Session>)> done)>
      redeem;
  // Ends the session of that secret. OK when there is none.
  std::function<void(std::string secret, std::string peer,
                     std::function<void(absl::Status)> done)>
      end;
};

}  // namespace engram
