#include "server/worker/uploader.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <new>
#include <string>
#include <thread>
#include <utility>

#include "core/base/sha256.h"
#include "server/array/chunk.h"
#include "server/array/manifest.h"

namespace engram {
namespace {

// Reads the state once to name its chunks; they are read again when they are
// sent, so that no more than one is in memory.
absl::Status HashState(Upload& upload) {
  upload.digests.clear();
  for (int64_t at = 0; at < upload.bytes.size(); at += kChunkBytes) {
    const auto chunk = upload.bytes.Read(at, kChunkBytes);
    if (!chunk.ok()) return chunk.status();
    const std::array<uint8_t, kDigestBytes> digest = Sha256(*chunk);
    upload.digests.emplace_back(reinterpret_cast<const char*>(digest.data()),
                                digest.size());
  }
  upload.manifest = ManifestOfBytes(upload.bytes.size(), upload.digests);
  return absl::OkStatus();
}

}  // namespace

void Uploader::Run() {
  while (outbox_.WaitForUploads()) {
    try {
      UploadPending();
    } catch (const std::bad_alloc&) {
      // Nothing was settled, so all of it is done again.
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
  }
}

bool Uploader::UploadPending() {
  const std::vector<Upload*> uploads = outbox_.Uploads();
  if (uploads.empty()) return false;
  for (Upload* upload : uploads) {
    if (upload->kind != Upload::Kind::kArray) {
      upload->outcome = HashState(*upload);
    }
  }
  const absl::Status kept = Keep(uploads);
  for (Upload* upload : uploads) {
    if (!upload->outcome.ok()) continue;
    // Which of them the store refused is found by asking for each.
    upload->outcome = kept.ok() || uploads.size() == 1 ? kept : Keep({upload});
  }
  outbox_.Settle(uploads.size());
  return true;
}

absl::Status Uploader::Keep(const std::vector<Upload*>& uploads) {
  std::vector<std::string> digests;
  // Of each chunk: whose it is, and where it begins.
  std::vector<std::pair<const Upload*, int64_t>> places;
  auto deadline = std::chrono::steady_clock::time_point::max();
  for (const Upload* upload : uploads) {
    if (!upload->outcome.ok()) continue;
    int64_t at = 0;
    for (const std::string& digest : upload->digests) {
      digests.push_back(digest);
      places.emplace_back(upload, at);
      at += kChunkBytes;
    }
    deadline = std::min(deadline, upload->deadline);
  }
  const auto read = [&](size_t index) {
    return places[index].first->bytes.Read(places[index].second, kChunkBytes);
  };
  return chunks_.Keep(digests, read, deadline);
}

}  // namespace engram
