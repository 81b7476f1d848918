#pragma once

#include "client/cli/session.h"

namespace engram::cli {

// The process' own streams, environment, clock and terminal. From the first
// call of `interrupted` on, Ctrl-C is noted once and ends the process the
// second time. Called once, from main.
Host ThisProcess();

}  // namespace engram::cli
