#pragma once

#include <functional>
#include <optional>
#include <string>

#include "absl/status/statusor.h"

namespace engram {

// Who asks for the page of metrics.
struct MetricsRequest {
  std::optional<std::string> authorization;  // the header's value
  int http_connections = 0;                  // open now
};

// Makes the page in Prometheus's text format, for who may see it:
// UNAUTHENTICATED and PERMISSION_DENIED say what is wrong with the token.
// Returns at once and answers on any thread, exactly once.
using MetricsSource =
    std::function<void(MetricsRequest request,
                       std::function<void(absl::StatusOr<std::string>)> done)>;

}  // namespace engram
