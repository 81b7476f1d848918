#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "engram/v1/datasets.pb.h"
#include "server/rpc/caller.h"
#include "server/rpc/parts.h"
#include "server/store/dataset_table.h"

namespace engram {

// The unary calls of engram.v1.Datasets: one source file each. What they
// answer and refuse is said in datasets.proto; UploadDataset is in upload.h.

absl::StatusOr<v1::ListDatasetsResponse> ListDatasets(
    const Caller& caller, const v1::ListDatasetsRequest& request,
    const Parts& parts);
absl::StatusOr<v1::Dataset> GetDataset(const Caller& caller,
                                       const v1::GetDatasetRequest& request,
                                       const Parts& parts);
absl::StatusOr<v1::DeleteDatasetResponse> DeleteDataset(
    const Caller& caller, const v1::DeleteDatasetRequest& request,
    const Parts& parts);

v1::Dataset DatasetMessage(const store::DatasetRow& row);
// "npy" of DATASET_FORMAT_NPY.
std::string FormatName(v1::DatasetFormat format);

}  // namespace engram
