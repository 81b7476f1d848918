#include "server/worker/event_recorder.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "core/base/contract.h"
#include "server/array/manifest.h"

namespace engram {
namespace {

// Tag and length that a message adds to each item.
constexpr int64_t kItemOverhead = 8;

template <class Message>
void SetMeasured(const Measured& value, Message& message) {
  if (value.is_absent()) {
    message.set_absent_reason(value.reason());
  } else {
    message.set_value(value.value());
  }
}

// Cut where a UTF-8 character begins, so that the text stays valid.
absl::string_view Shorten(absl::string_view text, size_t most) {
  if (text.size() <= most) return text;
  size_t end = most;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) {
    --end;
  }
  return text.substr(0, end);
}

}  // namespace

EventRecorder::EventRecorder(v1::AttemptKey key, int64_t item_count,
                             bool verify, Outbox& outbox, Clock now)
    : key_(std::move(key)),
      verify_(verify),
      outbox_(outbox),
      now_(std::move(now)),
      item_count_(item_count) {}

void EventRecorder::Point(const SeriesInfo& series, double x,
                          const Measured& value) {
  v1::Item item;
  v1::PointItem& point = *item.mutable_point();
  const auto [entry, is_new] =
      series_.try_emplace(series.name, static_cast<int32_t>(series_.size()));
  point.set_series(entry->second);
  if (is_new) {
    v1::SeriesDeclaration& declared = *point.mutable_declared();
    declared.set_name(series.name);
    declared.set_unit(series.unit);
    declared.set_x(series.x);
    declared.set_x_unit(series.x_unit);
  }
  point.set_x(x);
  SetMeasured(value, point);
  Add(std::move(item));
}

void EventRecorder::Array(absl::string_view path, int64_t step,
                          const ArrayView& array) {
  if (!status_.ok()) return;
  const std::vector<Chunk> chunks = CutIntoChunks(array.bytes);
  v1::Item item;
  v1::ArrayItem& out = *item.mutable_array();
  out.set_path(std::string(path));
  out.set_step(step);
  *out.mutable_manifest() = MakeManifest(array, chunks);
  Add(std::move(item));
  if (verify_) return;
  std::vector<std::string> digests;
  digests.reserve(chunks.size());
  for (const Chunk& chunk : chunks) digests.push_back(chunk.digest);
  Keep(array, std::move(digests));
}

// The items go with the bytes that the last of them names.
void EventRecorder::Keep(const ArrayView& array,
                         std::vector<std::string> digests) {
  absl::StatusOr<SpoolRecord> bytes = outbox_.spool().Add(
      {reinterpret_cast<const char*>(array.bytes.data()), array.bytes.size()},
      Spool::Room::kWait);
  if (!bytes.ok()) {
    // Nobody is told of an array whose bytes are nowhere.
    DropLast();
    status_ = bytes.status();
    return;
  }
  Upload upload;
  upload.kind = Upload::Kind::kArray;
  upload.bytes = *std::move(bytes);
  upload.digests = std::move(digests);
  const absl::Status put = outbox_.Put(Gathered(), std::move(upload));
  if (!put.ok() && status_.ok()) status_ = put;
}

void EventRecorder::DropLast() {
  gathered_.mutable_items()->RemoveLast();
  --item_count_;
}

void EventRecorder::Spikes(const PopulationInfo& population,
                           std::span<const int64_t> steps,
                           std::span<const int32_t> units) {
  ENGRAM_EXPECT(steps.size() == units.size());
  for (size_t begin = 0; begin < steps.size(); begin += kSpikesPerItem) {
    const size_t n = std::min(kSpikesPerItem, steps.size() - begin);
    v1::Item item;
    v1::SpikesItem& out = *item.mutable_spikes();
    out.set_population(population.name);
    out.set_unit_count(population.units);
    out.set_dt(population.dt);
    const auto some_steps = steps.subspan(begin, n);
    const auto some_units = units.subspan(begin, n);
    out.mutable_steps()->Add(some_steps.begin(), some_steps.end());
    out.mutable_units()->Add(some_units.begin(), some_units.end());
    Add(std::move(item));
  }
}

