#pragma once

#include "engram/v1/events.pb.h"
#include "server/queue/run_name.h"
#include "server/queue/worker_link.h"
#include "server/store/event_table.h"

namespace engram::store {
class Reader;
}

namespace engram {

// Events as the wire has them. A state event carries the run as it is after the
// change: what the store has of it, in the state that the event says.
v1::Event EventMessage(store::Reader& reader, const store::StoredEvent& event);
// The present state of a run, without a sequence.
v1::Event PresentMessage(store::Reader& reader, store::RunKey run);
v1::Event LiveMessage(const RunName& run, const LiveReport& report,
                      int64_t now_us);

}  // namespace engram
