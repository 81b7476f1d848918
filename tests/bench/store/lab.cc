#include "tests/bench/store/lab.h"

#include <cstdio>
#include <cstdlib>
#include <random>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "server/store/run_states.h"

namespace engram::store {
namespace {

constexpr int64_t kBeginUs = 1769860800000000;  // 2026-01-31T12:00:00Z
constexpr int64_t kHourUs = 3'600'000'000;
constexpr int kExperiments = 200;
constexpr int64_t kRunsEach = 500;
constexpr const char* kRules[] = {"hebbian", "anti_hebbian", "stdp_rate"};

bool VariesRule(int number) { return number % 2 == 0; }

void EndRun(Transaction& transaction, RunKey key, int64_t begin_us,
            std::mt19937_64& random) {
  const int64_t start_us =
      begin_us +
      static_cast<int64_t>(random() % static_cast<uint64_t>(kHourUs));
  const int64_t end_us =
      start_us + 1 + static_cast<int64_t>(random() % 60'000'000);
  const bool has_failed = random() % 10 == 0;
  StateChange change{.from = "queued",
                     .to = has_failed ? "failed" : "succeeded",
                     .actor = "server",
                     .reason = "finished",
                     .now_us = end_us};
  change.start_time_us = start_us;
  change.end_time_us = end_us;
  change.build = std::string(64, 'b');
  change.worker = "workers/1";
  change.result_hash = absl::StrFormat("r1:%064x", random());
  ChangeState(transaction, key, change);
  AddUse(transaction, key, 1e-6 * static_cast<double>(end_us - start_us),
         end_us - start_us);
  const double score = 1e-6 * static_cast<double>(random() % 1'000'000);
  StoreSummary(transaction, key, {"score", "1", score, ""});
  const bool is_absent = random() % 10 == 0;
  StoreSummary(transaction, key,
               {"sequence_length", "1",
                is_absent ? 0 : static_cast<double>(random() % 11),
                is_absent ? "no item was active" : ""});
}

}  // namespace

BenchFolder::BenchFolder() {
  std::string pattern =
      (std::filesystem::temp_directory_path() / "engram-bench-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) Check(absl::InternalError(pattern));
  path_ = pattern;
}

BenchFolder::~BenchFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::unique_ptr<Store> BenchFolder::Open() const {
  StoreOptions options;
  options.folder = path_;
  auto store = Store::Open(options);
  Check(store.status());
  return *std::move(store);
}

void Check(const absl::Status& status) {
  if (status.ok()) return;
  std::fprintf(stderr, "%s\n", status.ToString().c_str());
  std::exit(1);
}

ExperimentRow LabExperiment(int number, int64_t run_count) {
  ExperimentRow row;
  row.id = absl::StrFormat("lab%07d", number);
  row.title = absl::StrCat("which rules, part ", number);
  row.user = absl::StrCat("user", number % 10);
  row.text = std::string(1500, 'x');
  row.canonical_json =
      absl::StrCat(R"({"experiment":{"type":"sequence_learning","notes":")",
                   std::string(3000, 'y'), R"("}})");
  row.experiment_hash = absl::StrFormat("e1:%064d", number);
  row.axes = {"experiment.rule", "seed"};
  row.run_count = run_count;
  row.create_time_us = kBeginUs + number * kHourUs;
  row.resources = {1, 2'000'000'000, 0};
  row.constants = {{"experiment.network.units", 100.0 + number % 5}};
  if (!VariesRule(number))
    row.constants.push_back({"experiment.rule.type", kRules[number % 3]});
  return row;
}

std::vector<NewRun> LabRuns(int number, int64_t run_count) {
  std::vector<NewRun> runs;
  for (int64_t point = 0; point < run_count; ++point) {
    NewRun run;
    run.point = point;
    run.seed = static_cast<uint64_t>(point % 10 + 1);
    run.run_hash = absl::StrFormat("s1:%032d%032d", number, point);
    run.tree_json =
        absl::StrCat(R"({"experiment":{"type":"sequence_learning","notes":")",
                     std::string(3000, 'y'), R"(","eta":)", point,
                     R"(},"seed":)", run.seed, "}");
    run.varying = {
        {"seed", static_cast<double>(run.seed)},
        {"experiment.rule.eta", 0.001 * static_cast<double>(point % 97)}};
    if (VariesRule(number))
      run.varying.push_back({"experiment.rule.type", kRules[point % 3]});
    runs.push_back(std::move(run));
  }
  return runs;
}

std::vector<RunKey> SubmitLab(Store& store, int number, int64_t run_count) {
  const ExperimentRow row = LabExperiment(number, run_count);
  const std::vector<NewRun> runs = LabRuns(number, run_count);
  std::vector<RunKey> keys;
  Check(store.Write([&](Transaction& transaction) {
    const auto key = InsertExperiment(transaction, row);
    if (!key.ok()) return key.status();
    keys = InsertRuns(transaction, *key, runs, row.resources, "users/ada",
                      "submitted", row.create_time_us);
    return absl::OkStatus();
  }));
  return keys;
}

Store& LabOf100000Runs() {
  static BenchFolder folder;
  static const std::unique_ptr<Store> store = [] {
    auto made = folder.Open();
    std::mt19937_64 random(1);
    for (int number = 0; number < kExperiments; ++number) {
      const auto keys = SubmitLab(*made, number, kRunsEach);
      Check(made->Write([&](Transaction& transaction) {
        for (const RunKey key : keys)
          EndRun(transaction, key, kBeginUs + number * kHourUs, random);
        return absl::OkStatus();
      }));
    }
    return made;
  }();
  return *store;
}

}  // namespace engram::store
