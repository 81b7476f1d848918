#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "server/store/event_table.h"
#include "server/store/experiment_table.h"
#include "server/store/run_table.h"
#include "server/store/statement.h"

namespace engram::store {

// Columns in the order in which the functions below take them, of a table
// aliased `e` (experiment) or of `r` (run) joined to `e`.
inline constexpr char kExperimentColumns[] =
    "e.id, e.title, e.user, e.experiment_hash, e.run_count, e.create_time_us,"
    " e.end_time_us, e.etag, e.priority, e.urgent, e.cpus, e.memory_bytes,"
    " e.time_us, e.preset, e.after, e.axes, e.record, e.notes, e.key";
inline constexpr int kExperimentColumnCount = 19;
// Without tags, constants, text and canonical JSON.
ExperimentRow ExperimentFromColumns(const Statement& row);

inline constexpr char kRunColumns[] =
    "r.key, r.experiment, e.id, e.title, e.user, r.point, r.state,"
    " r.state_actor, r.state_reason, r.state_time_us, e.create_time_us,"
    " r.start_time_us, r.end_time_us, r.attempt, r.fencing_token,"
    " r.stored_ordinal, r.seed, r.run_hash, r.result_hash, r.build, r.worker,"
    " r.error_reason, r.error_message, r.cpus, r.memory_bytes, r.time_us,"
    " r.cpu_seconds, r.wall_time_us, r.stored_bytes, r.tick, r.tick_total,"
    " r.tick_name";
inline constexpr int kRunColumnCount = 32;
RunRow RunFromColumns(const Statement& row);

// Sorted.
std::vector<std::string> ReadTags(Reader& reader, ExperimentKey key);

// An event about the run, to be filled in: experiment, point and time are set.
StoredEvent EventOfRun(Reader& reader, RunKey run, int64_t now_us);

inline SqlValue ToSql(const std::variant<double, std::string>& value) {
  if (const double* number = std::get_if<double>(&value)) return *number;
  return std::get<std::string>(value);
}

inline std::variant<double, std::string> FromSql(const SqlValue& value) {
  if (const double* number = std::get_if<double>(&value)) return *number;
  if (const int64_t* integer = std::get_if<int64_t>(&value))
    return static_cast<double>(*integer);
  if (const std::string* text = std::get_if<std::string>(&value)) return *text;
  return 0.0;
}

}  // namespace engram::store
