#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"

namespace engram {

// One HTTP request that has arrived completely.
struct HttpRequest {
  std::string method;  // "POST"
  std::string path;    // "/engram.v1.Runs/GetRun", as it was sent
  std::string query;   // what follows '?', without it
  // In the order of arrival; names in lower case.
  std::vector<std::pair<std::string, std::string>> fields;
  std::string body;
  std::string peer;           // "127.0.0.1:40112"
  bool is_encrypted = false;  // came under TLS

  // The first field of that name.
  std::optional<absl::string_view> Field(absl::string_view name) const;
  int FieldCount(absl::string_view name) const;
  // "https:10.0.0.7:40112", as the server's log and audit have it.
  std::string SchemeAndPeer() const;
};

struct HttpResponse {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> fields;
  std::string body;
};

// "Not Found"; "Status" for a number without a name of its own.
absl::string_view ReasonPhrase(int status);

// Status line and header fields with the empty line that ends them. Whatever
// could end a field early (a line break in a value) is replaced by a space.
std::string FormatHead(const HttpResponse& response);

// What goes over a URL's escapes ("%20") to the bytes they mean; nothing for a
// broken escape.
std::optional<std::string> PercentDecode(absl::string_view text);

// The value of `name` in a query such as "code=1&next=2"; decoded.
std::optional<std::string> QueryValue(absl::string_view query,
                                      absl::string_view name);

}  // namespace engram
