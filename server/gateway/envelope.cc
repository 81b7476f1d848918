#include "server/gateway/envelope.h"

#include "absl/strings/str_cat.h"

namespace engram {
namespace {

constexpr size_t kHeadBytes = 5;

uint32_t ReadLength(absl::string_view head) {
  uint32_t length = 0;
  for (size_t i = 1; i < kHeadBytes; ++i) {
    length = length << 8 | static_cast<unsigned char>(head[i]);
  }
  return length;
}

}  // namespace

std::string Envelope(uint8_t flags, absl::string_view message) {
  std::string bytes;
  bytes.reserve(kHeadBytes + message.size());
  bytes.push_back(static_cast<char>(flags));
  for (int shift = 24; shift >= 0; shift -= 8) {
    bytes.push_back(static_cast<char>(message.size() >> shift & 0xff));
  }
  bytes.append(message.data(), message.size());
  return bytes;
}

absl::StatusOr<std::vector<absl::string_view>> ReadEnvelopes(
    absl::string_view body) {
  std::vector<absl::string_view> messages;
  size_t at = 0;
  while (at < body.size()) {
    const absl::string_view rest = body.substr(at);
    if (rest.size() < kHeadBytes) {
      return absl::InvalidArgumentError(
          absl::StrCat("envelope at byte ", at, ": got ", rest.size(),
                       " bytes, wanted a head of ", kHeadBytes));
    }
    if (rest[0] != 0) {
      return absl::InvalidArgumentError(
          absl::StrCat("envelope at byte ", at, ": got flags ",
                       static_cast<int>(static_cast<unsigned char>(rest[0])),
                       ", wanted 0: requests are neither compressed nor ended "
                       "by a message"));
    }
    const size_t length = ReadLength(rest);
    if (length > rest.size() - kHeadBytes) {
      return absl::InvalidArgumentError(absl::StrCat(
          "envelope at byte ", at, ": got ", rest.size() - kHeadBytes,
          " bytes of a message, wanted the ", length, " that its head says"));
    }
    messages.push_back(rest.substr(kHeadBytes, length));
    at += kHeadBytes + length;
  }
  return messages;
}

}  // namespace engram
