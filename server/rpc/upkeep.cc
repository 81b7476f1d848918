#include "server/rpc/upkeep.h"

#include <algorithm>
#include <utility>

#include "server/queue/disk_guard.h"
#include "server/queue/queue.h"
#include "server/rpc/forget.h"
#include "server/rpc/log.h"
#include "server/rpc/tokens.h"
#include "server/store/store.h"

namespace engram {
namespace {

constexpr int64_t kSecond = 1'000'000;
// Of every hour; what is left waits for the next one.
constexpr int64_t kForgetFor = 60 * kSecond;

}  // namespace

Upkeep::Upkeep(Parts parts)
    : parts_(std::move(parts)),
      ticker_(std::make_unique<Ticker>(Chores())),
      slow_ticker_(std::make_unique<Ticker>(SlowChores())) {}

Upkeep::~Upkeep() {
  is_ending_ = true;
  ticker_.reset();
  slow_ticker_.reset();
}

std::vector<Ticker::Chore> Upkeep::Chores() {
  return {{kSecond / 4,
           [this] {
             parts_.queue.Tick();
             WatchDisk();
           }},
          {60 * kSecond, [this] {
             WarnIfFailed("last uses of tokens are not stored",
                          parts_.tokens.StoreUses());
           }}};
}

std::vector<Ticker::Chore> Upkeep::SlowChores() {
  return {{3600 * kSecond,
           [this] {
             WarnIfFailed("old requests and events are not removed", Forget());
           }},
          {kSecond, [this] { BackUpIfDue(); }}};
}

absl::Status Upkeep::Forget() {
  const int64_t until_us = parts_.clock.SteadyUs() + kForgetFor;
  return ForgetOld(parts_.store, parts_.clock.NowUs(), [this, until_us] {
    return !is_ending_ && parts_.clock.SteadyUs() < until_us;
  });
}

void Upkeep::WatchDisk() {
  const bool is_low = parts_.disk.was_low();
  if (is_low == was_disk_low_) return;
  was_disk_low_ = is_low;
  Log(is_low ? Severity::kWarn : Severity::kInfo,
      is_low ? "the disk is nearly full: no run is taken or started"
             : "the disk has space again: runs are taken and started",
      {{"free_bytes", parts_.store.FreeDiskBytes()},
       {"disk_low_water", parts_.settings.disk_low_water}});
  parts_.set_ready(!is_low);
}

void Upkeep::BackUpIfDue() {
  const int64_t now_us = parts_.clock.NowUs();
  const int64_t every_us = parts_.settings.backup_every_s * kSecond;
  if (every_us == 0 || now_us < backup_not_before_) return;
  const auto last_us = parts_.store.LastBackupUs();
  if (last_us && now_us - *last_us < every_us) {
    backup_not_before_ = *last_us + every_us;
    return;
  }
  const auto made =
      parts_.store.BackUpPeriodically(now_us, parts_.settings.backup_keep);
  // One that fails is tried again soon, but not at once.
  backup_not_before_ =
      parts_.clock.NowUs() +
      (made.ok() ? every_us : std::min(every_us, 600 * kSecond));
  WarnIfFailed("the periodic backup failed", made.status());
  if (made.ok()) {
    Log(Severity::kInfo, "backed up",
        {{"folder", made->folder.string()}, {"bytes", made->byte_size}});
  }
}

}  // namespace engram
