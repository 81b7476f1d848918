// A file of numbers that a user uploads: refused, or an array whose bytes are
// as many as its shape says. The first byte chooses the format.

#include "server/rpc/array_file.h"

#include <cstddef>
#include <cstdint>
#include <string>

#include "core/base/contract.h"
#include "core/programs/state_array.h"

namespace {

class Text final : public engram::FileBytes {
 public:
  explicit Text(absl::string_view text) : text_(text) {}
  int64_t size() const override { return static_cast<int64_t>(text_.size()); }
  absl::StatusOr<std::string> Read(int64_t offset,
                                   int64_t size) const override {
    return std::string(
        text_.substr(static_cast<size_t>(offset), static_cast<size_t>(size)));
  }

 private:
  const absl::string_view text_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  if (size == 0) return 0;
  const absl::string_view file(reinterpret_cast<const char*>(bytes) + 1,
                               size - 1);
  const auto format = static_cast<engram::v1::DatasetFormat>(bytes[0] % 6);
  int64_t given = 0;
  const auto array = engram::ReadArrayFile(
      format, Text(file), [&](absl::string_view elements) {
        given += static_cast<int64_t>(elements.size());
        return absl::OkStatus();
      });
  if (!array.ok()) {
    ENGRAM_EXPECT(!array.status().message().empty());
    return 0;
  }
  ENGRAM_EXPECT(given == engram::ByteSize(array->type, array->shape));
  return 0;
}
