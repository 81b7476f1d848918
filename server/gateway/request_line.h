#pragma once

#include <cstdint>
#include <string>

namespace engram {

// What the log says of one request. The path comes without its query, which
// may hold a login code.
struct RequestLine {
  std::string method;
  std::string path;  // at most 200 bytes
  int status = 0;    // 0: nothing was answered
  int64_t sent_bytes = 0;
  int64_t duration_us = 0;
  std::string peer;
  // The client left, or was too slow, before the answer's end.
  bool is_broken = false;
};

}  // namespace engram
