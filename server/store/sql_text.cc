#include "server/store/sql_text.h"

#include "server/store/transaction.h"

namespace engram::store {

Statement Prepared(Reader& reader, const SqlText& sql) {
  Statement statement = reader.PrepareOnce(sql.text);
  for (const SqlValue& value : sql.values) statement.Bind(value);
  return statement;
}

}  // namespace engram::store
