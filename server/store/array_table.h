#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "engram/store/v1/array.pb.h"
#include "server/store/keys.h"

namespace engram::store {

class Reader;
class Transaction;

struct ArrayRow {
  RunKey run{};
  std::string path{};  // "rule.weights"
  int64_t step = -1;   // tick at which it was taken; -1 is `final`
  v1::ArrayManifest manifest{};
};

// Stores the array's manifest, or replaces it. Its chunks are durable in the
// Blobs before: the caller sees to that.
void StoreArray(Transaction& transaction, const ArrayRow& row);
// By path, then by step, `final` last.
std::vector<ArrayRow> ReadArrays(Reader& reader, RunKey run);
// NOT_FOUND names the nearest path, or the steps that there are.
absl::StatusOr<ArrayRow> FindArray(Reader& reader, RunKey run,
                                   absl::string_view path, int64_t step);
// Digests (32 bytes each) that any array, checkpoint or dataset names; with
// repeats.
void ForEachUsedChunk(Reader& reader,
                      const std::function<void(absl::string_view)>& visit);

}  // namespace engram::store
