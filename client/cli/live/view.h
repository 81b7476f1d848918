#pragma once

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "client/cli/live/board.h"
#include "client/cli/text/look.h"

namespace engram::cli {

struct ViewOptions {
  // Series to chart; empty for the first that a run has.
  std::string metric;
  absl::Time start;       // when watching began
  std::string status;     // shown while the server is away
  bool finished = false;  // the last frame: no hint how to leave
};

// The live view: title, totals with rate and time left, then a line a run
// with its bar, what varies, the newest value and a sparkline. Where the runs
// do not fit: a line a group (equal but for the seed), then the active runs.
// Never more lines than look.height - 1, none wider than look.width.
std::vector<std::string> DrawBoard(const Board& board,
                                   const ViewOptions& options, const Look& look,
                                   absl::Time now);

}  // namespace engram::cli
