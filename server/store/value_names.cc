#include "server/store/value_names.h"

#include "server/store/statement.h"
#include "server/store/transaction.h"

namespace engram::store {
namespace {

const char* KindText(NameKind kind) {
  switch (kind) {
    case NameKind::kParameter:
      return "parameter";
    case NameKind::kSummary:
      return "summary";
  }
  return "";
}

}  // namespace

int64_t InternName(Transaction& transaction, absl::string_view name,
                   NameKind kind) {
  {
    Statement find = transaction.Prepare(
        "SELECT key FROM value_name WHERE name = ? AND kind = ?");
    find.Bind(name, KindText(kind));
    if (find.Step()) return find.Int64(0);
  }
  transaction.Prepare("INSERT INTO value_name (name, kind) VALUES (?, ?)")
      .Bind(name, KindText(kind))
      .Run();
  return transaction.LastKey();
}

std::vector<ValueName> AllValueNames(Reader& reader) {
  Statement read =
      reader.Prepare("SELECT key, name, kind FROM value_name ORDER BY name");
  const absl::string_view summary = KindText(NameKind::kSummary);
  std::vector<ValueName> names;
  while (read.Step()) {
    const NameKind kind =
        read.Text(2) == summary ? NameKind::kSummary : NameKind::kParameter;
    names.push_back({read.Int64(0), read.Text(1), kind});
  }
  return names;
}

}  // namespace engram::store
