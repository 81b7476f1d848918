#include "server/store/transaction.h"

#include <utility>

#include "core/base/contract.h"
#include "server/store/connection.h"

namespace engram::store {

Statement Reader::Prepare(absl::string_view sql) {
  return connection_.Prepare(sql);
}

Statement Reader::PrepareOnce(const std::string& sql) {
  return connection_.PrepareOnce(sql);
}

int64_t Transaction::Append(StoredEvent event) {
  if (event.experiment_id.empty()) {
    Statement find = Prepare("SELECT id FROM experiment WHERE key = ?");
    find.Bind(event.experiment);
    ENGRAM_EXPECT(find.Step());
    event.experiment_id = find.Text(0);
  }
  Statement insert = Prepare(
      "INSERT INTO event (time_us, experiment, run, payload)"
      " VALUES (?, ?, ?, ?)");
  const std::string payload = event.payload.SerializeAsString();
  insert.Bind(event.time_us, event.experiment, event.run, Blob{payload}).Run();
  event.sequence = LastKey();
  events_.push_back(std::move(event));
  return events_.back().sequence;
}

int64_t Transaction::LastKey() {
  return connection_.database().getLastInsertRowid();
}

}  // namespace engram::store
