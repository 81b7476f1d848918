#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "core/base/array.h"
#include "core/programs/program.h"
#include "core/programs/state_array.h"
#include "core/spec/experiment.h"

namespace engram {

// Inputs that a test gives, by digest.
class FakeInputs final : public Inputs {
 public:
  void Add(const std::string& digest, const Array<double>& array) {
    const std::span<const std::byte> bytes = array.bytes();
    arrays_[digest] = {ElementType::kFloat64,
                       ArrayOrder::kColumnMajor,
                       {array.rows(), array.cols()},
                       {bytes.begin(), bytes.end()}};
  }
  void Add(const std::string& digest, InputArray array) {
    arrays_[digest] = std::move(array);
  }
  absl::StatusOr<InputArray> Get(absl::string_view digest) const override {
    const auto found = arrays_.find(std::string(digest));
    if (found == arrays_.end()) return absl::NotFoundError(digest);
    return found->second;
  }

 private:
  std::map<std::string, InputArray> arrays_;
};

// A record item's name is its own digest.
class NamesAreDigests : public Resolver {
 public:
  absl::StatusOr<std::string> DatasetDigest(
      absl::string_view name) const override {
    return std::string(name);
  }
  absl::StatusOr<std::string> RecordItemDigest(
      absl::string_view item) const override {
    return std::string(item);
  }
  absl::StatusOr<std::vector<std::string>> MatchingRuns(
      absl::string_view) const override {
    return std::vector<std::string>{};
  }
};

// Inputs as a server has them before anything is queued: forms of all, and the
// bytes of those that are `visible`.
class SeenInputs final : public NamesAreDigests {
 public:
  SeenInputs(const FakeInputs& inputs, std::set<std::string> visible)
      : inputs_(inputs), visible_(std::move(visible)) {}
  std::optional<InputForm> Form(absl::string_view digest) const override {
    const auto input = inputs_.Get(digest);
    if (!input.ok()) return std::nullopt;
    return InputForm{std::string(ElementTypeName(input->type)), input->shape};
  }
  std::string FirstBytes(absl::string_view digest) const override {
    const auto input = inputs_.Get(digest);
    if (!input.ok() || !visible_.contains(std::string(digest))) return "";
    return {reinterpret_cast<const char*>(input->bytes.data()),
            input->bytes.size()};
  }

 private:
  const FakeInputs& inputs_;
  const std::set<std::string> visible_;
};

}  // namespace engram
