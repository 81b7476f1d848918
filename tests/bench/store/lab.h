#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "server/store/experiment_table.h"
#include "server/store/run_table.h"
#include "server/store/store.h"

namespace engram::store {

// A data folder in $TMPDIR, gone with this object. Name one on the disk that
// is to be measured: /tmp is memory on some machines.
class BenchFolder {
 public:
  BenchFolder();
  ~BenchFolder();
  BenchFolder(const BenchFolder&) = delete;
  BenchFolder& operator=(const BenchFolder&) = delete;

  std::unique_ptr<Store> Open() const;

 private:
  std::filesystem::path path_;
};

// Ends the program with the message: a figure of a store that fails is none.
void Check(const absl::Status& status);

ExperimentRow LabExperiment(int number, int64_t run_count);
// Runs with three parameters each; seeds 1 to 10.
std::vector<NewRun> LabRuns(int number, int64_t run_count);
std::vector<RunKey> SubmitLab(Store& store, int number, int64_t run_count);

// 100,000 runs as a lab has them after a year or two: 200 experiments of 500,
// ten users, most runs succeeded; a parameter that half of the experiments
// vary and half hold constant; two summary values, one of them absent in a
// tenth. Made once a program.
Store& LabOf100000Runs();

}  // namespace engram::store
