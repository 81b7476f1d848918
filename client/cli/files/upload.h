#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "client/cli/session.h"

namespace engram::cli {

struct UploadFlags {
  std::string file;
  std::string name;    // empty: the file's, without folder and ending
  std::string format;  // empty: by the file's ending or first bytes
};

// Sends a file in chunks, from where an earlier upload of it broke off.
absl::StatusOr<v1::Dataset> UploadFile(Session& session, Client& client,
                                       const UploadFlags& flags);

}  // namespace engram::cli
