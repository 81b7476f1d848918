#pragma once

#include <cstdint>

namespace engram::store {

// Integer keys inside the database. Users never see them: an experiment's name
// is its ten letters and digits, a run's is that and its point.
enum class ExperimentKey : int64_t {};
enum class RunKey : int64_t {};
enum class SeriesKey : int64_t {};

constexpr int64_t Int(ExperimentKey key) { return static_cast<int64_t>(key); }
constexpr int64_t Int(RunKey key) { return static_cast<int64_t>(key); }
constexpr int64_t Int(SeriesKey key) { return static_cast<int64_t>(key); }

}  // namespace engram::store
