#include <string>

#include "server/queue/run_inputs.h"
#include "server/rpc/message.h"
#include "server/rpc/name.h"
#include "server/rpc/runs.h"
#include "server/store/input_table.h"
#include "server/store/store.h"

namespace engram {

absl::StatusOr<v1::ListInputsResponse> ListInputs(
    const Caller& /*caller*/, const v1::ListInputsRequest& request,
    const Parts& parts) {
  return parts.store.Read(
      [&](store::Reader& reader) -> absl::StatusOr<v1::ListInputsResponse> {
        auto run = FindRunNamed(reader, request.name());
        if (!run.ok()) return run.status();
        auto tree = store::ReadTree(reader, run->key);
        if (!tree.ok()) return tree.status();
        v1::ListInputsResponse reply;
        for (const std::string& digest : DigestsNamed(*tree)) {
          const auto row = store::FindInput(reader, run->key, digest);
          if (!row.has_value()) continue;
          v1::RunInput& input = *reply.add_inputs();
          input.set_name(row->name);
          *input.mutable_manifest() = ManifestMessage(row->manifest);
        }
        return reply;
      });
}

}  // namespace engram
