#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/base/mutex.h"
#include "engram/v1/access.pb.h"
#include "server/rpc/caller.h"
#include "server/rpc/refusals.h"

namespace engram::store {
class Store;
}

namespace engram {

class Tokens;

// Codes that log a browser in, and the sessions that they give. A code lives
// in memory alone, as its SHA-256: it works once, for ten minutes, and not
// after a restart. A session is a token of the code's maker with the label
// "browser", so it expires, is listed and is revoked like any other.
// Thread-safe.
class LoginLinks {
 public:
  // What the audit calls the opening of a link and the end of a session.
  static constexpr char kLogin[] = "login";
  static constexpr char kLogout[] = "logout";

  // Both outlive the object.
  LoginLinks(store::Store& store, Tokens& tokens,
             std::function<int64_t()> now_us);

  struct Code {
    std::string text;
    int64_t expire_us = 0;
  };
  // RESOURCE_EXHAUSTED: the caller has 16 codes that were not used.
  // FAILED_PRECONDITION: the caller is no user.
  absl::StatusOr<Code> Make(const Caller& caller);

  struct Session {
    std::string secret;
    int64_t life_s = 0;
  };
  // Returns once the session is durable. NOT_FOUND: no such code, its time is
  // over, or the token that made it was revoked or has expired. The code is
  // used up in any case.
  // `peer` is who opened the link, for the audit.
  absl::StatusOr<Session> Redeem(const std::string& code,
                                 const std::string& peer);

  // Revokes the session's token, if it is one of a session. OK when there is
  // no such session.
  absl::Status End(const std::string& secret, const std::string& peer);

  // Where links lead: "http://127.0.0.1:7080"; empty while there is no HTTP.
  void SetBaseUrl(const std::string& base_url);
  std::string base_url() const;

 private:
  struct Offer {
    std::string user;   // "ada"
    std::string token;  // the caller's own, "tokens/3"
    v1::Scope scope = v1::SCOPE_UNSPECIFIED;
    int64_t expire_us = 0;  // of the code
    // Of the caller's own token, which no session outlives; the greatest
    // number for never.
    int64_t caller_expire_us = 0;
  };
  void Forget(int64_t now_us) ENGRAM_REQUIRES(mu_);
  std::optional<Offer> Take(const std::string& code, int64_t now_us);
  // Writes a login that did not come about down and gives its status back.
  absl::Status Refuse(const Offer& offer, const std::string& peer,
                      const absl::Status& why);

  store::Store& store_;
  Tokens& tokens_;
  const std::function<int64_t()> now_us_;
  Refusals refusals_;
  mutable Mutex mu_;
  std::string base_url_ GUARDED_BY(mu_);
  std::map<std::array<uint8_t, 32>, Offer> offers_ GUARDED_BY(mu_);
};

}  // namespace engram
