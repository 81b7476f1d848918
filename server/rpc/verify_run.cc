#include "server/queue/queue.h"
#include "server/rpc/experiments.h"
#include "server/rpc/message.h"
#include "server/rpc/name.h"
#include "server/rpc/owner.h"
#include "server/store/store.h"
#include "server/store/verification_table.h"

namespace engram {

absl::StatusOr<v1::Verification> VerifyRun(const Caller& caller,
                                           const v1::VerifyRunRequest& request,
                                           const Parts& parts) {
  auto run = parts.store.Read([&](store::Reader& reader) {
    return FindRunNamed(reader, request.name());
  });
  if (!run.ok()) return run.status();
  v1::Verification reply;
  auto made = parts.queue.Verify(
      run->name, request.current(), caller.user,
      [&](store::Transaction& transaction, const VerifyOutcome& outcome) {
        auto row = store::FindVerification(transaction, run->key,
                                           static_cast<int>(outcome.number));
        if (!row.ok()) return row.status();
        reply = VerificationMessage(run->name, *row);
        return Keep(caller, transaction, reply);
      });
  if (!made.ok()) return made.status();
  return reply;
}

}  // namespace engram
