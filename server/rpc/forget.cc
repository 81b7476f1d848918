#include "server/rpc/forget.h"

#include <chrono>
#include <system_error>
#include <vector>

#include "server/store/audit_table.h"
#include "server/store/event_table.h"
#include "server/store/request_table.h"
#include "server/store/store.h"

namespace engram {
namespace {

constexpr int64_t kDay = int64_t{86'400} * 1'000'000;
constexpr int64_t kKeepRequests = 7 * kDay;
constexpr int64_t kKeepEvents = 30 * kDay;
constexpr auto kKeepUploads = std::chrono::hours(24 * 7);
// Long enough to look back over a year of the lab.
constexpr int64_t kKeepAudit = 400 * kDay;
constexpr int kEventsAtOnce = 10'000;

absl::StatusOr<int64_t> ForgetSomeEvents(store::Store& store,
                                         int64_t before_us) {
  int64_t count = 0;
  const absl::Status written =
      store.Write([&](store::Transaction& transaction) {
        count = store::ForgetEvents(transaction, before_us, kEventsAtOnce);
        return absl::OkStatus();
      });
  if (!written.ok()) return written;
  return count;
}

}  // namespace

absl::Status ForgetOld(store::Store& store, int64_t now_us,
                       const std::function<bool()>& may_go_on) {
  TidyUploads(store.folder() / "spool" / "uploads",
              std::filesystem::file_time_type::clock::now() - kKeepUploads);
  const absl::Status requests =
      store.Write([now_us](store::Transaction& transaction) {
        store::ForgetRequests(transaction, now_us - kKeepRequests);
        store::ForgetAudit(transaction, now_us - kKeepAudit, kEventsAtOnce);
        return absl::OkStatus();
      });
  if (!requests.ok()) return requests;
  return ForgetInBatches(
      kEventsAtOnce,
      [&] { return ForgetSomeEvents(store, now_us - kKeepEvents); }, may_go_on);
}

absl::Status ForgetInBatches(
    int64_t limit, const std::function<absl::StatusOr<int64_t>()>& forget_some,
    const std::function<bool()>& may_go_on) {
  while (may_go_on()) {
    const absl::StatusOr<int64_t> count = forget_some();
    if (!count.ok()) return count.status();
    if (*count < limit) break;
  }
  return absl::OkStatus();
}

int64_t TidyUploads(const std::filesystem::path& folder,
                    std::filesystem::file_time_type before) {
  std::error_code error;
  // All are listed first: what is removed under an iterator may hide another.
  std::vector<std::filesystem::path> files;
  for (std::filesystem::directory_iterator entry(folder, error), end;
       !error && entry != end; entry.increment(error)) {
    files.push_back(entry->path());
  }
  int64_t count = 0;
  for (const auto& file : files) {
    const auto written = std::filesystem::last_write_time(file, error);
    if (error || written >= before) continue;
    if (std::filesystem::remove(file, error)) ++count;
  }
  return count;
}

}  // namespace engram
