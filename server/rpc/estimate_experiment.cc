#include <algorithm>
#include <string>
#include <vector>

#include "server/queue/queue.h"
#include "server/rpc/experiment_source.h"
#include "server/rpc/experiments.h"
#include "server/rpc/forecast.h"
#include "server/rpc/keep_inputs.h"
#include "server/rpc/message.h"
#include "server/rpc/resources.h"

namespace engram {
namespace {

void AddAxes(const Experiment& experiment,
             v1::EstimateExperimentResponse& reply) {
  const std::vector<std::string> paths = experiment.axes();
  const std::vector<int64_t> sizes = experiment.axis_sizes();
  for (size_t i = 0; i < paths.size(); ++i) {
    auto* axis = reply.add_axes();
    axis->set_path(paths[i]);
    axis->set_size(sizes[i]);
  }
}

}  // namespace

absl::StatusOr<v1::EstimateExperimentResponse> EstimateExperiment(
    const Caller& /*caller*/, const v1::EstimateExperimentRequest& request,
    const Parts& parts) {
  auto source = ParseSource(request.source(), parts);
  if (!source.ok()) return source.status();
  const Experiment& experiment = source->experiment;
  const Forecast forecast =
      ForecastOf(experiment, parts, InputsFor(source->inputs));
  const RunResources resources = ResourcesFor(experiment.resources(), forecast);
  const int64_t at_once = std::clamp<int64_t>(
      parts.queue.Status().cpus / std::max(1, resources.cpus), 1,
      experiment.run_count());
  v1::EstimateExperimentResponse reply;
  reply.set_run_count(experiment.run_count());
  reply.set_cpu_seconds(forecast.cpu_seconds);
  *reply.mutable_wall_time() = Span(static_cast<int64_t>(
      std::max(forecast.longest_run_s,
               forecast.cpu_seconds / static_cast<double>(at_once)) *
      1e6));
  reply.set_memory_bytes(forecast.memory_bytes);
  reply.set_record_bytes(forecast.record_bytes);
  reply.set_ticks(forecast.ticks);
  reply.set_tick_name(forecast.tick_name);
  reply.set_from_history(forecast.from_history);
  AddAxes(experiment, reply);
  return reply;
}

}  // namespace engram
