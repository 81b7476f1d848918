#pragma once

#include <filesystem>

#include "absl/status/status.h"

namespace engram {

// Makes the folder, and those above it, where they are missing; a folder that
// is made is its owner's alone. FAILED_PRECONDITION says why it cannot be.
absl::Status MakePrivateFolder(const std::filesystem::path& path);

// Takes the folder's permissions from everybody but its owner, whoever made
// it. One that belongs to another user stays as it is.
absl::Status CloseToOthers(const std::filesystem::path& path);

}  // namespace engram
