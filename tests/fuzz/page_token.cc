// A page token that the store did not make is refused: the input is used as a
// token, and as changes to a real one.

#include "server/store/page_token.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "tests/fuzz/fuzzed_store.h"

namespace engram::store {
namespace {

constexpr absl::string_view kQuery = "state = QUEUED";

// Each byte of the input changes one of the token.
std::string Altered(std::string token, absl::string_view changes) {
  for (size_t i = 0; i < std::min(token.size(), changes.size()); ++i) {
    token[i] = static_cast<char>(token[i] ^ changes[i]);
  }
  return token;
}

void Expect(Reader& reader, const std::string& token, const std::string& made) {
  const auto read = ReadPageToken(reader, kQuery, token);
  if (token == made) {
    ENGRAM_EXPECT(read.ok());
  } else {
    ENGRAM_EXPECT(read.status().code() == absl::StatusCode::kInvalidArgument);
  }
}

void Read(const std::string& input) {
  static FuzzedStore fuzzed;
  const absl::Status status = fuzzed.store().Read([&](Reader& reader) {
    const std::string made =
        MakePageToken(reader, kQuery, {int64_t{7}, std::string("text"), 0.5});
    Expect(reader, input, made);
    Expect(reader, Altered(made, input), made);
    return absl::OkStatus();
  });
  ENGRAM_EXPECT(status.ok());
}

}  // namespace
}  // namespace engram::store

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  engram::store::Read({reinterpret_cast<const char*>(bytes), size});
  return 0;
}
