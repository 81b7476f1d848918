#include "server/store/item_table.h"

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "server/store/statement.h"
#include "server/store/transaction.h"

namespace engram::store {

void AppendItems(Transaction& transaction, RunKey run, int64_t first_ordinal,
                 const v1::ItemChunk& chunk) {
  const std::string bytes = chunk.SerializeAsString();
  transaction
      .Prepare(
          "INSERT INTO item_chunk (run, first_ordinal, item_count, items) "
          "VALUES (?, ?, ?, ?)")
      .Bind(run, first_ordinal, chunk.items_size(), Blob{bytes})
      .Run();
}

absl::StatusOr<StoredItems> ReadItems(Reader& reader, RunKey run, int64_t after,
                                      int limit) {
  Statement select = reader.Prepare(
      "SELECT first_ordinal, item_count, items FROM item_chunk "
      "WHERE run = ? AND first_ordinal + item_count > ? + 1 "
      "ORDER BY first_ordinal LIMIT ?");
  select.Bind(run, after, limit);
  StoredItems items;
  int64_t next = 0;  // 0: the first chunk, which may begin before
  while (select.Step()) {
    const int64_t first = select.Int64(0);
    if (next == 0 && first <= after + 1) next = items.first_ordinal = first;
    v1::ItemChunk chunk;
    const absl::string_view bytes = select.View(2);
    if (first != next ||
        !chunk.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())) ||
        chunk.items_size() != select.Int(1)) {
      return absl::DataLossError(absl::StrCat(
          "item ", next == 0 ? after + 1 : next, " of run ", Int(run),
          " cannot be read from the database; restore a backup"));
    }
    next += chunk.items_size();
    items.chunks.push_back(std::move(chunk));
  }
  return items;
}

}  // namespace engram::store
