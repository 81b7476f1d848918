#include "core/programs/checkpoint_format.h"

#include <array>
#include <bit>
#include <cstring>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/base/sha256.h"

namespace engram {
namespace {

constexpr absl::string_view kFamily = "engram checkpoint ";
constexpr absl::string_view kMagic = "engram checkpoint 1\n";
constexpr size_t kDigest = 32;
// Fields are gathered up to this size, larger ones cut into such pieces.
constexpr size_t kGathered = 64 << 10;
constexpr size_t kPiece = 1 << 20;

std::string DigestOf(absl::string_view bytes) {
  const std::array<uint8_t, kDigest> digest = Sha256(bytes);
  return std::string(reinterpret_cast<const char*>(digest.data()), kDigest);
}

std::string FaultOf(absl::string_view bytes) {
  if (!absl::StartsWith(bytes, kMagic)) {
    if (!absl::StartsWith(bytes, kFamily)) return "these bytes are none";
    return absl::StrCat(
        "it has format ",
        bytes.substr(kFamily.size(), bytes.find('\n') - kFamily.size())
            .substr(0, 20),
        ", this build reads format 1");
  }
  if (bytes.size() < kMagic.size() + kDigest) return "it is cut short";
  const absl::string_view body = bytes.substr(0, bytes.size() - kDigest);
  if (DigestOf(body) != bytes.substr(body.size())) {
    return "it is cut short or altered: its SHA-256 does not match";
  }
  return "";
}

}  // namespace

CheckpointWriter::CheckpointWriter(CheckpointSink sink)
    : sink_(sink), gathered_(kMagic) {}

void CheckpointWriter::Integer(int64_t value) {
  const uint64_t bits = static_cast<uint64_t>(value);
  std::array<char, 8> bytes;
  for (size_t i = 0; i < bytes.size(); ++i) {
    bytes[i] = static_cast<char>((bits >> (8 * i)) & 0xff);
  }
  Append({bytes.data(), bytes.size()});
}

void CheckpointWriter::Real(double value) {
  Integer(std::bit_cast<int64_t>(value));
}

void CheckpointWriter::Text(absl::string_view text) {
  Integer(static_cast<int64_t>(text.size()));
  Append(text);
}

void CheckpointWriter::Bytes(std::span<const std::byte> bytes) {
  Text({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

absl::Status CheckpointWriter::Finish() {
  Flush();
  if (!status_.ok()) return status_;
  const std::array<uint8_t, kDigest> digest = digest_.Finish();
  return sink_(absl::string_view(reinterpret_cast<const char*>(digest.data()),
                                 digest.size()));
}

void CheckpointWriter::Append(absl::string_view bytes) {
  if (gathered_.size() + bytes.size() <= kGathered) {
    gathered_.append(bytes.data(), bytes.size());
    return;
  }
  Flush();
  for (size_t at = 0; at < bytes.size(); at += kPiece) {
    Send(bytes.substr(at, kPiece));
  }
}

void CheckpointWriter::Flush() {
  if (!gathered_.empty()) Send(gathered_);
  gathered_.clear();
}

void CheckpointWriter::Send(absl::string_view piece) {
  if (!status_.ok()) return;
  digest_.Add(piece);
  status_ = sink_(piece);
}

CheckpointReader::CheckpointReader(absl::string_view bytes)
    : fault_(FaultOf(bytes)) {
  if (!ok()) return;
  rest_ = bytes.substr(kMagic.size(), bytes.size() - kMagic.size() - kDigest);
}

absl::string_view CheckpointReader::Take(size_t size) {
  if (size > rest_.size()) {
    rest_ = {};
    if (fault_.empty()) fault_ = "a field reaches beyond its end";
    return {};
  }
  const absl::string_view taken = rest_.substr(0, size);
  rest_.remove_prefix(size);
  return taken;
}

int64_t CheckpointReader::Integer() {
  const absl::string_view bytes = Take(8);
  uint64_t bits = 0;
  for (size_t i = 0; i < bytes.size(); ++i) {
    bits |= uint64_t{static_cast<uint8_t>(bytes[i])} << (8 * i);
  }
  return static_cast<int64_t>(bits);
}

double CheckpointReader::Real() { return std::bit_cast<double>(Integer()); }

absl::string_view CheckpointReader::Text() {
  return Take(static_cast<size_t>(Count()));
}

int64_t CheckpointReader::Count() {
  const int64_t count = Integer();
  if (count >= 0 && static_cast<uint64_t>(count) <= rest_.size()) return count;
  Take(rest_.size() + 1);
  return 0;
}

}  // namespace engram
