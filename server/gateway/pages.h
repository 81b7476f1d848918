#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "server/gateway/http.h"

namespace engram {

// What a browser is allowed to do with any answer: load this server's own
// scripts, styles and pictures, and talk to this server alone; not be framed.
// `style_hash` lets one inline style sheet in; empty for none.
std::string ContentSecurityPolicy(absl::string_view style_hash);

// Says what this server is and how it is used from a terminal: the page at "/"
// of a server without the dashboard's files. `base_url` is "http://host:port".
HttpResponse WelcomePage(const std::string& base_url);

// A page of one heading and one paragraph, for people: plain texts, escaped.
HttpResponse MessagePage(int status, absl::string_view heading,
                         absl::string_view text);

}  // namespace engram
