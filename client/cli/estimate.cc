#include "client/cli/estimate.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/cli/fields.h"
#include "client/cli/listing.h"
#include "client/cli/wire/explain.h"
#include "client/cli/wording.h"

namespace engram::cli {
namespace {

using Estimate = v1::EstimateExperimentResponse;

std::string AxesText(const Estimate& estimate) {
  return absl::StrJoin(
      estimate.axes(), " x ", [](std::string* out, const v1::AxisSize& axis) {
        absl::StrAppend(out, axis.path(), " (", axis.size(), ")");
      });
}

std::string Text(const Estimate& estimate, const Look& look) {
  Fields fields;
  fields.Add("runs", CountText(estimate.run_count()));
  if (estimate.axes_size() > 0) fields.Add("axes", AxesText(estimate));
  if (estimate.ticks() > 0) {
    fields.Add("each run", absl::StrCat(CountText(estimate.ticks()), " x ",
                                        estimate.tick_name()));
  }
  fields.Add("processor time",
             DurationText(absl::Seconds(estimate.cpu_seconds())));
  fields.Add(
      "wall time",
      absl::StrCat("about ", DurationText(DurationOf(estimate.wall_time())),
                   " if nothing else runs"));
  fields.Add("memory of a run", BytesText(estimate.memory_bytes()));
  fields.Add("record", absl::StrCat(BytesText(estimate.record_bytes()),
                                    " before compression"));
  fields.Add("times from", estimate.from_history()
                               ? "earlier runs on this server"
                               : "the program's own estimate");
  return fields.Render(look) + "nothing was submitted\n";
}

std::vector<Column<Estimate>> Columns() {
  using E = Estimate;
  const auto number = [](auto get) {
    return [get](const E& e) -> Cell { return {absl::StrCat(get(e))}; };
  };
  return {
      {"run_count", "", Align::kRight,
       number([](const E& e) { return e.run_count(); })},
      {"cpu_seconds", "", Align::kRight,
       number([](const E& e) { return ExactText(e.cpu_seconds()); })},
      {"wall_seconds", "", Align::kRight, number([](const E& e) {
         return ExactText(absl::ToDoubleSeconds(DurationOf(e.wall_time())));
       })},
      {"memory_bytes", "", Align::kRight,
       number([](const E& e) { return e.memory_bytes(); })},
      {"record_bytes", "", Align::kRight,
       number([](const E& e) { return e.record_bytes(); })},
      {"ticks", "", Align::kRight,
       number([](const E& e) { return e.ticks(); })},
      {"tick_name", "", Align::kLeft,
       [](const E& e) -> Cell { return {e.tick_name()}; }},
  };
}

}  // namespace

absl::StatusOr<int> ShowEstimate(Session& session,
                                 const v1::ExperimentSource& source) {
  auto client = session.client();
  if (!client.ok()) return client.status();
  v1::EstimateExperimentRequest request;
  *request.mutable_source() = source;
  const auto estimate = (*client)->Call(calls::kEstimateExperiment, request);
  if (!estimate.ok()) return estimate.status();
  const absl::Status shown =
      PresentOne(session, *estimate, Columns(), "estimate",
                 [&] { return Text(*estimate, session.look()); });
  if (!shown.ok()) return shown;
  return kDone;
}

}  // namespace engram::cli
