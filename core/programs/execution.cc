#include "core/programs/execution.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/contract.h"
#include "core/programs/builtin.h"
#include "core/programs/result_hash.h"
#include "core/programs/snapshot.h"

namespace engram {

// Between program and recorder: thins metrics, remembers summary values.
class Execution::Filter final : public Recorder {
 public:
  Filter(Execution& execution, Recorder& out)
      : execution_(execution), out_(out) {}

  void Point(const SeriesInfo& series, double x,
             const Measured& value) override {
    const double every = static_cast<double>(execution_.policy_.metrics_every);
    if (every == 1 || (every > 0 && std::fmod(x, every) == 0)) {
      out_.Point(series, x, value);
    }
  }
  void Array(absl::string_view path, int64_t step,
             const ArrayView& array) override {
    out_.Array(path, step, array);
  }
  void Spikes(const PopulationInfo& population, std::span<const int64_t> steps,
              std::span<const int32_t> units) override {
    out_.Spikes(population, steps, units);
  }
  void Summary(absl::string_view name, absl::string_view unit,
               const Measured& value) override {
    ENGRAM_EXPECT(
        execution_.summary_
            .emplace(std::string(name), SummaryValue{std::string(unit), value})
            .second);
    out_.Summary(name, unit, value);
  }
  void Log(LogLevel level, absl::string_view text) override {
    out_.Log(level, text);
  }
  void Live(absl::string_view name, std::span<const double> values) override {
    out_.Live(name, values);
  }
  void Activity(const PopulationInfo& population, int64_t begin, int64_t end,
                std::span<const int64_t> steps,
                std::span<const int32_t> units) override {
    out_.Activity(population, begin, end, steps, units);
  }

 private:
  Execution& execution_;
  Recorder& out_;
};

absl::StatusOr<std::unique_ptr<Execution>> Execution::Make(Component tree,
                                                           uint64_t seed,
                                                           RecordPolicy policy,
                                                           Context context) {
  if (absl::Status status = CheckRecord(tree, policy); !status.ok()) {
    return status;
  }
  absl::StatusOr<std::unique_ptr<Program>> program =
      MakeProgram(tree, seed, context);
  if (!program.ok()) return program.status();
  return std::unique_ptr<Execution>(new Execution(
      std::move(tree), seed, std::move(policy), *std::move(program)));
}

Execution::Execution(Component tree, uint64_t seed, RecordPolicy policy,
                     std::unique_ptr<Program> program)
    : run_hash_(RunHash(tree, seed)),
      policy_(std::move(policy)),
      program_(std::move(program)) {
  for (const auto& [path, ticks] : policy_.snapshots) {
    snapshot_ticks_.insert(ticks.begin(), ticks.end());
  }
  snapshot_ticks_.erase(-1);
}

absl::StatusOr<Progress> Execution::Advance(int64_t ticks, Recorder& out,
                                            std::stop_token stop) {
  ENGRAM_EXPECT(ticks >= 1);
  if (!failure_.ok()) return failure_;
  Begin(out);
  const int64_t end = progress_.tick + ticks;
  while (progress_.tick < end && !progress_.finished &&
         !stop.stop_requested()) {
    const int64_t next = std::min(end - progress_.tick, TicksToNextSnapshot());
    failure_ = Step(next, out, stop);
    if (!failure_.ok()) return failure_;
  }
  return progress_;
}

void Execution::Begin(Recorder& out) {
  if (has_begun_) return;
  has_begun_ = true;
  WriteSnapshots(0, out);
}

absl::Status Execution::Step(int64_t ticks, Recorder& out,
                             std::stop_token stop) {
  const int64_t before = progress_.tick;
  Filter filter(*this, out);
  absl::StatusOr<Progress> progress = program_->Advance(ticks, filter, stop);
  if (!progress.ok()) return progress.status();
  progress_ = *progress;
  if (progress_.tick > before) WriteSnapshots(progress_.tick, out);
  if (progress_.finished) {
    WriteSnapshots(-1, out);
    WarnOfUnreached(out);
  }
  return absl::OkStatus();
}

int64_t Execution::TicksToNextSnapshot() const {
  const auto next = snapshot_ticks_.upper_bound(progress_.tick);
  if (next == snapshot_ticks_.end()) return std::numeric_limits<int64_t>::max();
  return *next - progress_.tick;
}

void Execution::WriteSnapshots(int64_t tick, Recorder& out) {
  for (const auto& [path, ticks] : policy_.snapshots) {
    if (std::find(ticks.begin(), ticks.end(), tick) == ticks.end()) continue;
    WriteSnapshot(*program_, path, tick, out);
  }
}

void Execution::WarnOfUnreached(Recorder& out) const {
  for (const auto& [path, ticks] : policy_.snapshots) {
    for (int64_t tick : ticks) {
      if (tick <= progress_.tick) continue;
      out.Log(LogLevel::kWarning,
              absl::StrCat("no snapshot of ", path, " at ", tick,
                           ": the run ends at ", progress_.tick));
    }
  }
}

std::string Execution::ResultHash() {
  ENGRAM_EXPECT(progress_.finished);
  return HashResult(summary_, StateArrays());
}

}  // namespace engram
