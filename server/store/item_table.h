#pragma once

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "engram/store/v1/item.pb.h"
#include "server/store/keys.h"

namespace engram::store {

class Reader;
class Transaction;

// The order in which a run recorded its items: what a repeated execution is
// compared with. Ordinals count from 1; chunks follow each other without gap.
// ClearRecord removes them.

// Stores the items with ordinals from `first_ordinal` on.
void AppendItems(Transaction& transaction, RunKey run, int64_t first_ordinal,
                 const v1::ItemChunk& chunk);
struct StoredItems {
  int64_t first_ordinal = 1;  // of the first chunk's first item
  std::vector<v1::ItemChunk> chunks;
};
// In order, the chunks with items after ordinal `after`; the first of them may
// begin before. At most `limit` chunks; -1 for all. DATA_LOSS: a chunk that
// cannot be read, or a gap.
absl::StatusOr<StoredItems> ReadItems(Reader& reader, RunKey run,
                                      int64_t after = 0, int limit = -1);

}  // namespace engram::store
