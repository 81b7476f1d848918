#pragma once

#include "server/worker/simulation.h"

namespace engram {

// All of engram-worker but what its runs are made of. README.md has the flags
// and exit codes.
int WorkerMain(int argc, char** argv, const MakeSimulation& make);

}  // namespace engram
