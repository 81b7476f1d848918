#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/programs/recorder.h"

namespace engram {

// An array with bytes of its own.
struct StoredArray {
  ElementType type = ElementType::kFloat64;
  ArrayOrder order = ArrayOrder::kColumnMajor;
  std::vector<int64_t> shape;
  std::string unit;
  std::vector<std::byte> bytes;

  static StoredArray Copy(const ArrayView& view);
  ArrayView view() const;
  // Of a kFloat64 array.
  std::vector<double> Doubles() const;

  friend bool operator==(const StoredArray&, const StoredArray&) = default;
};

// Keeps a record in memory: for tests, and for running one tree by hand.
// Refuses (ContractViolation) what no recorder may be given: x that does not
// rise within a series, a summary value that is written twice, an array whose
// bytes do not fit its shape, spikes out of order or of no unit, and stretches
// of activity with a gap between them.
class MemoryRecorder final : public Recorder {
 public:
  struct Series {
    SeriesInfo info;
    std::vector<std::pair<double, Measured>> points;
    friend bool operator==(const Series& a, const Series& b) {
      return a.points == b.points && a.info.unit == b.info.unit &&
             a.info.x == b.info.x && a.info.x_unit == b.info.x_unit;
    }
  };
  struct SummaryValue {
    std::string unit;
    Measured value = Measured::Of(0);
    friend bool operator==(const SummaryValue&, const SummaryValue&) = default;
  };
  struct SpikeTrain {
    PopulationInfo info;
    std::vector<int64_t> steps;
    std::vector<int32_t> units;
  };

  void Point(const SeriesInfo& series, double x,
             const Measured& value) override;
  void Array(absl::string_view path, int64_t step,
             const ArrayView& array) override;
  void Spikes(const PopulationInfo& population, std::span<const int64_t> steps,
              std::span<const int32_t> units) override;
  void Summary(absl::string_view name, absl::string_view unit,
               const Measured& value) override;
  void Log(LogLevel level, absl::string_view text) override;
  void Live(absl::string_view name, std::span<const double> values) override;
  void Activity(const PopulationInfo& population, int64_t begin, int64_t end,
                std::span<const int64_t> steps,
                std::span<const int32_t> units) override;

  std::map<std::string, Series> series;
  std::map<std::string, SummaryValue> summary;
  // By path and step; step -1 is final.
  std::map<std::pair<std::string, int64_t>, StoredArray> arrays;
  std::map<std::string, SpikeTrain> spikes;
  std::vector<std::string> log;
  std::map<std::string, std::vector<double>> live;  // the newest of each name
  // By population: every stretch that was told, joined.
  struct Stretch {
    int64_t begin = 0;
    int64_t end = 0;
    SpikeTrain spikes;
  };
  std::map<std::string, Stretch> activity;
};

}  // namespace engram
