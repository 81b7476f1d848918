#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/rpc/experiments.h"
#include "server/rpc/message.h"
#include "server/rpc/name.h"
#include "server/rpc/owner.h"
#include "server/rpc/status.h"
#include "server/rpc/tags.h"
#include "server/store/store.h"

namespace engram {
namespace {

absl::StatusOr<std::set<std::string>> Mask(
    const v1::UpdateExperimentRequest& request) {
  std::set<std::string> mask;
  for (const std::string& path : request.update_mask().paths()) {
    if (path != "notes" && path != "tags") {
      return BadField("update_mask",
                      absl::StrCat("'", path,
                                   "' cannot be changed; notes and "
                                   "tags can"));
    }
    mask.insert(path);
  }
  if (mask.empty()) {
    return BadField("update_mask",
                    "it is empty; name what to change: notes, tags");
  }
  return mask;
}

absl::StatusOr<v1::Experiment> Change(const Caller& caller,
                                      const v1::Experiment& wanted,
                                      const std::set<std::string>& mask,
                                      std::vector<std::string> tags,
                                      int64_t now_us,
                                      store::Transaction& transaction) {
  auto found = FindExperimentNamed(transaction, wanted.name());
  if (!found.ok()) return found.status();
  const store::ExperimentRow row =
      store::ReadExperiment(transaction, found->key);
  absl::Status owner =
      CheckOwner(caller, row.user, "experiments/" + row.id, "change");
  if (!owner.ok()) return owner;
  auto etag =
      store::UpdateNotes(transaction, found->key, wanted.etag(),
                         mask.contains("notes") ? wanted.notes() : row.notes,
                         mask.contains("tags") ? tags : row.tags, now_us);
  if (!etag.ok()) return etag.status();
  v1::Experiment reply = ExperimentMessage(
      transaction, store::ReadExperiment(transaction, found->key), true);
  absl::Status kept = Keep(caller, transaction, reply);
  if (!kept.ok()) return kept;
  return reply;
}

}  // namespace

absl::StatusOr<v1::Experiment> UpdateExperiment(
    const Caller& caller, const v1::UpdateExperimentRequest& request,
    const Parts& parts) {
  absl::StatusOr<std::set<std::string>> mask = Mask(request);
  if (!mask.ok()) return mask.status();
  const v1::Experiment& wanted = request.experiment();
  auto tags = TidyTags({wanted.tags().begin(), wanted.tags().end()});
  if (!tags.ok()) return tags.status();
  v1::Experiment reply;
  absl::Status written =
      parts.store.Write([&](store::Transaction& transaction) {
        auto changed =
            Change(caller, wanted, *mask, *tags, parts.now_us(), transaction);
        if (!changed.ok()) return changed.status();
        reply = *std::move(changed);
        return absl::OkStatus();
      });
  if (!written.ok()) return written;
  return reply;
}

}  // namespace engram
