#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "core/programs/recorder.h"
#include "engram/v1/workers.pb.h"
#include "server/worker/activity_preview.h"
#include "server/worker/outbox.h"

namespace engram {

// The recorder of an attempt: numbers what the run records and sends it as
// events. Used by one thread.
class EventRecorder final : public Recorder {
 public:
  using Clock = std::function<std::chrono::steady_clock::time_point()>;

  // An Items event is sent before it grows beyond this; with the rest of the
  // message it stays under 64 KiB.
  static constexpr int64_t kItemsBytes = 48 << 10;
  // One item: ten bytes a step and five a unit at most.
  static constexpr size_t kSpikesPerItem = 3000;
  static constexpr size_t kLogBytes = 8 << 10;
  // Live reports of one name are this far apart, so 20 a second.
  static constexpr std::chrono::milliseconds kLiveInterval{50};
  // Activity of each population comes ten times a second, as a picture of what
  // happened since: some 13 kB/s a population, whatever its size.
  static constexpr std::chrono::milliseconds kActivityInterval{100};
  // More of them have no preview.
  static constexpr size_t kMostPopulations = 16;

  // Goes on from `item_count` items that the run had recorded before. With
  // `verify` no array is kept: manifests alone are reported. The outbox
  // outlives the recorder.
  EventRecorder(v1::AttemptKey key, int64_t item_count, bool verify,
                Outbox& outbox, Clock now);

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

  // Thinned as other live reports are, but for the last one of a run.
  void ReportProgress(v1::Progress progress, bool is_last);
  // Sends what is gathered. Between flushes items wait for company.
  void Flush();

  // Of the run, over all attempts: the ordinal of its last item.
  int64_t item_count() const { return item_count_; }
  // Why recording failed, or the store refused what was recorded; nothing is
  // recorded from then on. ABORTED: the server is gone for good.
  const absl::Status& status() const { return status_; }

 private:
  void Add(v1::Item item);
  void Keep(const ArrayView& array, std::vector<std::string> digests);
  void DropLast();
  v1::WorkerEvent Gathered();
  bool LiveIsDue(absl::string_view name);

  const v1::AttemptKey key_;
  const bool verify_;
  Outbox& outbox_;
  const Clock now_;
  v1::Items gathered_;
  int64_t gathered_bytes_ = 0;
  int64_t item_count_;
  std::map<std::string, int32_t> series_;
  std::map<std::string, std::chrono::steady_clock::time_point, std::less<>>
      last_live_;
  struct Preview {
    ActivityPreview activity;
    std::chrono::steady_clock::time_point due;
  };
  std::map<std::string, Preview> previews_;  // by population
  absl::Status status_;
};

}  // namespace engram
