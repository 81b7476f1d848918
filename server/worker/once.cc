#include "server/worker/once.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "core/programs/builtin.h"
#include "core/programs/discarding_recorder.h"
#include "core/spec/experiment.h"
#include "server/worker/build_id.h"

namespace engram {
namespace {

absl::Status AdvanceToEnd(Simulation& simulation) {
  // Nobody asks it to stop: it may return as seldom as it likes.
  constexpr int64_t kTicks = 1000000;
  // A result hash depends on nothing that is recorded.
  DiscardingRecorder nobody;
  while (true) {
    const absl::StatusOr<Progress> progress =
        simulation.Advance(kTicks, nobody, std::stop_token());
    if (!progress.ok()) return progress.status();
    if (progress->finished) return absl::OkStatus();
  }
}

// INVALID_ARGUMENT is left for the tree.
absl::Status OfTheRun(const absl::Status& status) {
  return status.code() == absl::StatusCode::kInvalidArgument
             ? absl::AbortedError(status.message())
             : status;
}

}  // namespace

absl::StatusOr<OnceResult> RunOnce(absl::string_view tree_json, int threads,
                                   const Inputs& inputs,
                                   const MakeSimulation& make) {
  const auto tree = FromCanonicalJson(tree_json, BuiltinCatalog());
  if (!tree.ok()) return absl::InvalidArgumentError(tree.status().message());
  absl::StatusOr<std::string> build = BuildId();
  if (!build.ok()) return OfTheRun(build.status());
  v1::RunAssignment assignment;
  assignment.set_tree_json(std::string(tree_json));
  Parallel parallel(threads);
  const auto simulation =
      make(assignment, {.parallel = parallel, .inputs = inputs});
  if (!simulation.ok()) return OfTheRun(simulation.status());
  const absl::Status ended = AdvanceToEnd(**simulation);
  if (!ended.ok()) return OfTheRun(ended);
  return OnceResult{.run_hash = RunHash(tree->first, tree->second),
                    .result_hash = (*simulation)->ResultHash(),
                    .build = *std::move(build)};
}

std::string FormatOnce(const OnceResult& result) {
  return absl::StrCat("run_hash: ", result.run_hash,
                      "\nresult_hash: ", result.result_hash,
                      "\nbuild: ", result.build, "\n");
}

}  // namespace engram
