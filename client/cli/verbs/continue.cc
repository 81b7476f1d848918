#include "client/cli/verbs/queue_again.h"
#include "client/cli/verbs/verbs.h"

namespace engram::cli {

Command ContinueVerb() {
  return QueueAgainVerb(
      calls::kContinue, "continue",
      "Go on with runs that were stopped, from their last checkpoint",
      "As retry, but with the build that made the checkpoint and from where it "
      "was made. The time limit counts anew. Runs of an experiment that have "
      "left no checkpoint are left alone.");
}

}  // namespace engram::cli
