#include "server/worker/core_simulation.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "core/programs/builtin.h"
#include "core/programs/execution.h"
#include "core/spec/experiment.h"

namespace engram {
namespace {

class CoreSimulation final : public Simulation {
 public:
  CoreSimulation(std::unique_ptr<Execution> execution, std::string tick_name)
      : execution_(std::move(execution)), tick_name_(std::move(tick_name)) {}

  absl::StatusOr<Progress> Advance(int64_t ticks, Recorder& out,
                                   std::stop_token stop) override {
    return execution_->Advance(ticks, out, std::move(stop));
  }
  const Progress& progress() const override { return execution_->progress(); }
  absl::Status WriteCheckpoint(CheckpointSink sink) override {
    return execution_->WriteCheckpoint(sink);
  }
  absl::Status Restore(absl::string_view bytes) override {
    return execution_->Restore(bytes);
  }
  std::string ResultHash() override { return execution_->ResultHash(); }
  std::string tick_name() const override { return tick_name_; }

 private:
  const std::unique_ptr<Execution> execution_;
  const std::string tick_name_;
};

RecordPolicy PolicyOf(const v1::RecordOptions& options) {
  RecordPolicy policy;
  policy.metrics_every = options.metrics_every();
  for (const v1::RecordOptions::Snapshot& snapshot : options.snapshots()) {
    std::vector<int64_t>& steps = policy.snapshots[snapshot.path()];
    steps.insert(steps.end(), snapshot.steps().begin(), snapshot.steps().end());
  }
  return policy;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Simulation>> MakeCoreSimulation(
    const v1::RunAssignment& assignment, Context context) {
  auto tree = FromCanonicalJson(assignment.tree_json(), BuiltinCatalog());
  if (!tree.ok()) return absl::InvalidArgumentError(tree.status().message());
  std::string tick_name = EstimateProgram(tree->first).tick_name;
  absl::StatusOr<std::unique_ptr<Execution>> execution =
      Execution::Make(std::move(tree->first), tree->second,
                      PolicyOf(assignment.record()), context);
  if (!execution.ok()) return execution.status();
  return std::make_unique<CoreSimulation>(*std::move(execution),
                                          std::move(tick_name));
}

}  // namespace engram
