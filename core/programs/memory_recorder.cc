#include "core/programs/memory_recorder.h"

#include <cstring>

#include "core/base/contract.h"
#include "core/programs/state_array.h"

namespace engram {

StoredArray StoredArray::Copy(const ArrayView& view) {
  ENGRAM_EXPECT(static_cast<int64_t>(view.bytes.size()) ==
                ByteSize(view.type, view.shape));
  return {view.type, view.order, view.shape, view.unit,
          std::vector<std::byte>(view.bytes.begin(), view.bytes.end())};
}

ArrayView StoredArray::view() const {
  return {type, order, shape, unit, bytes};
}

std::vector<double> StoredArray::Doubles() const {
  ENGRAM_EXPECT(type == ElementType::kFloat64);
  std::vector<double> values(bytes.size() / sizeof(double));
  if (!bytes.empty()) std::memcpy(values.data(), bytes.data(), bytes.size());
  return values;
}

void MemoryRecorder::Point(const SeriesInfo& info, double x,
                           const Measured& value) {
  Series& s = series[info.name];
  ENGRAM_EXPECT(s.points.empty() || x > s.points.back().first);
  s.info = info;
  s.points.emplace_back(x, value);
}

void MemoryRecorder::Array(absl::string_view path, int64_t step,
                           const ArrayView& array) {
  ENGRAM_EXPECT(
      arrays
          .emplace(std::pair(std::string(path), step), StoredArray::Copy(array))
          .second);
}

void MemoryRecorder::Spikes(absl::string_view population,
                            std::span<const int64_t> steps,
                            std::span<const int32_t> units) {
  ENGRAM_EXPECT(steps.size() == units.size());
  SpikeTrain& train = spikes[std::string(population)];
  train.steps.insert(train.steps.end(), steps.begin(), steps.end());
  train.units.insert(train.units.end(), units.begin(), units.end());
}

void MemoryRecorder::Summary(absl::string_view name, absl::string_view unit,
                             const Measured& value) {
  ENGRAM_EXPECT(
      summary.emplace(std::string(name), SummaryValue{std::string(unit), value})
          .second);
}

void MemoryRecorder::Log(LogLevel level, absl::string_view text) {
  log.push_back((level == LogLevel::kWarning ? "warning: " : "info: ") +
                std::string(text));
}

void MemoryRecorder::Live(absl::string_view name,
                          std::span<const double> values) {
  live[std::string(name)].assign(values.begin(), values.end());
}

}  // namespace engram
