#include <optional>

#include "server/queue/queue.h"
#include "server/rpc/message.h"
#include "server/rpc/name.h"
#include "server/rpc/page.h"
#include "server/rpc/runs.h"
#include "server/store/listing.h"
#include "server/store/store.h"

namespace engram {
namespace {

absl::StatusOr<std::optional<store::ExperimentKey>> ParentOf(
    store::Reader& reader, const std::string& parent) {
  if (parent.empty() || parent == "experiments/-" || parent == "-") {
    return std::optional<store::ExperimentKey>();
  }
  auto found = FindExperimentNamed(reader, parent);
  if (!found.ok()) return found.status();
  return std::optional<store::ExperimentKey>(found->key);
}

absl::StatusOr<v1::ListRunsResponse> Stored(store::Reader& reader,
                                            const std::string& parent,
                                            const store::ListQuery& query) {
  auto experiment = ParentOf(reader, parent);
  if (!experiment.ok()) return experiment.status();
  auto page = store::ListRuns(reader, *experiment, query);
  if (!page.ok()) return WithField(page.status());
  v1::ListRunsResponse reply;
  TagsOf tags;
  for (const store::RunRow& row : page->rows) {
    *reply.add_runs() = RunMessage(reader, row, tags);
  }
  reply.set_next_page_token(page->next_page_token);
  reply.set_total_size(page->total_size);
  reply.set_total_is_lower_bound(page->total_is_lower_bound);
  return reply;
}

void AddProgress(const Queue& queue, v1::Run& run) {
  if (run.state() != v1::RUN_STATE_RUNNING &&
      run.state() != v1::RUN_STATE_CANCELLING) {
    return;
  }
  auto name = ParseName(run.name(), "name");
  if (!name.ok() || !name->point.has_value()) return;
  const auto live = queue.ProgressOf({name->experiment, *name->point});
  if (live.has_value()) SetProgress(*live, *run.mutable_progress());
}

}  // namespace

absl::StatusOr<v1::ListRunsResponse> ListRuns(
    const Caller& /*caller*/, const v1::ListRunsRequest& request,
    const Parts& parts) {
  absl::StatusOr<int> page_size = PageSize(request.page_size(), 100);
  if (!page_size.ok()) return page_size.status();
  const store::ListQuery query{.filter = request.filter(),
                               .order_by = request.order_by(),
                               .page_size = *page_size,
                               .page_token = request.page_token()};
  auto reply = parts.store.Read([&](store::Reader& reader) {
    return Stored(reader, request.parent(), query);
  });
  if (!reply.ok()) return reply.status();
  for (v1::Run& run : *reply->mutable_runs()) AddProgress(parts.queue, run);
  return reply;
}

}  // namespace engram
