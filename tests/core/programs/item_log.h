#pragma once

#include <bit>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/sha256.h"
#include "core/programs/recorder.h"

namespace engram {

// What a run records, one line an item in the order of its calls; item n has
// ordinal n + 1. Numbers are told by their bits, arrays by their SHA-256. Live
// items have no ordinal and are not told.
class ItemLog final : public Recorder {
 public:
  void Point(const SeriesInfo& series, double x,
             const Measured& value) override {
    items.push_back(absl::StrCat("point ", series.name, " ", series.unit, " ",
                                 Bits(x), " ", Text(value)));
  }
  void Array(absl::string_view path, int64_t step,
             const ArrayView& array) override {
    items.push_back(absl::StrCat(
        "array ", path, " ", step, " ",
        Sha256Hex({reinterpret_cast<const char*>(array.bytes.data()),
                   array.bytes.size()})));
  }
  void Spikes(const PopulationInfo& population, std::span<const int64_t> steps,
              std::span<const int32_t> units) override {
    std::string item = absl::StrCat("spikes ", population.name, " ",
                                    population.units, " ", Bits(population.dt));
    for (size_t i = 0; i < steps.size(); ++i) {
      absl::StrAppend(&item, " ", steps[i], ":", units[i]);
    }
    items.push_back(std::move(item));
  }
  void Summary(absl::string_view name, absl::string_view unit,
               const Measured& value) override {
    items.push_back(absl::StrCat("summary ", name, " ", unit, Text(value)));
  }
  void Log(LogLevel, absl::string_view text) override {
    items.push_back(absl::StrCat("log ", text));
  }
  void Live(absl::string_view, std::span<const double>) override {}
  void Activity(const PopulationInfo&, int64_t, int64_t,
                std::span<const int64_t>, std::span<const int32_t>) override {}

  std::vector<std::string> items;

 private:
  static std::string Bits(double value) {
    return absl::StrCat(absl::Hex(std::bit_cast<uint64_t>(value)));
  }
  static std::string Text(const Measured& value) {
    return value.is_absent() ? value.reason() : Bits(value.value());
  }
};

}  // namespace engram
