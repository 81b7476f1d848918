#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/base/mutex.h"

namespace engram {

// An engram-worker file that is kept.
struct BuildFile {
  std::string id;  // SHA-256 of the file in hex: its name
  int64_t byte_size = 0;
};

// The worker programs that runs were computed with, each a file named by the
// SHA-256 of its bytes: what verifies, resumes and continues those runs when
// the service has a newer worker. Thread-safe.
class KeptBuilds {
 public:
  // Made when it is not there. What a copy that was interrupted left behind is
  // removed; files that are named otherwise are left alone.
  static absl::StatusOr<std::unique_ptr<KeptBuilds>> Open(
      std::filesystem::path folder);

  // Copies the program there, durably, unless an intact copy is there.
  // FAILED_PRECONDITION: there is no such program.
  absl::StatusOr<BuildFile> Keep(const std::filesystem::path& program);
  // By name alone, which costs nothing.
  bool Has(absl::string_view id) const;
  // What to start. NOT_FOUND: it is not kept. DATA_LOSS: the file is not what
  // its name says any more; it is not offered again.
  absl::StatusOr<std::filesystem::path> Program(absl::string_view id);
  // By name.
  std::vector<BuildFile> List() const;
  // Nothing when it is not kept.
  absl::Status Remove(absl::string_view id);

 private:
  explicit KeptBuilds(std::filesystem::path folder);
  absl::Status Load();
  absl::StatusOr<BuildFile> Copy(const std::filesystem::path& program) const;

  struct Kept {
    int64_t byte_size = 0;
    bool is_verified = false;
  };
  const std::filesystem::path folder_;
  mutable Mutex mu_;
  std::map<std::string, Kept, std::less<>> builds_ GUARDED_BY(mu_);
};

}  // namespace engram
