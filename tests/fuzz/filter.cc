// Filter and order of a listing, separated by a new line: refused at a column,
// or a statement that SQLite takes.

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/match.h"
#include "server/store/listing.h"
#include "tests/fuzz/fuzzed_store.h"

namespace engram::store {
namespace {

void List(const std::string& text) {
  static FuzzedStore fuzzed;
  ListQuery query;
  const size_t line = text.find('\n');
  query.filter = text.substr(0, line);
  if (line != std::string::npos) query.order_by = text.substr(line + 1);
  absl::Status answer;
  const absl::Status status = fuzzed.store().Read([&](Reader& reader) {
    answer = ListRuns(reader, std::nullopt, query).status();
    if (answer.ok()) answer = ListExperiments(reader, query).status();
    return absl::OkStatus();
  });
  ENGRAM_EXPECT(status.ok());
  if (answer.ok()) return;
  ENGRAM_EXPECT(answer.code() == absl::StatusCode::kInvalidArgument);
  ENGRAM_EXPECT(absl::StartsWith(answer.message(), "filter:") ||
                absl::StartsWith(answer.message(), "order_by:"));
}

}  // namespace
}  // namespace engram::store

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  engram::store::List({reinterpret_cast<const char*>(bytes), size});
  return 0;
}