void EventRecorder::Summary(absl::string_view name, absl::string_view unit,
                            const Measured& value) {
  v1::Item item;
  v1::SummaryItem& out = *item.mutable_summary();
  out.set_name(std::string(name));
  out.set_unit(std::string(unit));
  SetMeasured(value, out);
  Add(std::move(item));
}

void EventRecorder::Log(LogLevel level, absl::string_view text) {
  v1::Item item;
  v1::LogItem& out = *item.mutable_log();
  switch (level) {
    case LogLevel::kInfo:
      out.set_level("info");
      break;
    case LogLevel::kWarning:
      out.set_level("warning");
      break;
  }
  out.set_text(std::string(Shorten(text, kLogBytes)));
  Add(std::move(item));
}

bool EventRecorder::LiveIsDue(absl::string_view name) {
  const auto now = now_();
  const auto last = last_live_.find(name);
  if (last == last_live_.end()) {
    last_live_.emplace(std::string(name), now);
    return true;
  }
  if (now - last->second < kLiveInterval) return false;
  last->second = now;
  return true;
}

void EventRecorder::Live(absl::string_view name,
                         std::span<const double> values) {
  if (!LiveIsDue(name)) return;
  v1::LiveReport report;
  *report.mutable_key() = key_;
  report.set_name(std::string(name));
  report.mutable_values()->Add(values.begin(), values.end());
  // A preview of more would not be seen, and the message must stay small.
  constexpr int kMostValues = 4096;
  if (report.values_size() > kMostValues) {
    report.mutable_values()->Truncate(kMostValues);
  }
  outbox_.PostLive(std::move(report));
}

void EventRecorder::Activity(const PopulationInfo& population, int64_t begin,
                             int64_t end, std::span<const int64_t> steps,
                             std::span<const int32_t> units) {
  auto entry = previews_.find(population.name);
  if (entry == previews_.end()) {
    if (previews_.size() == kMostPopulations) return;
    entry = previews_
                .emplace(population.name,
                         Preview{ActivityPreview(population), now_()})
                .first;
  }
  Preview& preview = entry->second;
  preview.activity.Add(begin, end, steps, units);
  const auto now = now_();
  if (now < preview.due) return;
  preview.due = now + kActivityInterval;
  v1::LiveReport report;
  *report.mutable_key() = key_;
  report.set_name("activity/" + population.name);
  *report.mutable_activity() = preview.activity.Take();
  outbox_.PostLive(std::move(report));
}

void EventRecorder::ReportProgress(v1::Progress progress, bool is_last) {
  if (!LiveIsDue("") && !is_last) return;
  v1::LiveReport report;
  *report.mutable_key() = key_;
  *report.mutable_progress() = std::move(progress);
  outbox_.PostLive(std::move(report));
}

void EventRecorder::Add(v1::Item item) {
  if (!status_.ok()) return;
  const int64_t bytes =
      static_cast<int64_t>(item.ByteSizeLong()) + kItemOverhead;
  if (gathered_bytes_ + bytes > kItemsBytes) Flush();
  gathered_bytes_ += bytes;
  *gathered_.add_items() = std::move(item);
  ++item_count_;
}

v1::WorkerEvent EventRecorder::Gathered() {
  gathered_.set_first_ordinal(item_count_ - gathered_.items_size() + 1);
  v1::WorkerEvent event;
  *event.mutable_key() = key_;
  *event.mutable_items() = std::move(gathered_);
  gathered_ = v1::Items();
  gathered_bytes_ = 0;
  return event;
}

void EventRecorder::Flush() {
  if (gathered_.items_size() == 0) return;
  const absl::Status put = outbox_.Put(Gathered());
  if (!put.ok() && status_.ok()) status_ = put;
}

}  // namespace engram
