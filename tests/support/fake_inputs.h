#pragma once

#include <map>
#include <string>

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
class NamesAreDigests final : public Resolver {
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

}  // namespace engram
