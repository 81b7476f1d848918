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

absl::StatusOr<std::vector<v1::ItemChunk>> ReadItems(Reader& reader,
                                                     RunKey run) {
  Statement select = reader.Prepare(
      "SELECT first_ordinal, item_count, items FROM item_chunk "
      "WHERE run = ? ORDER BY first_ordinal");
  select.Bind(run);
  std::vector<v1::ItemChunk> chunks;
  int64_t next = 1;
  while (select.Step()) {
    v1::ItemChunk chunk;
    const absl::string_view bytes = select.View(2);
    if (select.Int64(0) != next ||
        !chunk.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())) ||
        chunk.items_size() != select.Int(1)) {
      return absl::DataLossError(
          absl::StrCat("item ", next, " of run ", Int(run),
                       " cannot be read from the database; restore a backup"));
    }
    next += chunk.items_size();
    chunks.push_back(std::move(chunk));
  }
  return chunks;
}

}  // namespace engram::store
