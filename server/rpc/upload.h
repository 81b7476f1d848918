#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "engram/v1/datasets.pb.h"
#include "server/rpc/array_file.h"
#include "server/rpc/caller.h"
#include "server/rpc/parts.h"

namespace engram {

// One dataset on its way in, by one thread at a time. What has come lies in
// `spool/uploads/` of the data folder, named by the digest that the whole will
// have, so that an upload which broke off goes on there, whoever repeats it.
class Upload {
 public:
  // Checks the announcement and finds what is here already. INVALID_ARGUMENT,
  // ALREADY_EXISTS as in datasets.proto; RESOURCE_EXHAUSTED: no room for it;
  // ABORTED: somebody uploads the same bytes right now.
  static absl::StatusOr<std::unique_ptr<Upload>> Begin(
      const Caller& caller, const v1::UploadDatasetRequest::Start& start,
      const Parts& parts);
  ~Upload();

  int64_t received_bytes() const { return received_; }
  bool is_complete() const { return received_ == start_.byte_size(); }

  // The next bytes. INVALID_ARGUMENT: over 1 MiB, or more than announced.
  absl::Status Add(absl::string_view data);

  // Once complete: checks digest and format (NPY, CSV and IDX files may be
  // packed by gzip: then what they unpack to, which lies beside them so long),
  // stores the chunks and then the dataset, a piece at a time: no more than a
  // few MiB of the file are in memory. A file that fails a check is removed.
  absl::StatusOr<v1::Dataset> Finish(const Caller& caller);

 private:
  Upload(const v1::UploadDatasetRequest::Start& start, const Parts& parts,
         std::filesystem::path path);
  absl::Status Open();
  // Unpacked, where gzip has packed it.
  absl::StatusOr<v1::ArrayManifest> StoreFile(const FileBytes& file);
  absl::StatusOr<v1::Dataset> Store(const Caller& caller,
                                    const FileBytes& file);

  const v1::UploadDatasetRequest::Start start_;
  const Parts& parts_;
  const std::filesystem::path path_;
  int file_ = -1;
  int64_t received_ = 0;
};

}  // namespace engram
