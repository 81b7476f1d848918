#include "server/rpc/series_array.h"

#include <limits>
#include <span>
#include <utility>

#include "core/base/contract.h"
#include "server/array/chunk.h"
#include "server/array/manifest.h"
#include "server/rpc/message.h"
#include "server/store/series_table.h"

namespace engram {

SeriesArray PairsArray(std::vector<double> first,
                       const std::vector<double>& second) {
  ENGRAM_EXPECT(first.size() == second.size());
  const auto count = static_cast<int64_t>(first.size());
  first.insert(first.end(), second.begin(), second.end());
  const auto bytes = std::as_bytes(std::span(first));
  const ArrayView view{.type = ElementType::kFloat64,
                       .order = ArrayOrder::kColumnMajor,
                       .shape = {count, 2},
                       .unit = "1",
                       .bytes = bytes};
  return SeriesArray{
      .manifest = StoredManifest(MakeManifest(view, CutIntoChunks(bytes))),
      .bytes = {reinterpret_cast<const char*>(bytes.data()), bytes.size()}};
}

absl::StatusOr<SeriesArray> ArrayOfSeries(store::Reader& reader,
                                          store::SeriesKey series) {
  auto points =
      store::ReadPoints(reader, series, 0, std::numeric_limits<int64_t>::max());
  if (!points.ok()) return points.status();
  std::vector<double> x;
  std::vector<double> values;
  for (const store::SeriesPoint& point : *points) {
    if (point.is_absent()) continue;
    x.push_back(point.x);
    values.push_back(point.value);
  }
  return PairsArray(std::move(x), values);
}

}  // namespace engram
