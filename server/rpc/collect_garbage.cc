#include "server/rpc/admin.h"
#include "server/store/store.h"

namespace engram {

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
  return reply;
}

}  // namespace engram
