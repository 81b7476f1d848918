#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/programs/execution.h"
#include "core/programs/program.h"

namespace engram {

// What the bytes of Execution::WriteCheckpoint say, before anything is changed
// by them. Any build that knows the format reads it; to go on from it takes the
// build that wrote it.
struct SavedExecution {
  struct Array {
    std::string path;
    ElementType type = ElementType::kFloat64;
    ArrayOrder order = ArrayOrder::kColumnMajor;
    std::vector<int64_t> shape;
    absl::string_view bytes;  // of the checkpoint's
  };
  std::string run_hash;
  Progress progress;
  bool has_begun = false;
  std::map<std::string, Execution::SummaryValue> summary;
  std::vector<Array> arrays;
};

// INVALID_ARGUMENT: bytes that are cut, altered or of another version.
absl::StatusOr<SavedExecution> ReadSavedExecution(absl::string_view bytes);

// What a run reads from another run: one array, or a whole state
// (`k7m2q9xw4p/17/state@final`), which is read once for all of its arrays.
class StoredInput {
 public:
  static absl::StatusOr<StoredInput> Read(const Inputs& inputs,
                                          absl::string_view digest);
  StoredInput(StoredInput&&) = default;
  StoredInput& operator=(StoredInput&&) = default;

  bool is_state() const { return is_state_; }
  // The input itself or, of a state, the array at `path`. NOT_FOUND has the
  // nearest path that the state does have.
  absl::StatusOr<InputArray> Find(absl::string_view path) const;

 private:
  StoredInput() = default;

  InputArray input_;
  bool is_state_ = false;
  SavedExecution state_;  // of the input's bytes, which a move leaves in place
};

// One array of a StoredInput.
absl::StatusOr<InputArray> GetInputArray(const Inputs& inputs,
                                         absl::string_view digest,
                                         absl::string_view path);

}  // namespace engram
