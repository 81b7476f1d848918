#pragma once

#include "core/spec/experiment.h"
#include "server/queue/queue.h"
#include "server/rpc/forecast.h"

namespace engram {

// What each run gets: what its text asks for, else by the forecast with room
// to spare, because a run that exceeds its limits is lost.
RunResources ResourcesFor(const ResourceRequest& request,
                          const Forecast& forecast);

}  // namespace engram
