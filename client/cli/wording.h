#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/time/time.h"
#include "client/cli/text/table.h"
#include "engram/v1/datasets.pb.h"
#include "engram/v1/experiments.pb.h"
#include "engram/v1/runs.pb.h"
#include "google/protobuf/duration.pb.h"
#include "google/protobuf/struct.pb.h"
#include "google/protobuf/timestamp.pb.h"

// What values of the wire contract are called in tables.
namespace engram::cli {

absl::Time TimeOf(const google::protobuf::Timestamp& timestamp);
absl::Duration DurationOf(const google::protobuf::Duration& duration);

// RFC 3339 in UTC for programs; "" where the field is absent.
std::string IsoTime(bool present, const google::protobuf::Timestamp& time);
// "2026-11-22 14:05:03" in the reader's zone.
std::string ClockText(absl::Time time);
// "3 min ago", or "-".
std::string AgoOrDash(bool present, const google::protobuf::Timestamp& time,
                      absl::Time now);

// "running", in the colour of the state.
Cell StateCell(v1::RunState state);
std::string StateWord(v1::RunState state);
bool HasEnded(v1::RunState state);
// "RUNNING" gives RUN_STATE_RUNNING; UNSPECIFIED for what is no state.
v1::RunState StateNamed(const std::string& name);

// "holds", "FAILS", ...
Cell OutcomeCell(v1::ClaimOutcome outcome);

// A parameter's value as in YAML: 0.5, hebbian, {a: 1}.
std::string ValueText(const google::protobuf::Value& value);

// The value, or nothing where it is absent.
std::optional<double> NumberOf(const v1::SummaryValue& value);
// "10", or "- (no item was active)".
std::string SummaryText(const v1::SummaryValue& value);

// "weight_norm [nS]"; the name alone where there is no unit.
std::string WithUnit(const std::string& name, const std::string& unit);

std::string FormatWord(v1::DatasetFormat format);
std::string ElementWord(v1::ElementType type);
// "100 x 200".
std::string ShapeText(const v1::ArrayManifest& manifest);
// "final" or the tick's number.
std::string StepText(int64_t step);

}  // namespace engram::cli
