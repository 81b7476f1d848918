#include "server/rpc/experiments.h"
#include "server/rpc/message.h"
#include "server/rpc/page.h"
#include "server/store/listing.h"
#include "server/store/store.h"

namespace engram {

absl::StatusOr<v1::ListExperimentsResponse> ListExperiments(
    const Caller& /*caller*/, const v1::ListExperimentsRequest& request,
    const Parts& parts) {
  absl::StatusOr<int> page_size = PageSize(request.page_size(), 50);
  if (!page_size.ok()) return page_size.status();
  store::ListQuery query{.filter = request.filter(),
                         .order_by = "",
                         .page_size = *page_size,
                         .page_token = request.page_token()};
  return parts.store.Read([&](store::Reader& reader)
                              -> absl::StatusOr<v1::ListExperimentsResponse> {
    auto page = store::ListExperiments(reader, query);
    if (!page.ok()) return WithField(page.status());
    v1::ListExperimentsResponse reply;
    for (const store::ExperimentRow& row : page->rows) {
      *reply.add_experiments() = ExperimentMessage(reader, row, false);
    }
    reply.set_next_page_token(page->next_page_token);
    reply.set_total_size(page->total_size);
    reply.set_total_is_lower_bound(page->total_is_lower_bound);
    return reply;
  });
}

}  // namespace engram
