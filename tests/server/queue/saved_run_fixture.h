#pragma once

#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "server/store/attempt_table.h"
#include "server/store/checkpoint_table.h"
#include "tests/server/queue/queue_fixture.h"

namespace engram {

// Runs that have saved their states, and what is stored of them.
class SavedRunTest : public QueueTest {
 protected:
  template <class Read>
  auto Ask(const Read& read) {
    std::optional<std::invoke_result_t<Read, store::Reader&>> result;
    const absl::Status status = store_->Read([&](store::Reader& reader) {
      result.emplace(read(reader));
      return absl::OkStatus();
    });
    EXPECT_TRUE(status.ok()) << status;
    return *std::move(result);
  }
  std::vector<int64_t> Ticks(const std::string& id) {
    const auto key = Row(id).key;
    std::vector<int64_t> ticks;
    for (const auto& row : Ask([&](store::Reader& reader) {
           return store::ReadCheckpoints(reader, key);
         })) {
      ticks.push_back(row.tick);
    }
    return ticks;
  }
  std::vector<store::AttemptRow> Attempts(const std::string& id) {
    const auto key = Row(id).key;
    return Ask([&](store::Reader& reader) {
      return store::ReadAttempts(reader, key);
    });
  }
  bool HasFinalState(const std::string& id) {
    const auto key = Row(id).key;
    return Ask([&](store::Reader& reader) {
      return store::FindFinalState(reader, key).has_value();
    });
  }

  // A run that has recorded two items at tick 10 and two more since, saved at
  // ticks 5 (one item) and 10 (two), whose worker has died.
  std::string Interrupted() {
    const std::string id = Submit();
    Worker one = Attach(1);
    const AttemptKey key = one.Given().key;
    one.Begin(key);
    one.Record(key, 1, {PointItem(1, 0.5)});
    one.Save(key, 5, 1, "five");
    one.Record(key, 2, {PointItem(2, 0.75)});
    one.Save(key, 10, 2, "ten");
    one.Record(key, 3, {PointItem(3, 1), LogItem("slow")});
    queue_->WorkerEnded(1, {"was killed by signal 9", 0, false});
    Settle();
    EXPECT_EQ(State(id), "queued");
    return id;
  }
  // Ends in the state, saved at tick 10 after one item unless `saves` is off.
  void End(Worker& worker, RunState end, bool saves = true) {
    const AttemptKey key = worker.Given().key;
    worker.Begin(key);
    worker.Record(key, 1, {PointItem(1, 0.5)});
    if (saves) worker.Save(key, 10, 1, "ten");
    FinishedReport report;
    report.state = end;
    if (end == RunState::kFailed) report.fault = {"MEMORY", "too large"};
    worker.Finish(key, report);
  }
  absl::StatusOr<CountOutcome> Continue(const std::string& id,
                                        std::optional<int64_t> point = 0) {
    auto done = queue_->Continue(id, point, "users/ada", nullptr);
    Settle();
    return done;
  }
};

}  // namespace engram
