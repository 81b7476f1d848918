#include "core/programs/result_hash.h"

#include <bit>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/base/sha256.h"
#include "core/programs/state_array.h"

namespace engram {
namespace {

std::string ValueText(const Measured& value) {
  if (value.is_absent()) return "absent " + value.reason();
  return absl::StrCat(
      absl::Hex(std::bit_cast<uint64_t>(value.value()), absl::kZeroPad16));
}

std::string DigestOf(std::span<const std::byte> bytes) {
  return Sha256Hex({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

}  // namespace

std::string HashResult(
    const std::map<std::string, Execution::SummaryValue>& summary,
    const std::vector<Execution::NamedArray>& state) {
  std::string lines;
  for (const auto& [name, entry] : summary) {
    absl::StrAppend(&lines, "summary ", name, " ", entry.unit, " ",
                    ValueText(entry.value), "\n");
  }
  for (const Execution::NamedArray& named : state) {
    const ArrayView& a = named.array;
    absl::StrAppend(&lines, "array ", named.path, " ", ElementTypeName(a.type),
                    a.order == ArrayOrder::kRowMajor ? " rows " : " columns ",
                    absl::StrJoin(a.shape, "x"), " ", DigestOf(a.bytes), "\n");
  }
  return "r1:" + Sha256Hex(lines);
}

}  // namespace engram
