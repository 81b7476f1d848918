#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/programs/recorder.h"

namespace engram {

// One numbered item of a run's record, as workers report and the store keeps
// it.

struct RecordedPoint {
  int series = 0;  // its number within the attempt
  // With the first point of each series of an attempt, and with stored ones.
  std::optional<SeriesInfo> declared;
  double x = 0;
  double value = 0;           // 0 when absent
  std::string absent_reason;  // empty when there is a value
};

// An array by the digests of its chunks.
struct RecordedManifest {
  ElementType type = ElementType::kFloat64;
  ArrayOrder order = ArrayOrder::kColumnMajor;
  std::vector<int64_t> shape;
  std::string unit;
  std::vector<std::string> chunks;  // 32 bytes each
  int64_t byte_size = 0;
  std::string digest;  // 32 bytes

  friend bool operator==(const RecordedManifest&,
                         const RecordedManifest&) = default;
};
struct RecordedArray {
  std::string path;
  int64_t step = 0;  // -1 is `final`
  RecordedManifest manifest;
};
struct RecordedSpikes {
  PopulationInfo population;
  std::vector<int64_t> steps;
  std::vector<int32_t> units;
};
struct RecordedSummary {
  std::string name;
  std::string unit;
  double value = 0;
  std::string absent_reason;
};
struct RecordedLog {
  std::string level;  // "info" or "warning"
  std::string text;
};

using RecordedItem = std::variant<RecordedPoint, RecordedArray, RecordedSpikes,
                                  RecordedSummary, RecordedLog>;

}  // namespace engram
