#include "server/rpc/component_message.h"

#include <string>
#include <variant>

#include "absl/strings/str_cat.h"
#include "core/spec/catalog.h"

namespace engram {
namespace {

absl::string_view TypeName(ParameterType type) {
  switch (type) {
    case ParameterType::kReal:
      return "real";
    case ParameterType::kInteger:
      return "integer";
    case ParameterType::kBoolean:
      return "boolean";
    case ParameterType::kText:
      return "text";
    case ParameterType::kChoice:
      return "choice";
    case ParameterType::kReference:
      return "reference";
    case ParameterType::kDataset:
      return "dataset";
    case ParameterType::kRecordItem:
      return "record item";
    case ParameterType::kSelection:
      return "selection";
    case ParameterType::kMap:
      return "map";
  }
  return "";
}

absl::string_view OutputName(OutputKind kind) {
  switch (kind) {
    case OutputKind::kSummary:
      return "summary";
    case OutputKind::kSeries:
      return "series";
    case OutputKind::kArray:
      return "array";
    case OutputKind::kSpikes:
      return "spikes";
  }
  return "";
}

v1::Parameter ParameterMessage(const ParameterSpec& spec) {
  v1::Parameter parameter;
  parameter.set_name(spec.name);
  std::string type;
  for (int i = 0; i < spec.list_rank; ++i) type += "list of ";
  absl::StrAppend(&type, TypeName(spec.type));
  parameter.set_type(type);
  parameter.set_unit(spec.unit.empty() ? "1" : spec.unit);
  if (spec.default_value.has_value()) {
    *parameter.mutable_default_value() = JsonValue(*spec.default_value);
  }
  if (spec.minimum.has_value()) parameter.set_minimum(*spec.minimum);
  if (spec.maximum.has_value()) parameter.set_maximum(*spec.maximum);
  parameter.set_exclusive_minimum(spec.exclusive_minimum);
  for (const std::string& choice : spec.choices) parameter.add_choices(choice);
  parameter.set_meaning(spec.meaning);
  parameter.set_required(!spec.default_value.has_value() && !spec.is_optional);
  return parameter;
}

v1::Slot SlotMessage(const SlotSpec& spec) {
  v1::Slot slot;
  slot.set_name(spec.name);
  slot.set_kind(std::string(KindName(spec.kind)));
  slot.set_many(spec.many);
  slot.set_optional(spec.optional);
  slot.set_default_type(spec.default_type);
  slot.set_meaning(spec.meaning);
  slot.set_unit(spec.unit);
  return slot;
}

}  // namespace

google::protobuf::Value JsonValue(const Value& value) {
  google::protobuf::Value json;
  if (const auto* boolean = std::get_if<bool>(&value.data)) {
    json.set_bool_value(*boolean);
  } else if (const auto* whole = std::get_if<int64_t>(&value.data)) {
    json.set_number_value(static_cast<double>(*whole));
  } else if (const auto* real = std::get_if<double>(&value.data)) {
    json.set_number_value(*real);
  } else if (const auto* text = std::get_if<std::string>(&value.data)) {
    json.set_string_value(*text);
  } else if (const auto* list = std::get_if<Value::List>(&value.data)) {
    json.mutable_list_value();
    for (const Value& item : *list) {
      *json.mutable_list_value()->add_values() = JsonValue(item);
    }
  } else {
    auto& fields = *json.mutable_struct_value()->mutable_fields();
    for (const auto& [name, item] : std::get<Value::Map>(value.data)) {
      fields[name] = JsonValue(item);
    }
  }
  return json;
}

v1::ComponentType ComponentMessage(const ComponentSpec& spec) {
  v1::ComponentType type;
  type.set_kind(std::string(KindName(spec.kind)));
  type.set_type(spec.type);
  type.set_summary(spec.summary);
  type.set_equation(spec.equation);
  type.set_reference(spec.reference);
  type.set_bare_parameter(spec.bare_parameter);
  for (const ParameterSpec& parameter : spec.parameters) {
    *type.add_parameters() = ParameterMessage(parameter);
  }
  for (const SlotSpec& slot : spec.slots) *type.add_slots() = SlotMessage(slot);
  for (const OutputSpec& output : spec.outputs) {
    auto* message = type.add_outputs();
    message->set_name(output.name);
    message->set_kind(std::string(OutputName(output.kind)));
    message->set_unit(output.unit.empty() ? "1" : output.unit);
    message->set_x(output.x);
    message->set_meaning(output.meaning);
  }
  return type;
}

}  // namespace engram
