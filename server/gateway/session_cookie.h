#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace engram {

// The cookie that a browser's session lives in. Its name has the port, because
// browsers keep one set of cookies for all ports of a host.
class SessionCookie {
 public:
  // `is_secure`: for TLS alone, and bound to this very host.
  SessionCookie(int port, bool is_secure);

  // The secret in a "Cookie" header.
  std::optional<std::string> Read(absl::string_view header) const;
  // Values of "Set-Cookie". Strict: sent with requests of our own pages alone.
  std::string Set(absl::string_view secret, int64_t life_s) const;
  std::string Clear() const;

 private:
  std::string name_;
  std::string attributes_;
};

}  // namespace engram
