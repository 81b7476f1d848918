#include "core/programs/saved_execution.h"

#include <algorithm>
#include <span>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/programs/checkpoint_format.h"
#include "core/programs/state_array.h"
#include "core/spec/nearest_name.h"

namespace engram {
namespace {

// The order of the fields is Execution::WriteCheckpoint's.
SavedExecution::Array ReadArray(CheckpointReader& in) {
  SavedExecution::Array array;
  array.path = std::string(in.Text());
  array.type = static_cast<ElementType>(in.Integer());
  array.order = static_cast<ArrayOrder>(in.Integer());
  const int64_t rank = in.Count();
  for (int64_t i = 0; i < rank; ++i) array.shape.push_back(in.Integer());
  array.bytes = in.Text();
  return array;
}

void ReadSummary(CheckpointReader& in, SavedExecution& saved) {
  const std::string name(in.Text());
  const std::string unit(in.Text());
  const std::string reason(in.Text());
  const double value = in.Real();
  saved.summary.insert_or_assign(
      name,
      Execution::SummaryValue{unit, reason.empty() ? Measured::Of(value)
                                                   : Measured::Absent(reason)});
}

bool IsKnown(ElementType type) {
  switch (type) {
    case ElementType::kFloat64:
    case ElementType::kFloat32:
    case ElementType::kInt64:
    case ElementType::kInt32:
    case ElementType::kUint8:
      return true;
  }
  return false;
}

absl::string_view Text(const InputArray& array) {
  return {reinterpret_cast<const char*>(array.bytes.data()),
          array.bytes.size()};
}

bool IsState(const InputArray& array) {
  return array.type == ElementType::kUint8 && array.shape.size() == 1 &&
         absl::StartsWith(Text(array), "engram checkpoint ");
}

absl::StatusOr<InputArray> Copy(const SavedExecution::Array& saved) {
  if (!IsKnown(saved.type) || static_cast<int64_t>(saved.bytes.size()) !=
                                  ByteSize(saved.type, saved.shape)) {
    return absl::InvalidArgumentError(
        absl::StrCat(saved.path, " of the saved state has ", saved.bytes.size(),
                     " bytes, which is not its shape"));
  }
  const auto bytes = std::as_bytes(std::span(saved.bytes));
  return InputArray{.type = saved.type,
                    .order = saved.order,
                    .shape = saved.shape,
                    .bytes = {bytes.begin(), bytes.end()}};
}

}  // namespace

absl::StatusOr<SavedExecution> ReadSavedExecution(absl::string_view bytes) {
  CheckpointReader in(bytes);
  SavedExecution saved;
  saved.run_hash = std::string(in.Text());
  saved.progress.tick = in.Integer();
  saved.progress.total = in.Integer();
  saved.progress.finished = in.Integer() != 0;
  saved.has_begun = in.Integer() != 0;
  for (int64_t n = in.Count(); n > 0 && in.ok(); --n) ReadSummary(in, saved);
  for (int64_t n = in.Count(); n > 0 && in.ok(); --n) {
    saved.arrays.push_back(ReadArray(in));
  }
  if (!in.ok()) return absl::InvalidArgumentError(in.fault());
  if (in.at_end()) return saved;
  return absl::InvalidArgumentError("bytes follow its last field");
}

absl::StatusOr<StoredInput> StoredInput::Read(const Inputs& inputs,
                                              absl::string_view digest) {
  absl::StatusOr<InputArray> input = inputs.Get(digest);
  if (!input.ok()) return input.status();
  StoredInput stored;
  stored.input_ = *std::move(input);
  stored.is_state_ = IsState(stored.input_);
  if (!stored.is_state_) return stored;
  absl::StatusOr<SavedExecution> state =
      ReadSavedExecution(Text(stored.input_));
  if (!state.ok()) {
    return absl::InvalidArgumentError(absl::StrCat(
        "the saved state ", digest,
        " cannot be read: ", std::string(state.status().message())));
  }
  stored.state_ = *std::move(state);
  return stored;
}

absl::StatusOr<InputArray> StoredInput::Find(absl::string_view path) const {
  if (!is_state_) return input_;
  std::vector<std::string> paths;
  for (const SavedExecution::Array& array : state_.arrays) {
    if (array.path == path) return Copy(array);
    paths.push_back(array.path);
  }
  return absl::NotFoundError(absl::StrCat("the saved state has no array ", path,
                                          SuggestName(path, paths)));
}

absl::StatusOr<InputArray> GetInputArray(const Inputs& inputs,
                                         absl::string_view digest,
                                         absl::string_view path) {
  const absl::StatusOr<StoredInput> stored = StoredInput::Read(inputs, digest);
  if (!stored.ok()) return stored.status();
  return stored->Find(path);
}

}  // namespace engram
