#include "server/gateway/codec.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <google/protobuf/util/json_util.h>

#include <climits>
#include <memory>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "core/spec/nearest_name.h"
#include "server/gateway/json_syntax.h"

namespace engram {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::Message;

std::unique_ptr<Message> NewMessage(const Descriptor& type) {
  return std::unique_ptr<Message>(
      google::protobuf::MessageFactory::generated_factory()
          ->GetPrototype(&type)
          ->New());
}

std::vector<std::string> FieldNames(const Descriptor& type) {
  std::vector<std::string> names;
  for (int i = 0; i < type.field_count(); ++i) {
    names.push_back(type.field(i)->json_name());
  }
  return names;
}

// The type of the message at a path such as "experiment.claims[0]"; null when
// there is none.
const Descriptor* TypeAt(const Descriptor& type, absl::string_view path) {
  const Descriptor* at = &type;
  for (absl::string_view step : absl::StrSplit(path, '.', absl::SkipEmpty())) {
    const std::string name(step.substr(0, step.find('[')));
    const auto* field = at->FindFieldByCamelcaseName(name);
    if (field == nullptr) field = at->FindFieldByName(name);
    at = field == nullptr ? nullptr : field->message_type();
    if (at == nullptr) return nullptr;
  }
  return at;
}

// Protobuf says "(source.set[0]) pth: Cannot find field."; this says what the
// message does have.
std::string Explain(const Descriptor& type, absl::string_view message) {
  constexpr absl::string_view kUnknown = ": Cannot find field.";
  if (!absl::EndsWith(message, kUnknown)) return std::string(message);
  absl::string_view rest = absl::StripSuffix(message, kUnknown);
  absl::string_view path;
  const size_t close = rest.find(')');
  if (absl::StartsWith(rest, "(") && close != absl::string_view::npos) {
    path = rest.substr(1, close - 1);
    rest = absl::StripLeadingAsciiWhitespace(rest.substr(close + 1));
  }
  const Descriptor* at = TypeAt(type, path);
  if (at == nullptr) return std::string(message);
  const std::vector<std::string> known = FieldNames(*at);
  std::string text = absl::StrCat(path.empty() ? "" : absl::StrCat(path, ": "),
                                  at->name(), " has no field ", rest);
  if (known.empty()) return absl::StrCat(text, "; it has none at all");
  const std::string nearest = NearestName(rest, known);
  if (!nearest.empty()) {
    return absl::StrCat(text, "; did you mean ", nearest, "?");
  }
  return absl::StrCat(text, "; it has ", absl::StrJoin(known, ", "));
}

absl::StatusOr<std::string> DecodeJson(const Descriptor& type,
                                       absl::string_view text) {
  if (absl::StripAsciiWhitespace(text).empty()) return "";
  if (absl::Status status = CheckJsonSyntax(text); !status.ok()) return status;
  const std::unique_ptr<Message> message = NewMessage(type);
  const auto status = google::protobuf::util::JsonStringToMessage(
      google::protobuf::StringPiece(text.data(), text.size()), message.get());
  if (!status.ok()) {
    const auto why = status.message();
    return absl::InvalidArgumentError(
        Explain(type, absl::string_view(why.data(), why.size())));
  }
  return message->SerializeAsString();
}

}  // namespace

absl::StatusOr<std::string> DecodeMessage(Encoding encoding,
                                          const Descriptor& type,
                                          absl::string_view text) {
  if (encoding == Encoding::kJson) return DecodeJson(type, text);
  if (text.size() > INT_MAX ||
      !NewMessage(type)->ParseFromArray(text.data(),
                                        static_cast<int>(text.size()))) {
    return absl::InvalidArgumentError(absl::StrCat(
        "the body's ", text.size(), " bytes are not a ", type.full_name()));
  }
  return std::string(text);
}

absl::StatusOr<std::string> EncodeMessage(Encoding encoding,
                                          const Descriptor& type,
                                          absl::string_view bytes) {
  if (encoding == Encoding::kProto) return std::string(bytes);
  const std::unique_ptr<Message> message = NewMessage(type);
  std::string json;
  if (!message->ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return absl::InternalError(
        absl::StrCat("the answer is not a ", type.full_name()));
  }
  const auto status =
      google::protobuf::util::MessageToJsonString(*message, &json);
  if (!status.ok()) {
    return absl::InternalError(absl::StrCat(
        "the answer cannot be written as JSON: ", status.ToString()));
  }
  return json;
}

}  // namespace engram
