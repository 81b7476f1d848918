#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace engram {

// A number that a run measured, or the reason why there is none. NaN and
// infinity are never stored: what is undefined (the order of recall with no
// item active) is absent.
class Measured {
 public:
  static Measured Of(double value);  // absent "not finite" when it is not
  static Measured Absent(std::string reason);

  bool is_absent() const { return !reason_.empty(); }
  double value() const;  // ContractViolation when absent
  const std::string& reason() const { return reason_; }

  friend bool operator==(const Measured&, const Measured&) = default;

 private:
  double value_ = 0;
  std::string reason_;
};

enum class ElementType { kFloat64, kFloat32, kInt64, kInt32, kUint8 };
enum class ArrayOrder { kRowMajor, kColumnMajor };

// An array as the core has it; nobody reorders its bytes.
struct ArrayView {
  ElementType type = ElementType::kFloat64;
  ArrayOrder order = ArrayOrder::kColumnMajor;
  std::vector<int64_t> shape;
  std::string unit;
  std::span<const std::byte> bytes;  // little-endian, unpadded
};

// Where a series' points lie: name and unit of value and of x.
struct SeriesInfo {
  std::string name;    // "weight_norm"
  std::string unit;    // "1"
  std::string x;       // "trial"
  std::string x_unit;  // "1"
};

// Whose spikes: units count from 0; what fires in step s does so at (s + 1) dt.
struct PopulationInfo {
  std::string name;   // "excitatory"
  int64_t units = 0;  // of the population, however few of them are recorded
  double dt = 0;      // of a step [ms], above 0

  friend bool operator==(const PopulationInfo&,
                         const PopulationInfo&) = default;
};

enum class LogLevel { kInfo, kWarning };

// What a run leaves for good, in the order in which it comes: each call is one
// numbered item, so the order must depend on tree and seed alone. `Activity`
// and `Live` are the exceptions: they may be dropped and are not numbered.
class Recorder {
 public:
  virtual ~Recorder() = default;
  // x rises strictly within a series.
  virtual void Point(const SeriesInfo& series, double x,
                     const Measured& value) = 0;
  // `step` counts the program's ticks; -1 is `final`.
  virtual void Array(absl::string_view path, int64_t step,
                     const ArrayView& array) = 0;
  // In order of steps, and of units within a step, each at most once; none
  // before those of an earlier call.
  virtual void Spikes(const PopulationInfo& population,
                      std::span<const int64_t> steps,
                      std::span<const int32_t> units) = 0;
  virtual void Summary(absl::string_view name, absl::string_view unit,
                       const Measured& value) = 0;
  virtual void Log(LogLevel level, absl::string_view text) = 0;
  // A preview for who is watching: a named vector (rates of the items).
  virtual void Live(absl::string_view name, std::span<const double> values) = 0;
  // What a population does in the steps from `begin` to before `end`, for who
  // is watching: told of every stretch, of those without a spike, too, and
  // whether or not its spikes are recorded. Ordered as `Spikes` are; it costs
  // some nanoseconds a spike.
  virtual void Activity(const PopulationInfo& population, int64_t begin,
                        int64_t end, std::span<const int64_t> steps,
                        std::span<const int32_t> units) = 0;
};

}  // namespace engram
