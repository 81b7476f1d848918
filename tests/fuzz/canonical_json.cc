// The tree that a worker is sent: refused, or written again as it was read.

#include <cstddef>
#include <cstdint>
#include <string>

#include "core/base/contract.h"
#include "core/programs/builtin.h"
#include "core/spec/experiment.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  const std::string json(reinterpret_cast<const char*>(bytes), size);
  const auto read = engram::FromCanonicalJson(json, engram::BuiltinCatalog());
  if (!read.ok()) {
    ENGRAM_EXPECT(!read.status().message().empty());
    return 0;
  }
  const std::string written = engram::CanonicalJson(read->first, read->second);
  const auto again =
      engram::FromCanonicalJson(written, engram::BuiltinCatalog());
  ENGRAM_EXPECT(again.ok());
  ENGRAM_EXPECT(engram::CanonicalJson(again->first, again->second) == written);
  return 0;
}
