// What a worker sends: refused in words, or plain values whose promises hold.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <variant>

#include "core/base/contract.h"
#include "engram/v1/workers.pb.h"
#include "server/rpc/worker_message.h"

namespace engram {
namespace {

void CheckItem(const RecordedItem& item) {
  if (const auto* point = std::get_if<RecordedPoint>(&item)) {
    ENGRAM_EXPECT(std::isfinite(point->x) && std::isfinite(point->value));
  }
  if (const auto* spikes = std::get_if<RecordedSpikes>(&item)) {
    ENGRAM_EXPECT(spikes->steps.size() == spikes->units.size());
  }
}

void CheckReport(const v1::WorkerEvent& event) {
  const auto report = ReadReport(event);
  if (!report.ok()) {
    ENGRAM_EXPECT(report.status().code() == absl::StatusCode::kInvalidArgument);
    ENGRAM_EXPECT(!report.status().message().empty());
    return;
  }
  if (const auto* items = std::get_if<ItemsReport>(&report->content)) {
    ENGRAM_EXPECT(!items->items.empty());
    for (const RecordedItem& item : items->items) CheckItem(item);
  }
}

}  // namespace
}  // namespace engram

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  engram::v1::FromWorker message;
  if (!message.ParseFromArray(bytes, static_cast<int>(size))) return 0;
  if (message.has_registration()) {
    engram::ReadRegistration(message.registration()).IgnoreError();
  }
  if (message.has_event()) engram::CheckReport(message.event());
  if (message.has_live()) engram::ReadLive(message.live());
  return 0;
}
