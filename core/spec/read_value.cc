#include "core/spec/read_value.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/units.h"
#include "core/spec/nearest_name.h"
#include "core/spec/real_text.h"
#include "core/spec/receptor_units.h"

namespace engram {
namespace {

// Whole numbers up to here are doubles, too (2^53).
constexpr double kLargestWhole = 9007199254740992.0;

absl::Status Wrong(absl::string_view message) {
  return absl::InvalidArgumentError(message);
}

// A number with a unit, other than what a computed axis writes.
bool IsOpenText(const std::string& text) {
  return HasUnit(text) && !ReadQuantity(text, kReceptorUnit).ok();
}

std::string UnitSuffix(const ParameterSpec& spec) {
  if (spec.unit.empty() || spec.unit == "1") return "";
  return absl::StrCat(" ", spec.unit);
}

// "[0, 1] mV", "(0, inf)"
std::string RangeText(const ParameterSpec& spec) {
  return absl::StrCat(spec.minimum && !spec.exclusive_minimum ? "[" : "(",
                      spec.minimum ? RealText(*spec.minimum) : "-inf", ", ",
                      spec.maximum ? RealText(*spec.maximum) : "inf",
                      spec.maximum ? "]" : ")", UnitSuffix(spec));
}

absl::Status CheckRange(double value, const ParameterSpec& spec) {
  const bool is_low =
      spec.minimum && (value < *spec.minimum ||
                       (spec.exclusive_minimum && value == *spec.minimum));
  const bool is_high = spec.maximum && value > *spec.maximum;
  if (!is_low && !is_high) return absl::OkStatus();
  return Wrong(absl::StrCat(spec.name, " = ", RealText(value), " is outside ",
                            RangeText(spec)));
}

// A unit in place of the receptor's is known only where the whole tree is.
absl::Status RefuseOpen(const std::string& text) {
  return Wrong(absl::StrCat("\"", text,
                            "\" has a unit, which can only be told from the "
                            "receptor; write a plain number here"));
}

absl::StatusOr<Value> ReadReal(const YamlNode& node,
                               const ParameterSpec& spec) {
  if (spec.unit == kReceptorUnit && IsOpenText(node.text)) {
    return RefuseOpen(node.text);
  }
  return ReadNumberOf(node.text, spec);
}

absl::StatusOr<Value> ReadInteger(const YamlNode& node,
                                  const ParameterSpec& spec) {
  const absl::StatusOr<double> value = ReadQuantity(node.text, spec.unit);
  if (!value.ok()) return value.status();
  if (*value != std::floor(*value)) {
    return Wrong(absl::StrCat(spec.name, " = ", RealText(*value),
                              " is not a whole number"));
  }
  if (absl::Status range = CheckRange(*value, spec); !range.ok()) return range;
  if (std::abs(*value) > kLargestWhole) {
    return Wrong(absl::StrCat(spec.name, " = ", node.text,
                              " is beyond 2^53, where not every whole number "
                              "is a double"));
  }
  return Value(static_cast<int64_t>(*value));
}

absl::StatusOr<Value> ReadBoolean(const YamlNode& node,
                                  const ParameterSpec& spec) {
  if (node.text == "true") return Value(true);
  if (node.text == "false") return Value(false);
  return Wrong(absl::StrCat(spec.name, " = \"", node.text,
                            "\" is neither true nor false"));
}

absl::StatusOr<Value> ReadChoice(const YamlNode& node,
                                 const ParameterSpec& spec) {
  const bool is_known =
      std::ranges::find(spec.choices, node.text) != spec.choices.end();
  if (is_known) return Value(node.text);
  std::string message =
      absl::StrCat(spec.name, " = \"", node.text,
                   "\" is none of: ", ListNames(spec.choices));
  const std::string nearest = NearestName(node.text, spec.choices);
  if (!nearest.empty()) {
    absl::StrAppend(&message, "; did you mean ", nearest, "?");
  }
  return Wrong(message);
}

absl::StatusOr<Value> ReadNamed(const YamlNode& node,
                                const ParameterSpec& spec) {
  if (node.text.empty()) return Wrong(absl::StrCat(spec.name, " is empty"));
  return Value(node.text);
}

absl::StatusOr<Value> ReadDigest(const YamlNode& node,
                                 const ParameterSpec& spec,
                                 ReadContext& context) {
  const bool is_dataset = spec.type == ParameterType::kDataset;
  auto& known = is_dataset ? context.dataset_digests : context.item_digests;
  auto found = known.find(node.text);
  if (found == known.end()) {
    absl::StatusOr<std::string> digest =
        is_dataset ? context.resolver.DatasetDigest(node.text)
                   : context.resolver.RecordItemDigest(node.text);
    found = known.emplace(node.text, std::move(digest)).first;
  }
  if (!found->second.ok()) {
    return Wrong(absl::StrCat(is_dataset ? "dataset " : "record item ",
                              node.text, ": ",
                              std::string(found->second.status().message())));
  }
  return Value(*found->second);
}

// Entries have the parameter's unit; without one each may carry its own, which
// is then kept beside the number.
absl::StatusOr<Value> ReadMapEntry(const YamlNode& node,
                                   const ParameterSpec& spec) {
  if (!node.IsScalar()) {
    return Wrong(
        absl::StrCat("wanted a number, got ", std::string(node.TypeName())));
  }
  if (!spec.unit.empty()) return ReadReal(node, spec);
  const size_t space = node.text.find(' ');
  if (space == std::string::npos) {
    ParameterSpec plain = spec;
    plain.unit = "1";
    return ReadReal(node, plain);
  }
  const std::string unit = node.text.substr(space + 1);
  if (!Unit::Parse(unit)) {
    return Wrong(absl::StrCat("\"", unit, "\" is not a known unit"));
  }
  ParameterSpec own = spec;
  own.unit = unit;
  absl::StatusOr<Value> number = ReadReal(node, own);
  if (!number.ok()) return number.status();
  return Value(Value::Map{{"unit", Value(unit)}, {"value", *number}});
}

absl::StatusOr<Value> ReadMap(const YamlNode& node, const ParameterSpec& spec) {
  Value::Map map;
  for (size_t i = 0; i < node.keys.size(); ++i) {
    absl::StatusOr<Value> entry = ReadMapEntry(node.items[i], spec);
    if (!entry.ok()) {
      return Wrong(absl::StrCat(node.keys[i].name, ": ",
                                std::string(entry.status().message())));
    }
    map.emplace(node.keys[i].name, *std::move(entry));
  }
  return Value(std::move(map));
}

absl::StatusOr<Value> ReadOne(const YamlNode& node, const ParameterSpec& spec,
                              bool is_open, ReadContext& context) {
  switch (spec.type) {
    case ParameterType::kReal:
      if (is_open && spec.unit == kReceptorUnit && IsOpenText(node.text)) {
        return Value(node.text);
      }
      return ReadReal(node, spec);
    case ParameterType::kInteger:
      return ReadInteger(node, spec);
    case ParameterType::kBoolean:
      return ReadBoolean(node, spec);
    case ParameterType::kText:
      return Value(node.text);
    case ParameterType::kChoice:
      return ReadChoice(node, spec);
    case ParameterType::kReference:
      return ReadNamed(node, spec);
    case ParameterType::kDataset:
    case ParameterType::kRecordItem:
      return ReadDigest(node, spec, context);
    case ParameterType::kSelection:
      return ReadSelection(node);
    case ParameterType::kMap:
      return ReadMap(node, spec);
  }
  return Wrong("unknown parameter type");
}

bool HasForm(const YamlNode& node, const ParameterSpec& spec) {
  switch (spec.type) {
    case ParameterType::kMap:
      return node.IsMap();
    case ParameterType::kSelection:
      return node.IsScalar() || node.IsMap();
    default:
      return node.IsScalar();
  }
}

std::string WantedOne(const ParameterSpec& spec) {
  const std::string in_unit =
      UnitSuffix(spec).empty() ? "" : absl::StrCat(" in", UnitSuffix(spec));
  switch (spec.type) {
    case ParameterType::kReal:
      return absl::StrCat("a number", in_unit);
    case ParameterType::kInteger:
      return absl::StrCat("a whole number", in_unit);
    case ParameterType::kBoolean:
      return "true or false";
    case ParameterType::kText:
      return "text";
    case ParameterType::kChoice:
      return absl::StrCat("one of: ", ListNames(spec.choices));
    case ParameterType::kReference:
      return absl::StrCat("the name of a ",
                          std::string(KindName(*spec.reference_kind)));
    case ParameterType::kDataset:
      return "the name of a dataset";
    case ParameterType::kRecordItem:
      return "an item of a run, such as "
             "k7m2q9xw4p/17/snapshots/rule.weights@final";
    case ParameterType::kSelection:
      return "a selection, such as all or excitatory[0:100]";
    case ParameterType::kMap:
      return "a map of names to numbers";
  }
  return "";
}

class ListReader {
 public:
  ListReader(const ParameterSpec& spec, bool is_open, const std::string& path,
             ReadContext& context)
      : spec_(spec), is_open_(is_open), path_(path), context_(context) {}

