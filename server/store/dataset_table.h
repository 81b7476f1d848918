#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "engram/store/v1/array.pb.h"
#include "server/store/keys.h"

namespace engram::store {

class Reader;
class Transaction;

// An array or file that a user brought.
struct DatasetRow {
  std::string name{};
  std::string format{};  // npy, csv, idx, raw
  std::string user{};
  int64_t byte_size = 0;
  v1::ArrayManifest manifest{};
  int64_t create_time_us = 0;
  int64_t use_count = 0;  // runs that use it; not written by InsertDataset
};

// ALREADY_EXISTS: the name.
absl::Status InsertDataset(Transaction& transaction, const DatasetRow& row);
// NOT_FOUND names the nearest.
absl::StatusOr<DatasetRow> FindDataset(Reader& reader, absl::string_view name);
// By name, those after `after`.
std::vector<DatasetRow> ReadDatasets(Reader& reader, absl::string_view after,
                                     int limit);
// Every run of the experiment uses the dataset. NOT_FOUND as FindDataset.
absl::Status UseDataset(Transaction& transaction, ExperimentKey experiment,
                        absl::string_view name);
// FAILED_PRECONDITION: an experiment uses it.
absl::Status DeleteDataset(Transaction& transaction, absl::string_view name);

}  // namespace engram::store
