#pragma once

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "server/store/experiment_table.h"
#include "server/store/run_table.h"
#include "server/store/store.h"

namespace engram::store {

// 2026-01-31T12:00:00Z.
inline constexpr int64_t kNoonUs = 1769860800000000;

// A data folder of its own for each test, gone after it.
class StoreFolder {
 public:
  StoreFolder() {
    std::string pattern =
        (std::filesystem::temp_directory_path() / "engram-store-XXXXXX")
            .string();
    EXPECT_NE(mkdtemp(pattern.data()), nullptr);
    path_ = pattern;
  }
  ~StoreFolder() { std::filesystem::remove_all(path_); }
  StoreFolder(const StoreFolder&) = delete;
  StoreFolder& operator=(const StoreFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  StoreOptions options() const {
    StoreOptions options;
    options.folder = path_;
    return options;
  }
  std::unique_ptr<Store> Open() const {
    auto store = Store::Open(options());
    EXPECT_TRUE(store.ok()) << store.status();
    return store.ok() ? *std::move(store) : nullptr;
  }

 private:
  std::filesystem::path path_;
};

// An experiment of ada's with a letter's id: "aaaaaaaaaa".
inline ExperimentRow SomeExperiment(char letter, int64_t run_count = 1) {
  ExperimentRow row;
  row.id = std::string(10, letter);
  row.title = absl::StrCat("experiment ", std::string(1, letter));
  row.user = "ada";
  row.text = "name: some\n";
  row.canonical_json = R"({"experiment":{"type":"sequence_learning"}})";
  row.experiment_hash = absl::StrCat("e1:", std::string(1, letter));
  row.axes = {"experiment.rule", "seed"};
  row.run_count = run_count;
  row.create_time_us = kNoonUs;
  row.resources = {1, 2'000'000'000, 0};
  return row;
}

inline std::vector<NewRun> SomeRuns(int64_t count) {
  std::vector<NewRun> runs;
  for (int64_t point = 0; point < count; ++point) {
    NewRun run;
    run.point = point;
    run.seed = static_cast<uint64_t>(point + 1);
    run.run_hash = absl::StrCat("s1:", point);
    run.tree_json =
        absl::StrCat(R"({"experiment":{"type":"sequence_learning"},"seed":)",
                     point + 1, "}");
    run.varying = {{"seed", static_cast<double>(point + 1)}};
    runs.push_back(std::move(run));
  }
  return runs;
}

// Stores the experiment with its runs and returns the runs' keys.
inline std::vector<RunKey> Submit(Store& store, const ExperimentRow& row,
                                  const std::vector<NewRun>& runs) {
  std::vector<RunKey> keys;
  absl::Status status = store.Write([&](Transaction& transaction) {
    absl::StatusOr<ExperimentKey> key = InsertExperiment(transaction, row);
    if (!key.ok()) return key.status();
    keys = InsertRuns(transaction, *key, runs, row.resources, "users/ada",
                      "submitted", row.create_time_us);
    return absl::OkStatus();
  });
  EXPECT_TRUE(status.ok()) << status;
  return keys;
}

inline std::vector<RunKey> SubmitSome(Store& store, char letter,
                                      int64_t run_count = 1) {
  return Submit(store, SomeExperiment(letter, run_count), SomeRuns(run_count));
}

// What `read(Reader&)`, which does not fail, gives.
template <class Read>
auto Ask(Store& store, const Read& read) {
  using Result = std::invoke_result_t<Read, Reader&>;
  std::optional<Result> result;
  absl::Status status = store.Read([&](Reader& reader) {
    result.emplace(read(reader));
    return absl::OkStatus();
  });
  EXPECT_TRUE(status.ok()) << status;
  return *std::move(result);
}

// Does `write(Transaction&)`, which does not fail.
template <class Write>
void Do(Store& store, const Write& write) {
  absl::Status status = store.Write([&](Transaction& transaction) {
    write(transaction);
    return absl::OkStatus();
  });
  EXPECT_TRUE(status.ok()) << status;
}

}  // namespace engram::store
