// How an execution is saved and restored, and what its final state is.

#include <algorithm>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/programs/checkpoint_format.h"
#include "core/programs/execution.h"
#include "core/programs/saved_execution.h"
#include "core/programs/state_array.h"

namespace engram {
namespace {

struct Named {
  std::string path;
  StateArray array;
};

// Arrays that are saved, in the program's order.
class StateCollector final : public StateVisitor {
 public:
  explicit StateCollector(Program& program) { program.VisitState(*this); }

  void State(absl::string_view path, StateArray array) override {
    arrays.push_back({std::string(path), std::move(array)});
  }
  void Fixed(absl::string_view, StateArray) override {}
  void View(absl::string_view, ElementType, ArrayOrder, std::vector<int64_t>,
            absl::string_view,
            std::function<void(std::span<std::byte>)>) override {}

  std::vector<Named> arrays;
};

void WriteArray(const Named& named, CheckpointWriter& out) {
  out.Text(named.path);
  out.Integer(static_cast<int64_t>(named.array.type));
  out.Integer(static_cast<int64_t>(named.array.order));
  out.Integer(static_cast<int64_t>(named.array.shape.size()));
  for (int64_t extent : named.array.shape) out.Integer(extent);
  out.Bytes(named.array.bytes);
}

void WriteSummary(const std::string& name, const Execution::SummaryValue& entry,
                  CheckpointWriter& out) {
  out.Text(name);
  out.Text(entry.unit);
  out.Text(entry.value.reason());
  out.Real(entry.value.is_absent() ? 0.0 : entry.value.value());
}

// Why a saved array cannot be put into the program's; empty when it can.
std::string Misfit(const SavedExecution::Array& saved, const Named& mine) {
  if (saved.path != mine.path) {
    return absl::StrCat("has ", saved.path, " where this program has ",
                        mine.path);
  }
  if (saved.type != mine.array.type || saved.order != mine.array.order) {
    return absl::StrCat(saved.path, " is not of type ",
                        ElementTypeName(mine.array.type));
  }
  if (saved.shape != mine.array.shape && !mine.array.resize) {
    return absl::StrCat(saved.path, " is ", absl::StrJoin(saved.shape, " x "),
                        ", this program's is ",
                        absl::StrJoin(mine.array.shape, " x "));
  }
  if (static_cast<int64_t>(saved.bytes.size()) !=
      ByteSize(saved.type, saved.shape)) {
    return absl::StrCat(saved.path, " has ", saved.bytes.size(),
                        " bytes, which is not its shape");
  }
  return "";
}

std::string MisfitOfAny(const SavedExecution& saved,
                        const std::vector<Named>& mine) {
  if (saved.arrays.size() != mine.size()) {
    return absl::StrCat("has ", saved.arrays.size(),
                        " arrays, this program has ", mine.size());
  }
  for (size_t i = 0; i < mine.size(); ++i) {
    std::string misfit = Misfit(saved.arrays[i], mine[i]);
    if (!misfit.empty()) return misfit;
  }
  return "";
}

void Put(const SavedExecution::Array& saved, Named& mine) {
  std::span<std::byte> bytes = mine.array.bytes;
  if (saved.shape != mine.array.shape) bytes = mine.array.resize(saved.shape);
  if (!bytes.empty()) {
    std::memcpy(bytes.data(), saved.bytes.data(), bytes.size());
  }
}

absl::Status Refusal(const std::string& why) {
  return absl::InvalidArgumentError(
      absl::StrCat("not a checkpoint of this run: ", why));
}

}  // namespace

absl::Status Execution::Checkpoint(std::string* bytes) {
  bytes->clear();
  return WriteCheckpoint([bytes](absl::string_view piece) {
    bytes->append(piece.data(), piece.size());
    return absl::OkStatus();
  });
}

absl::Status Execution::WriteCheckpoint(CheckpointSink sink) {
  if (!failure_.ok()) {
    return absl::FailedPreconditionError(absl::StrCat(
        "a run that failed has no checkpoint: ", failure_.message()));
  }
  CheckpointWriter out(sink);
  out.Text(run_hash_);
  out.Integer(progress_.tick);
  out.Integer(progress_.total);
  out.Integer(progress_.finished ? 1 : 0);
  out.Integer(has_begun_ ? 1 : 0);
  out.Integer(static_cast<int64_t>(summary_.size()));
  for (const auto& [name, entry] : summary_) WriteSummary(name, entry, out);
  const StateCollector state(*program_);
  out.Integer(static_cast<int64_t>(state.arrays.size()));
  for (const Named& named : state.arrays) WriteArray(named, out);
  return out.Finish();
}

absl::Status Execution::Restore(absl::string_view bytes) {
  const absl::StatusOr<SavedExecution> read = ReadSavedExecution(bytes);
  if (!read.ok()) return Refusal(std::string(read.status().message()));
  const SavedExecution& saved = *read;
  if (saved.run_hash != run_hash_) {
    return Refusal(
        absl::StrCat("it is of ", saved.run_hash, ", this is ", run_hash_));
  }
  StateCollector mine(*program_);
  const std::string misfit = MisfitOfAny(saved, mine.arrays);
  if (!misfit.empty()) return Refusal(misfit);
  for (size_t i = 0; i < mine.arrays.size(); ++i) {
    Put(saved.arrays[i], mine.arrays[i]);
  }
  progress_ = saved.progress;
  has_begun_ = saved.has_begun;
  summary_ = saved.summary;
  failure_ = absl::OkStatus();
  return absl::OkStatus();
}

std::vector<Execution::NamedArray> Execution::StateArrays() {
  StateCollector state(*program_);
  std::vector<NamedArray> named;
  for (Named& entry : state.arrays) {
    named.push_back(
        {std::move(entry.path),
         {entry.array.type, entry.array.order, std::move(entry.array.shape),
          std::move(entry.array.unit), entry.array.bytes}});
  }
  std::sort(
      named.begin(), named.end(),
      [](const NamedArray& a, const NamedArray& b) { return a.path < b.path; });
  return named;
}

}  // namespace engram
