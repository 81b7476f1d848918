#include "core/spec/read_seed.h"

#include <string>
#include <variant>

#include "core/spec/read_value.h"

namespace engram {

std::optional<uint64_t> ReadSeed(const YamlNode& node, const std::string& path,
                                 ReadContext& context) {
  ParameterSpec spec;
  spec.name = path;
  spec.type = ParameterType::kInteger;
  spec.unit = "1";
  spec.minimum = 0;
  spec.maximum = static_cast<double>(kLargestSeed);
  const std::optional<Value> value = ReadValue(node, spec, path, context);
  if (!value) return std::nullopt;
  return static_cast<uint64_t>(std::get<int64_t>(value->data));
}

}  // namespace engram
