#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "server/rpc/message.h"
#include "server/rpc/name.h"
#include "server/rpc/page.h"
#include "server/rpc/runs.h"
#include "server/store/store.h"

namespace engram {

absl::StatusOr<v1::ReadLogResponse> ReadLog(const Caller& /*caller*/,
                                            const v1::ReadLogRequest& request,
                                            const Parts& parts) {
  absl::StatusOr<int> page_size = PageSize(request.page_size(), 100);
  if (!page_size.ok()) return page_size.status();
  auto position = ReadPageToken("log", request.page_token());
  if (!position.ok()) return position.status();
  int64_t after = 0;
  if (!position->empty() && !absl::SimpleAtoi(*position, &after)) after = 0;
  return parts.store.Read(
      [&](store::Reader& reader) -> absl::StatusOr<v1::ReadLogResponse> {
        auto run = FindRunNamed(reader, request.name());
        if (!run.ok()) return run.status();
        // One more than asked for tells whether there is another page.
        auto lines = store::ReadLog(reader, run->key, after, *page_size + 1);
        v1::ReadLogResponse reply;
        for (const store::LogRow& line : lines) {
          if (reply.lines_size() == *page_size) {
            reply.set_next_page_token(
                PageToken("log", absl::StrCat(line.number - 1)));
            break;
          }
          *reply.add_lines() = LogMessage(line);
        }
        return reply;
      });
}

}  // namespace engram