  std::optional<Value> Read(const YamlNode& node, int rank) {
    if (rank == 0) return ReadElement(node);
    if (!node.IsList()) return Refuse(node);
    Value::List list;
    bool is_whole = true;
    for (const YamlNode& item : node.items) {
      std::optional<Value> value = Read(item, rank - 1);
      is_whole = is_whole && value.has_value();
      if (value) list.push_back(*std::move(value));
    }
    if (!is_whole || !HasEqualRows(node)) return std::nullopt;
    return Value(std::move(list));
  }

 private:
  std::optional<Value> ReadElement(const YamlNode& node) {
    if (!HasForm(node, spec_)) return Refuse(node);
    absl::StatusOr<Value> value = ReadOne(node, spec_, is_open_, context_);
    if (value.ok()) return *std::move(value);
    context_.Report(node.line, path_, std::string(value.status().message()));
    return std::nullopt;
  }

  std::optional<Value> Refuse(const YamlNode& node) {
    context_.Report(node.line, path_,
                    absl::StrCat(spec_.name, " takes ", Wanted(spec_), ", got ",
                                 std::string(node.TypeName())));
    return std::nullopt;
  }

  // Points have one dimension, a matrix has one width.
  bool HasEqualRows(const YamlNode& node) {
    for (const YamlNode& row : node.items) {
      if (!row.IsList()) return true;
      const size_t width = node.items.front().items.size();
      if (row.items.size() == width) continue;
      context_.Report(row.line, path_,
                      absl::StrCat("a row of ", spec_.name, " has ",
                                   row.items.size(), " values, the first has ",
                                   width, "; all rows must be equally long"));
      return false;
    }
    return true;
  }

