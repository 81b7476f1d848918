#pragma once

#include <string>
#include <utility>

#include "core/programs/program.h"

namespace engram {

// Inputs out of a folder: `<digest>.npy` each, as `engram get RUN --inputs`
// writes them. Checked against their names.
class FolderInputs final : public Inputs {
 public:
  // Empty: there is none, and a run that reads an array cannot be executed.
  explicit FolderInputs(std::string folder) : folder_(std::move(folder)) {}

  absl::StatusOr<InputArray> Get(absl::string_view digest) const override;

 private:
  const std::string folder_;
};

}  // namespace engram
