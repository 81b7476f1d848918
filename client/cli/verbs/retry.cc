#include "client/cli/verbs/queue_again.h"
#include "client/cli/verbs/verbs.h"

namespace engram::cli {

Command RetryVerb() {
  return QueueAgainVerb(
      calls::kRetry, "retry",
      "Run failed, cancelled and timed-out runs again, from the start",
      "A new attempt of the same run. Named an experiment, it takes all of its "
      "runs that ended without success.");
}

}  // namespace engram::cli
