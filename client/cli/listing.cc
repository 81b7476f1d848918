#include "client/cli/listing.h"

#include <utility>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/text_format.h"
#include "google/protobuf/util/json_util.h"

namespace engram::cli {

std::string JsonOf(const google::protobuf::Message& message, bool indented) {
  google::protobuf::util::JsonPrintOptions options;
  options.add_whitespace = indented;
  // A key that a script reads is there in every answer.
  options.always_print_primitive_fields = true;
  std::string text;
  const auto status =
      google::protobuf::util::MessageToJsonString(message, &text, options);
  // Only numbers that proto3 JSON cannot write are refused, and the server
  // stores neither NaN nor infinity.
  return status.ok() ? text : "{}";
}

Grid FieldGrid(const google::protobuf::Message& message) {
  using google::protobuf::FieldDescriptor;
  const auto* descriptor = message.GetDescriptor();
  Grid grid;
  for (int i = 0; i < descriptor->field_count(); ++i) {
    const FieldDescriptor* field = descriptor->field(i);
    if (field->is_repeated() ||
        field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      continue;
    }
    std::string text;
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
      text = message.GetReflection()->GetString(message, field);
    } else {
      google::protobuf::TextFormat::PrintFieldValueToString(message, field, -1,
                                                            &text);
    }
    GridColumn column{field->name(), field->name(), Align::kLeft, {}, {}};
    column.cells.push_back({text});
    column.raw.push_back(text);
    grid.push_back(std::move(column));
  }
  return grid;
}

}  // namespace engram::cli
