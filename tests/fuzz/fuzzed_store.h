#pragma once

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "core/base/contract.h"
#include "server/store/experiment_table.h"
#include "server/store/run_table.h"
#include "server/store/store.h"

namespace engram::store {

// A store with one experiment of three runs, in a folder of its own that is
// gone when the fuzzer ends.
class FuzzedStore {
 public:
  FuzzedStore() {
    std::string pattern =
        (std::filesystem::temp_directory_path() / "engram-fuzz-XXXXXX")
            .string();
    ENGRAM_EXPECT(mkdtemp(pattern.data()) != nullptr);
    folder_ = pattern;
    StoreOptions options;
    options.folder = folder_;
    auto store = Store::Open(options);
    ENGRAM_EXPECT(store.ok());
    store_ = *std::move(store);
    Fill();
  }
  ~FuzzedStore() {
    store_.reset();
    std::filesystem::remove_all(folder_);
  }

  Store& store() { return *store_; }

 private:
  void Fill() {
    ExperimentRow row;
    row.id = "aaaaaaaaaa";
    row.title = "an experiment";
    row.user = "ada";
    row.canonical_json = "{}";
    row.experiment_hash = "e1:a";
    row.run_count = 3;
    std::vector<NewRun> runs;
    for (int64_t point = 0; point < row.run_count; ++point) {
      NewRun run;
      run.point = point;
      run.run_hash = absl::StrCat("s1:", point);
      run.tree_json = "{}";
      run.varying = {{"experiment.rule.eta", 0.5 * static_cast<double>(point)},
                     {"experiment.rule.type", std::string("hebbian")}};
      runs.push_back(run);
    }
    ENGRAM_EXPECT(store_
                      ->Write([&](Transaction& transaction) -> absl::Status {
                        auto key = InsertExperiment(transaction, row);
                        if (!key.ok()) return key.status();
                        InsertRuns(transaction, *key, runs, row.resources,
                                   "users/ada", "submitted", 0);
                        return absl::OkStatus();
                      })
                      .ok());
  }

  std::filesystem::path folder_;
  std::unique_ptr<Store> store_;
};

}  // namespace engram::store
