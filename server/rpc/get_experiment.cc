#include "server/rpc/experiments.h"
#include "server/rpc/message.h"
#include "server/rpc/name.h"
#include "server/store/store.h"

namespace engram {

absl::StatusOr<v1::Experiment> GetExperiment(
    const Caller& /*caller*/, const v1::GetExperimentRequest& request,
    const Parts& parts) {
  return parts.store.Read(
      [&](store::Reader& reader) -> absl::StatusOr<v1::Experiment> {
        auto found = FindExperimentNamed(reader, request.name());
        if (!found.ok()) return found.status();
        return ExperimentMessage(
            reader, store::ReadExperiment(reader, found->key), true);
      });
}

}  // namespace engram
