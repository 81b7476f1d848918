#include "tests/server/watch/watch_fixture.h"

#include "absl/strings/str_cat.h"
#include "server/store/run_table.h"

namespace engram {

WatchMessages PlainMessages() {
  return {.event =
              [](store::Reader&, const store::StoredEvent& event) {
                v1::Event message;
                message.set_sequence(event.sequence);
                message.mutable_time()->set_seconds(event.time_us);
                message.set_parent(
                    absl::StrCat(event.experiment_id, "/", event.point));
                if (event.payload.has_log()) {
                  message.mutable_log()->set_text(event.payload.log().text());
                }
                for (const store::SeriesPoint& point : event.points) {
                  message.mutable_points_stored()->add_x(point.x);
                }
                return message;
              },
          .present =
              [](store::Reader& reader, store::RunKey key) {
                v1::Event message;
                message.set_parent(store::ReadRun(reader, key).state);
                return message;
              }};
}

}  // namespace engram
