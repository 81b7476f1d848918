#include "server/store/series_codec.h"

#include <bit>
#include <cstddef>

#include "absl/strings/str_cat.h"
#include "engram/store/v1/series_chunk.pb.h"
#include "server/store/zstd_frame.h"

namespace engram::store {
namespace {

constexpr int kZstdLevel = 1;  // a chunk may be rewritten for every point
constexpr int64_t kMaxPlainBytes = 16 << 20;
constexpr size_t kWordBytes = sizeof(double);

absl::Status Damaged(absl::string_view why) {
  return absl::DataLossError(
      absl::StrCat("a chunk of a series cannot be read: ", why));
}

// Neighbours differ in few bits, so the XOR of their bits is mostly zeros, at
// the same places: laid out byte by byte these become long runs.
template <class Get>
std::string ToPlanes(std::span<const SeriesPoint> points, const Get& get) {
  std::string planes(points.size() * kWordBytes, '\0');
  uint64_t before = 0;
  for (size_t i = 0; i < points.size(); ++i) {
    const uint64_t bits = std::bit_cast<uint64_t>(get(points[i]));
    const uint64_t change = bits ^ before;
    before = bits;
    for (size_t b = 0; b < kWordBytes; ++b)
      planes[b * points.size() + i] = static_cast<char>(change >> (8 * b));
  }
  return planes;
}

template <class Set>
void FromPlanes(absl::string_view planes, std::vector<SeriesPoint>& points,
                const Set& set) {
  uint64_t bits = 0;
  for (size_t i = 0; i < points.size(); ++i) {
    for (size_t b = 0; b < kWordBytes; ++b) {
      const auto byte = static_cast<uint8_t>(planes[b * points.size() + i]);
      bits ^= static_cast<uint64_t>(byte) << (8 * b);
    }
    set(points[i], std::bit_cast<double>(bits));
  }
}

bool IsSound(const v1::SeriesChunk& chunk) {
  if (chunk.point_count() < 0 || chunk.point_count() > kChunkPoints)
    return false;
  const size_t bytes = static_cast<size_t>(chunk.point_count()) * kWordBytes;
  if (chunk.x().size() != bytes || chunk.values().size() != bytes) return false;
  for (const v1::AbsentPoint& absent : chunk.absent())
    if (absent.index() < 0 || absent.index() >= chunk.point_count())
      return false;
  return true;
}

}  // namespace

std::string EncodePoints(std::span<const SeriesPoint> points) {
  v1::SeriesChunk chunk;
  chunk.set_point_count(static_cast<int32_t>(points.size()));
  chunk.set_x(ToPlanes(points, [](const SeriesPoint& p) { return p.x; }));
  chunk.set_values(ToPlanes(points, [](const SeriesPoint& p) {
    return p.is_absent() ? 0.0 : p.value;
  }));
  for (size_t i = 0; i < points.size(); ++i) {
    if (!points[i].is_absent()) continue;
    v1::AbsentPoint& absent = *chunk.add_absent();
    absent.set_index(static_cast<int32_t>(i));
    absent.set_reason(points[i].absent_reason);
  }
  return Compress(chunk.SerializeAsString(), kZstdLevel);
}

absl::StatusOr<std::vector<SeriesPoint>> DecodePoints(absl::string_view bytes) {
  absl::StatusOr<std::string> plain = Decompress(bytes, kMaxPlainBytes);
  if (!plain.ok()) return Damaged(plain.status().message());
  v1::SeriesChunk chunk;
  if (!chunk.ParseFromString(*plain) || !IsSound(chunk))
    return Damaged("its parts do not fit together");
  std::vector<SeriesPoint> points(static_cast<size_t>(chunk.point_count()));
  FromPlanes(chunk.x(), points, [](SeriesPoint& p, double x) { p.x = x; });
  FromPlanes(chunk.values(), points,
             [](SeriesPoint& p, double value) { p.value = value; });
  for (const v1::AbsentPoint& absent : chunk.absent())
    points[static_cast<size_t>(absent.index())].absent_reason = absent.reason();
  return points;
}

}  // namespace engram::store
