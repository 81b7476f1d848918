// The uploader's side of the outbox.

#include <utility>

#include "server/worker/outbox.h"

namespace engram {
namespace {

using std::chrono::steady_clock;

// Of one batch: what is ready is sent before the next one is begun.
constexpr size_t kMostUploads = 256;
constexpr int64_t kMostBytes = int64_t{32} << 20;

bool HasDeadline(const Upload& upload) {
  return upload.deadline != steady_clock::time_point::max();
}

}  // namespace

std::vector<Upload*> Outbox::Uploads() {
  MutexLock lock(mu_);
  std::vector<Upload*> uploads;
  int64_t bytes = 0;
  for (Kept& kept : pending_) {
    Upload* upload = kept.upload.get();
    if (upload == nullptr) continue;
    const bool is_alone = HasDeadline(*upload);
    if (!uploads.empty() && (is_alone || uploads.size() == kMostUploads ||
                             bytes + upload->bytes.size() > kMostBytes)) {
      break;
    }
    uploads.push_back(upload);
    bytes += upload->bytes.size();
    if (is_alone) break;
  }
  return uploads;
}

bool Outbox::WaitForUploads() {
  MutexLock lock(mu_);
  // The first that is pending has one, or it would have been numbered.
  while (!closed_ && pending_.empty()) to_upload_.Wait(mu_);
  return !closed_;
}

void Outbox::Settle(size_t count) {
  MutexLock lock(mu_);
  settled_ += count;
  Advance();
}

bool Outbox::HasStateToUpload() const {
  MutexLock lock(mu_);
  for (const Kept& kept : pending_) {
    if (kept.upload != nullptr && kept.upload->kind != Upload::Kind::kArray) {
      return true;
    }
  }
  return false;
}

}  // namespace engram
