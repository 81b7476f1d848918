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

CheckpointWriter::CheckpointWriter() : bytes_(kMagic) {}

void CheckpointWriter::Integer(int64_t value) {
  const uint64_t bits = static_cast<uint64_t>(value);
  for (int shift = 0; shift < 64; shift += 8) {
    bytes_.push_back(static_cast<char>((bits >> shift) & 0xff));
  }
}

void CheckpointWriter::Real(double value) {
  Integer(std::bit_cast<int64_t>(value));
}

void CheckpointWriter::Text(absl::string_view text) {
  Integer(static_cast<int64_t>(text.size()));
  bytes_.append(text.data(), text.size());
}

void CheckpointWriter::Bytes(std::span<const std::byte> bytes) {
  Text({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

std::string CheckpointWriter::Finish() {
  bytes_ += DigestOf(bytes_);
  return std::move(bytes_);
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