  const ParameterSpec& spec_;
  const bool is_open_;  // whether texts may wait for their unit
  const std::string& path_;
  ReadContext& context_;
};

}  // namespace

std::string Wanted(const ParameterSpec& spec) {
  if (spec.list_rank == 0) return WantedOne(spec);
  if (spec.list_rank == 1) {
    return absl::StrCat("a list, each item ", WantedOne(spec));
  }
  return absl::StrCat("a list of lists, each item ", WantedOne(spec));
}

std::optional<Value> ReadValue(const YamlNode& node, const ParameterSpec& spec,
                               const std::string& path, ReadContext& context) {
  return ListReader(spec, false, path, context).Read(node, spec.list_rank);
}

std::optional<Value> ReadOpenValue(const YamlNode& node,
                                   const ParameterSpec& spec,
                                   const std::string& path,
                                   ReadContext& context) {
  return ListReader(spec, true, path, context).Read(node, spec.list_rank);
}

absl::StatusOr<Value> ReadNumberOf(const std::string& text,
                                   const ParameterSpec& spec) {
  const absl::StatusOr<double> value = ReadQuantity(text, spec.unit);
  if (!value.ok()) return value.status();
  if (absl::Status range = CheckRange(*value, spec); !range.ok()) return range;
  return Value(*value == 0 ? 0.0 : *value);
}

}  // namespace engram
