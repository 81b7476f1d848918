#include "server/rpc/target.h"

#include "server/rpc/owner.h"
#include "server/store/experiment_table.h"
#include "server/store/store.h"

namespace engram {

absl::StatusOr<TargetRef> OwnTarget(const Caller& caller,
                                    absl::string_view name,
                                    absl::string_view verb,
                                    const Parts& parts) {
  return parts.store.Read(
      [&](store::Reader& reader) -> absl::StatusOr<TargetRef> {
        auto target = FindTargetNamed(reader, name);
        if (!target.ok()) return target.status();
        const auto row = store::ReadExperiment(reader, target->experiment.key);
        absl::Status owner =
            CheckOwner(caller, row.user, "experiments/" + row.id, verb);
        if (!owner.ok()) return owner;
        return target;
      });
}

}  // namespace engram
