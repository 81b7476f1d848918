#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "core/spec/component_spec.h"
#include "core/spec/read_context.h"
#include "core/spec/value.h"
#include "core/spec/yaml_node.h"

namespace engram {

// A parameter's value from what was written, in the parameter's own unit; none
// after a fault. Names of other components are read as text and looked up when
// the whole tree is known.
std::optional<Value> ReadValue(const YamlNode& node, const ParameterSpec& spec,
                               const std::string& path, ReadContext& context);

// The same, but a text with a unit where kReceptorUnit is wanted stays a text,
// which CloseUnits makes a number of.
std::optional<Value> ReadOpenValue(const YamlNode& node,
                                   const ParameterSpec& spec,
                                   const std::string& path,
                                   ReadContext& context);

// Of a real parameter.
absl::StatusOr<Value> ReadNumberOf(const std::string& text,
                                   const ParameterSpec& spec);

// What a parameter takes: "a number in ms", "one of: a, b".
std::string Wanted(const ParameterSpec& spec);

// all, excitatory[0:100], {of: all, random: 50},
// {projection: exc, pre: 0, nth: 0}; checked for form alone.
absl::StatusOr<Value> ReadSelection(const YamlNode& node);

}  // namespace engram
