#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "server/queue/recorded_item.h"
#include "server/store/keys.h"

namespace engram::store {
class Reader;
class Transaction;
struct NewRun;
}  // namespace engram::store

namespace engram {

// An array that runs of an experiment read from outside their trees.
struct ExperimentInput {
  std::string name;  // as the text names it
  RecordedManifest manifest;
};

// What all inputs of one run may have together: a worker holds them in memory,
// and their manifests go in one message.
inline constexpr int64_t kMostInputBytes = int64_t{1} << 30;

// The digests (32 bytes) that stand in the tree as values, each once, in order.
// Text that looks like one is among them: whoever asks knows which there are.
std::vector<std::string> DigestsNamed(absl::string_view tree_json);

// Of all inputs that the tree names.
int64_t InputBytes(absl::string_view tree_json,
                   const std::vector<ExperimentInput>& inputs);

// INVALID_ARGUMENT: a run names more than kMostInputBytes.
absl::Status CheckInputs(const std::vector<store::NewRun>& runs,
                         const std::vector<ExperimentInput>& inputs);

void StoreInputs(store::Transaction& transaction,
                 store::ExperimentKey experiment,
                 const std::vector<ExperimentInput>& inputs);

// What a worker must have to execute the run.
std::vector<RecordedManifest> InputsOf(store::Reader& reader, store::RunKey run,
                                       absl::string_view tree_json);

}  // namespace engram
