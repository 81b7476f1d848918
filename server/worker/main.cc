// engram-worker: runs of the core.

#include "server/worker/core_simulation.h"
#include "server/worker/program.h"

int main(int argc, char** argv) {
  return engram::WorkerMain(argc, argv, engram::MakeCoreSimulation);
}
