#pragma once

#include <chrono>
#include <cstdint>

#include "google/protobuf/duration.pb.h"

namespace engram {

inline google::protobuf::Duration ToProto(std::chrono::nanoseconds length) {
  const auto whole = std::chrono::floor<std::chrono::seconds>(length);
  google::protobuf::Duration duration;
  duration.set_seconds(whole.count());
  duration.set_nanos(static_cast<int32_t>((length - whole).count()));
  return duration;
}

}  // namespace engram
