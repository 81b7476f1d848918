#include <set>
#include <string>

#include "server/executor/kept_builds.h"
#include "server/rpc/admin.h"
#include "server/store/store.h"
#include "server/store/worker_table.h"

namespace engram {
namespace {

// Worker builds that no run names any more; today's is always kept.
absl::Status CollectBuilds(const Parts& parts, bool dry_run,
                           v1::CollectGarbageResponse& reply) {
  if (parts.builds == nullptr) return absl::OkStatus();
  std::set<std::string> named;
  absl::Status status = parts.store.Read([&](store::Reader& reader) {
    named = store::NamedBuilds(reader);
    return absl::OkStatus();
  });
  if (!status.ok()) return status;
  named.insert(parts.facts.build);
  for (const BuildFile& build : parts.builds->List()) {
    if (named.contains(build.id)) continue;
    if (!dry_run) status = parts.builds->Remove(build.id);
    if (!status.ok()) return status;
    reply.add_builds(build.id);
    reply.set_build_byte_size(reply.build_byte_size() + build.byte_size);
  }
  if (dry_run || reply.builds().empty()) return absl::OkStatus();
  return parts.store.Write([&](store::Transaction& transaction) {
    for (const std::string& build : reply.builds()) {
      store::RemoveBuild(transaction, build);
    }
    return absl::OkStatus();
  });
}

}  // namespace

absl::StatusOr<v1::CollectGarbageResponse> CollectGarbage(
    const Caller& /*caller*/, const v1::CollectGarbageRequest& request,
    const Parts& parts) {
  auto result = parts.store.CollectGarbage(request.dry_run());
  if (!result.ok()) return result.status();
  v1::CollectGarbageResponse reply;
  reply.set_chunk_count(result->chunk_count);
  reply.set_byte_size(result->byte_size);
  reply.set_spared_chunk_count(result->spared_chunk_count);
  reply.set_spared_byte_size(result->spared_byte_size);
  const absl::Status status = CollectBuilds(parts, request.dry_run(), reply);
  if (!status.ok()) return status;
  return reply;
}

}  // namespace engram
