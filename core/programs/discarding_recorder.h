#pragma once

#include "core/programs/recorder.h"

namespace engram {

// For runs of which nothing is kept but their state.
class DiscardingRecorder final : public Recorder {
 public:
  void Point(const SeriesInfo&, double, const Measured&) override {}
  void Array(absl::string_view, int64_t, const ArrayView&) override {}
  void Spikes(const PopulationInfo&, std::span<const int64_t>,
              std::span<const int32_t>) override {}
  void Summary(absl::string_view, absl::string_view, const Measured&) override {
  }
  void Log(LogLevel, absl::string_view) override {}
  void Live(absl::string_view, std::span<const double>) override {}
  void Activity(const PopulationInfo&, int64_t, int64_t,
                std::span<const int64_t>, std::span<const int32_t>) override {}
};

}  // namespace engram
