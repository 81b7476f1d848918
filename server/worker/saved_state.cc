#include "server/worker/saved_state.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/array/manifest.h"
#include "server/worker/duration.h"

namespace engram {
namespace {

using std::chrono::steady_clock;

// A state's manifest says that it is bytes, as ManifestOfBytes makes them.
absl::Status CheckState(const v1::SavedState& state) {
  const v1::ArrayManifest& manifest = state.manifest();
  if (absl::Status fault = CheckManifest(manifest); !fault.ok()) return fault;
  if (manifest.type() != v1::ELEMENT_TYPE_UINT8 || manifest.shape_size() != 1) {
    return absl::InvalidArgumentError(
        "an array's manifest stands where that of a state's bytes should");
  }
  return absl::OkStatus();
}

absl::StatusOr<SpoolRecord> FetchState(const v1::ArrayManifest& manifest,
                                       ChunkKeeper& chunks, Spool& spool) {
  const std::vector<std::string> digests(manifest.chunks().begin(),
                                         manifest.chunks().end());
  SpoolWriter writer(spool, Spool::Room::kWait);
  absl::Status fetched = chunks.Fetch(
      digests, [&](absl::string_view bytes) { return writer.Append(bytes); });
  if (!fetched.ok()) return fetched;
  return writer.Finish();
}

}  // namespace

absl::Status SaveState(Simulation& simulation, const SaveRequest& request,
                       Outbox& outbox,
                       const std::function<steady_clock::time_point()>& now) {
  const auto begin = now();
  SpoolWriter writer(outbox.spool(),
                     request.waits ? Spool::Room::kWait : Spool::Room::kRefuse);
  absl::Status written =
      simulation.WriteCheckpoint([&](absl::string_view piece) -> absl::Status {
        if (now() >= request.deadline) {
          return absl::DeadlineExceededError("there is no time to save it");
        }
        return writer.Append(piece);
      });
  if (!written.ok()) return written;
  v1::WorkerEvent event;
  *event.mutable_key() = request.key;
  v1::Checkpoint& checkpoint = *event.mutable_checkpoint();
  checkpoint.mutable_state()->set_tick(simulation.progress().tick);
  checkpoint.mutable_state()->set_item_count(request.item_count);
  checkpoint.set_is_final(request.is_final);
  *checkpoint.mutable_stood_still() = ToProto(now() - begin);
  Upload upload;
  upload.kind =
      request.is_final ? Upload::Kind::kFinalState : Upload::Kind::kState;
  upload.bytes = writer.Finish();
  upload.deadline = request.deadline;
  return outbox.Put(std::move(event), std::move(upload));
}

absl::Status RestoreState(const v1::SavedState& state, ChunkKeeper& chunks,
                          Spool& spool, Simulation& simulation) {
  if (absl::Status fault = CheckState(state); !fault.ok()) return fault;
  const absl::StatusOr<SpoolRecord> record =
      FetchState(state.manifest(), chunks, spool);
  if (!record.ok()) return record.status();
  const absl::StatusOr<SpoolRecord::View> view = record->Map();
  if (!view.ok()) return view.status();
  if (absl::Status status = simulation.Restore(view->bytes()); !status.ok()) {
    return status;
  }
  const int64_t tick = simulation.progress().tick;
  if (tick == state.tick()) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("it is of ", simulation.tick_name(), " ", tick,
                   ", the assignment says ", state.tick()));
}

}  // namespace engram
