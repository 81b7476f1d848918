#include "server/store/setting_table.h"

#include "server/store/statement.h"
#include "server/store/transaction.h"

namespace engram::store {

std::optional<std::string> ReadSetting(Reader& reader, absl::string_view name) {
  Statement read = reader.Prepare("SELECT value FROM setting WHERE name = ?");
  read.Bind(name);
  if (!read.Step()) return std::nullopt;
  return read.Text(0);
}

void StoreSetting(Transaction& transaction, absl::string_view name,
                  absl::string_view value) {
  transaction
      .Prepare(
          "INSERT INTO setting (name, value) VALUES (?, ?)"
          " ON CONFLICT (name) DO UPDATE SET value = excluded.value")
      .Bind(name, value)
      .Run();
}

}  // namespace engram::store
