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

namespace {

void Append(const PopulationInfo& population, std::span<const int64_t> steps,
            std::span<const int32_t> units, MemoryRecorder::SpikeTrain& train) {
  ENGRAM_EXPECT(steps.size() == units.size());
  ENGRAM_EXPECT(population.units > 0 && population.dt > 0);
  ENGRAM_EXPECT(train.info.name.empty() || train.info == population);
  train.info = population;
  for (size_t i = 0; i < steps.size(); ++i) {
    ENGRAM_EXPECT(units[i] >= 0 && units[i] < population.units);
    ENGRAM_EXPECT(
        train.steps.empty() || steps[i] > train.steps.back() ||
        (steps[i] == train.steps.back() && units[i] > train.units.back()));
    train.steps.push_back(steps[i]);
    train.units.push_back(units[i]);
  }
}

}  // namespace

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

void MemoryRecorder::Spikes(const PopulationInfo& population,
                            std::span<const int64_t> steps,
                            std::span<const int32_t> units) {
  Append(population, steps, units, spikes[population.name]);
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

void MemoryRecorder::Activity(const PopulationInfo& population, int64_t begin,
                              int64_t end, std::span<const int64_t> steps,
                              std::span<const int32_t> units) {
  const auto [entry, is_new] = activity.try_emplace(population.name);
  Stretch& stretch = entry->second;
  if (is_new) stretch.begin = stretch.end = begin;
  ENGRAM_EXPECT(begin == stretch.end && end >= begin);
  ENGRAM_EXPECT(steps.empty() ||
                (steps.front() >= begin && steps.back() < end));
  stretch.end = end;
  Append(population, steps, units, stretch.spikes);
}

}  // namespace engram
