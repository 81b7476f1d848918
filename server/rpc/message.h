#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engram/v1/array.pb.h"
#include "engram/v1/experiments.pb.h"
#include "engram/v1/runs.pb.h"
#include "server/queue/run_name.h"
#include "server/queue/worker_link.h"
#include "server/store/array_table.h"
#include "server/store/attempt_table.h"
#include "server/store/checkpoint_table.h"
#include "server/store/claim_table.h"
#include "server/store/experiment_table.h"
#include "server/store/log_table.h"
#include "server/store/run_table.h"
#include "server/store/series_table.h"
#include "server/store/spike_table.h"
#include "server/store/verification_table.h"

namespace engram {

// Rows of the store as the wire's messages. All are cheap but for those that
// take a Reader, which read what is kept in other tables.

// UTC microseconds, and lengths of time in them, as the wire has them.
google::protobuf::Timestamp Time(int64_t us);
google::protobuf::Duration Span(int64_t us);

v1::RunState StateOf(const std::string& name);  // "queued"
// "QUEUED", as state_counts and queues show it.
std::string UpperState(const std::string& name);

v1::Resources ResourcesMessage(const store::ResourceRow& row);
v1::SummaryValue SummaryMessage(const store::SummaryRow& row);

// Tags come from the experiment, of which a list of runs reads each one once.
struct TagsOf {
  std::map<store::ExperimentKey, std::vector<std::string>> known;
  const std::vector<std::string>& Of(store::Reader& reader,
                                     store::ExperimentKey key);
};
v1::Run RunMessage(store::Reader& reader, const store::RunRow& row,
                   TagsOf& tags);
// Puts what a worker last reported in place of what is stored.
void SetProgress(const LiveProgress& live, v1::Progress& progress);

// Without text and canonical JSON unless `full`.
v1::Experiment ExperimentMessage(store::Reader& reader,
                                 const store::ExperimentRow& row, bool full);
v1::ClaimResult ClaimMessage(const store::ClaimRow& row);
v1::Transition TransitionMessage(const store::TransitionRow& row);
v1::Attempt AttemptMessage(const RunName& run, const store::AttemptRow& row);
v1::Series SeriesMessage(const store::SeriesRow& row);
v1::Population PopulationMessage(const store::PopulationRow& row);
v1::LogLine LogMessage(const store::LogRow& row);
v1::RecordedArray ArrayMessage(const store::ArrayRow& row);
// Its bytes, as `state@final`.
v1::RecordedArray StateMessage(const store::CheckpointRow& row);
v1::ArrayManifest ManifestMessage(const store::v1::ArrayManifest& manifest);
store::v1::ArrayManifest StoredManifest(const v1::ArrayManifest& manifest);
v1::Verification VerificationMessage(const RunName& run,
                                     const store::VerificationRow& row);

}  // namespace engram
