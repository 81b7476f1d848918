#include "client/cli/wording.h"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "client/cli/text/quantity.h"

namespace engram::cli {

absl::Time TimeOf(const google::protobuf::Timestamp& timestamp) {
  return absl::FromUnixSeconds(timestamp.seconds()) +
         absl::Nanoseconds(timestamp.nanos());
}

absl::Duration DurationOf(const google::protobuf::Duration& duration) {
  return absl::Seconds(duration.seconds()) +
         absl::Nanoseconds(duration.nanos());
}

std::string IsoTime(bool present, const google::protobuf::Timestamp& time) {
  if (!present) return "";
  return absl::FormatTime("%Y-%m-%dT%H:%M:%E*SZ", TimeOf(time),
                          absl::UTCTimeZone());
}

std::string ClockText(absl::Time time) {
  return absl::FormatTime("%Y-%m-%d %H:%M:%S", time, absl::LocalTimeZone());
}

std::string AgoOrDash(bool present, const google::protobuf::Timestamp& time,
                      absl::Time now) {
  return present ? AgoText(TimeOf(time), now) : "-";
}

std::string StateWord(v1::RunState state) {
  constexpr size_t kPrefix = sizeof("RUN_STATE_") - 1;
  if (!v1::RunState_IsValid(state)) return "unknown";
  std::string word =
      absl::AsciiStrToLower(v1::RunState_Name(state).substr(kPrefix));
  return absl::StrReplaceAll(word, {{"_", " "}});
}

Cell StateCell(v1::RunState state) {
  const std::string word = StateWord(state);
  switch (state) {
    case v1::RUN_STATE_STARTING:
    case v1::RUN_STATE_RUNNING:
      return {word, Tone::kActive};
    case v1::RUN_STATE_SUCCEEDED:
      return {word, Tone::kGood};
    case v1::RUN_STATE_FAILED:
    case v1::RUN_STATE_TIMED_OUT:
      return {word, Tone::kBad};
    case v1::RUN_STATE_CANCELLING:
    case v1::RUN_STATE_CANCELLED:
      return {word, Tone::kWarning};
    default:
      return {word, Tone::kDim};
  }
}

bool HasEnded(v1::RunState state) {
  return state == v1::RUN_STATE_SUCCEEDED || state == v1::RUN_STATE_FAILED ||
         state == v1::RUN_STATE_CANCELLED || state == v1::RUN_STATE_TIMED_OUT;
}

v1::RunState StateNamed(const std::string& name) {
  v1::RunState state = v1::RUN_STATE_UNSPECIFIED;
  if (!v1::RunState_Parse(absl::StrCat("RUN_STATE_", name), &state)) {
    return v1::RUN_STATE_UNSPECIFIED;
  }
  return state;
}

Cell OutcomeCell(v1::ClaimOutcome outcome) {
  switch (outcome) {
    case v1::CLAIM_OUTCOME_HOLDS:
      return {"holds", Tone::kGood};
    case v1::CLAIM_OUTCOME_FAILS:
      return {"FAILS", Tone::kBad};
    case v1::CLAIM_OUTCOME_UNDECIDED:
      return {"undecided", Tone::kWarning};
    default:
      return {"pending", Tone::kDim};
  }
}

std::string ValueText(const google::protobuf::Value& value) {
  using google::protobuf::Value;
  switch (value.kind_case()) {
    case Value::kNumberValue:
      return ExactText(value.number_value());
    case Value::kStringValue:
      return value.string_value();
    case Value::kBoolValue:
      return value.bool_value() ? "true" : "false";
    case Value::kListValue: {
      return absl::StrCat(
          "[",
          absl::StrJoin(value.list_value().values(), ", ",
                        [](std::string* out, const Value& item) {
                          out->append(ValueText(item));
                        }),
          "]");
    }
    case Value::kStructValue: {
      // Sorted, since a map's own order is no order; the type comes first.
      const auto& fields = value.struct_value().fields();
      std::vector<std::string> parts;
      for (const auto& [name, field] : fields) {
        if (name == "type") continue;
        parts.push_back(absl::StrCat(name, ": ", ValueText(field)));
      }
      std::sort(parts.begin(), parts.end());
      if (const auto type = fields.find("type"); type != fields.end()) {
        const std::string name = ValueText(type->second);
        if (parts.empty()) return name;
        parts.insert(parts.begin(), absl::StrCat("type: ", name));
      }
      return absl::StrCat("{", absl::StrJoin(parts, ", "), "}");
    }
    default:
      return "-";
  }
}

std::optional<double> NumberOf(const v1::SummaryValue& value) {
  if (value.content_case() != v1::SummaryValue::kValue) return std::nullopt;
  return value.value();
}

std::string SummaryText(const v1::SummaryValue& value) {
  if (const auto number = NumberOf(value)) return ShortText(*number);
  if (value.absent_reason().empty()) return "-";
  return absl::StrCat("- (", value.absent_reason(), ")");
}

std::string WithUnit(const std::string& name, const std::string& unit) {
  if (unit.empty() || unit == "1") return name;
  return absl::StrCat(name, " [", unit, "]");
}

std::string FormatWord(v1::DatasetFormat format) {
  constexpr size_t kPrefix = sizeof("DATASET_FORMAT_") - 1;
  if (!v1::DatasetFormat_IsValid(format)) return "unknown";
  return absl::AsciiStrToLower(v1::DatasetFormat_Name(format).substr(kPrefix));
}

std::string ElementWord(v1::ElementType type) {
  constexpr size_t kPrefix = sizeof("ELEMENT_TYPE_") - 1;
  if (!v1::ElementType_IsValid(type)) return "unknown";
  return absl::AsciiStrToLower(v1::ElementType_Name(type).substr(kPrefix));
}

std::string ShapeText(const v1::ArrayManifest& manifest) {
  if (manifest.shape().empty()) return "scalar";
  return absl::StrJoin(manifest.shape(), " x ");
}

std::string StepText(int64_t step) {
  return step < 0 ? "final" : absl::StrCat(step);
}

}  // namespace engram::cli
