// A file of numbers that a user uploads: refused, or an array whose bytes are
// as many as its shape says. The first byte chooses the format.

#include "server/rpc/array_file.h"

#include <cstddef>
#include <cstdint>

#include "core/base/contract.h"
#include "core/programs/state_array.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  if (size == 0) return 0;
  const absl::string_view file(reinterpret_cast<const char*>(bytes) + 1,
                               size - 1);
  const auto format = static_cast<engram::v1::DatasetFormat>(bytes[0] % 6);
  const auto array = engram::ReadArrayFile(format, file);
  if (!array.ok()) {
    ENGRAM_EXPECT(!array.status().message().empty());
    return 0;
  }
  ENGRAM_EXPECT(static_cast<int64_t>(array->bytes().size()) ==
                engram::ByteSize(array->type, array->shape));
  return 0;
}
