#pragma once

#include <cstdint>

#include "absl/status/status.h"
#include "server/store/keys.h"

namespace engram::store {
class Transaction;
}

namespace engram {

// When an experiment's last run has ended: stores that, and whether each claim
// holds. In the transaction of the last run's end, so that nobody sees an
// experiment that has ended with claims that are pending.
absl::Status CloseExperiment(store::Transaction& transaction,
                             store::ExperimentKey experiment, int64_t now_us);

// A run is queued again: the end and the outcomes are taken back.
void ReopenExperiment(store::Transaction& transaction,
                      store::ExperimentKey experiment, int64_t now_us);

}  // namespace engram
