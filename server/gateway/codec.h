#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace google::protobuf {
class Descriptor;
}

namespace engram {

// How messages are written in a body: as canonical proto3 JSON or as bytes.
enum class Encoding { kJson, kProto };

// The bytes of the message that `text` holds. INVALID_ARGUMENT says where the
// JSON breaks off, or which field does not exist (with the nearest that does)
// or cannot have that value. An empty text is an empty message.
absl::StatusOr<std::string> DecodeMessage(
    Encoding encoding, const google::protobuf::Descriptor& type,
    absl::string_view text);

// The other way. INTERNAL: these bytes are no such message.
absl::StatusOr<std::string> EncodeMessage(
    Encoding encoding, const google::protobuf::Descriptor& type,
    absl::string_view bytes);

}  // namespace engram
