#include "server/rpc/worker_build.h"

#include <fstream>
#include <sstream>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "core/base/sha256.h"

namespace engram {

absl::StatusOr<std::string> WorkerBuild(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream bytes;
  if (file) bytes << file.rdbuf();
  if (!file || !bytes) {
    return absl::FailedPreconditionError(absl::StrCat(
        "worker = ", path,
        ": there is no such program, and nothing else "
        "executes runs; build engram-worker, or say where it is with "
        "--worker"));
  }
  return Sha256Hex(std::move(bytes).str());
}

}  // namespace engram
