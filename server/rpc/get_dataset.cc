#include "absl/strings/ascii.h"
#include "absl/strings/strip.h"
#include "server/rpc/datasets.h"
#include "server/rpc/message.h"
#include "server/rpc/name.h"
#include "server/store/store.h"

namespace engram {

std::string FormatName(v1::DatasetFormat format) {
  return absl::AsciiStrToLower(
      absl::StripPrefix(v1::DatasetFormat_Name(format), "DATASET_FORMAT_"));
}

v1::Dataset DatasetMessage(const store::DatasetRow& row) {
  v1::Dataset dataset;
  dataset.set_name("datasets/" + row.name);
  v1::DatasetFormat format = v1::DATASET_FORMAT_UNSPECIFIED;
  v1::DatasetFormat_Parse("DATASET_FORMAT_" + absl::AsciiStrToUpper(row.format),
                          &format);
  dataset.set_format(format);
  dataset.set_owner("users/" + row.user);
  dataset.set_byte_size(row.byte_size);
  *dataset.mutable_manifest() = ManifestMessage(row.manifest);
  *dataset.mutable_create_time() = Time(row.create_time_us);
  dataset.set_use_count(row.use_count);
  return dataset;
}

absl::StatusOr<v1::Dataset> GetDataset(const Caller& /*caller*/,
                                       const v1::GetDatasetRequest& request,
                                       const Parts& parts) {
  return parts.store.Read(
      [&](store::Reader& reader) -> absl::StatusOr<v1::Dataset> {
        auto row = store::FindDataset(reader, Bare(request.name(), "datasets"));
        if (!row.ok()) return row.status();
        return DatasetMessage(*row);
      });
}

}  // namespace engram
