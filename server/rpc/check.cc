#include "server/rpc/admin.h"
#include "server/store/store.h"

namespace engram {

absl::StatusOr<v1::CheckResponse> Check(const Caller& /*caller*/,
                                        const v1::CheckRequest& request,
                                        const Parts& parts) {
  auto result = parts.store.Check(request.deep());
  if (!result.ok()) return result.status();
  v1::CheckResponse reply;
  for (const std::string& problem : result->problems) {
    reply.add_problems(problem);
  }
  reply.set_chunks_read(result->chunks_read);
  reply.set_runs_read(result->runs_read);
  reply.set_experiments_read(result->experiments_read);
  reply.set_chunks_named(result->chunks_named);
  reply.set_advice(result->advice);
  return reply;
}

}  // namespace engram
