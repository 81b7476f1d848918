#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "engram/store/v1/array.pb.h"
#include "server/store/keys.h"

namespace engram::store {

class Reader;
class Transaction;

// An array that runs read from outside their trees. The row keeps its chunks
// while the experiment is there, also when the dataset, or the run that left
// it, is deleted.
struct InputRow {
  std::string name{};  // as the text names it: "k7m2q9xw4p/17/state@final"
  v1::ArrayManifest manifest{};
};

// Equal arrays once, under the first name.
void InsertInputs(Transaction& transaction, ExperimentKey experiment,
                  std::span<const InputRow> rows);
// Of the run's experiment; nothing when no input has this digest (32 bytes).
std::optional<InputRow> FindInput(Reader& reader, RunKey run,
                                  absl::string_view digest);
// By name.
std::vector<InputRow> ReadInputs(Reader& reader, ExperimentKey experiment);

}  // namespace engram::store
