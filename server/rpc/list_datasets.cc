#include "server/rpc/datasets.h"
#include "server/rpc/page.h"
#include "server/store/store.h"

namespace engram {

absl::StatusOr<v1::ListDatasetsResponse> ListDatasets(
    const Caller& /*caller*/, const v1::ListDatasetsRequest& request,
    const Parts& parts) {
  absl::StatusOr<int> size = PageSize(request.page_size(), 100);
  if (!size.ok()) return size.status();
  auto after = ReadPageToken("datasets", request.page_token());
  if (!after.ok()) return after.status();
  return parts.store.Read(
      [&](store::Reader& reader) -> absl::StatusOr<v1::ListDatasetsResponse> {
        v1::ListDatasetsResponse reply;
        std::string last;
        // One more than asked for tells whether there is another page.
        for (const auto& row : store::ReadDatasets(reader, *after, *size + 1)) {
          if (reply.datasets_size() == *size) {
            reply.set_next_page_token(PageToken("datasets", last));
            break;
          }
          *reply.add_datasets() = DatasetMessage(row);
          last = row.name;
        }
        return reply;
      });
}

}  // namespace engram
