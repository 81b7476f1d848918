#include "server/rpc/series_array.h"

#include <limits>
#include <span>
#include <vector>

#include "server/array/chunk.h"
#include "server/array/manifest.h"
#include "server/rpc/message.h"
#include "server/store/series_table.h"

namespace engram {

absl::StatusOr<SeriesArray> ArrayOfSeries(store::Reader& reader,
                                          store::SeriesKey series) {
  auto points =
      store::ReadPoints(reader, series, 0, std::numeric_limits<int64_t>::max());
  if (!points.ok()) return points.status();
  std::vector<double> numbers;
  for (const store::SeriesPoint& point : *points) {
    if (!point.is_absent()) numbers.push_back(point.x);
  }
  const auto count = static_cast<int64_t>(numbers.size());
  for (const store::SeriesPoint& point : *points) {
    if (!point.is_absent()) numbers.push_back(point.value);
  }
  const auto bytes = std::as_bytes(std::span(numbers));
  const ArrayView view{.type = ElementType::kFloat64,
                       .order = ArrayOrder::kColumnMajor,
                       .shape = {count, 2},
                       .unit = "1",
                       .bytes = bytes};
  return SeriesArray{
      .manifest = StoredManifest(MakeManifest(view, CutIntoChunks(bytes))),
      .bytes = {reinterpret_cast<const char*>(bytes.data()), bytes.size()}};
}

}  // namespace engram
