#pragma once

#include <set>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace engram {

// Under which names browsers may know this server. A page of another name that
// resolves to this address (DNS rebinding) sends that name as Host, and is
// refused; a page of another server sends its own Origin.
class OwnAddresses {
 public:
  // `address` is the IP address listened on; `names` are further host names and
  // addresses, without port; "*.lab.example" stands for one label more.
  OwnAddresses(absl::string_view address, int port,
               const std::vector<std::string>& names, bool is_https);

  // "localhost:7080", "127.0.0.1:7080", "[::1]:7080".
  bool IsOwnHost(absl::string_view host) const;
  // "http://localhost:7080"; "null" never is.
  bool IsOwnOrigin(absl::string_view origin) const;
  // All hosts, for messages.
  std::string List() const;

 private:
  std::string scheme_;  // "http://"
  std::set<std::string> hosts_;
};

}  // namespace engram
