#include <string>
#include <vector>

#include "core/spec/experiment.h"

namespace engram {

std::optional<InputForm> Resolver::Form(absl::string_view) const {
  return std::nullopt;
}

std::string Resolver::FirstBytes(absl::string_view) const { return ""; }

absl::StatusOr<std::string> RefuseAll::DatasetDigest(absl::string_view) const {
  return absl::NotFoundError("no datasets are known here");
}

absl::StatusOr<std::string> RefuseAll::RecordItemDigest(
    absl::string_view) const {
  return absl::NotFoundError("no runs are known here");
}

absl::StatusOr<std::vector<std::string>> RefuseAll::MatchingRuns(
    absl::string_view) const {
  return absl::NotFoundError("no runs are known here");
}

}  // namespace engram
