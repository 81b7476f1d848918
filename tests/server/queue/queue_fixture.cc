#include "tests/server/queue/queue_fixture.h"

#include <cstdlib>
#include <utility>

#include "core/base/sha256.h"
#include "server/store/blobs.h"
#include "server/store/experiment_table.h"
#include "server/store/user_table.h"
#include "tests/core/spec/test_catalog.h"

namespace engram {

void FakeLink::Registered(const AttachedAs& as) {
  MutexLock lock(mu_);
  acknowledged_ = as.stored_event;
}
void FakeLink::Assign(const WorkAssignment& assignment) {
  MutexLock lock(mu_);
  assigned_.push_back(assignment);
}
void FakeLink::Stop(const AttemptKey& key, StopPurpose purpose) {
  MutexLock lock(mu_);
  if (purpose == StopPurpose::kYield) yielded_.push_back(key);
  stopped_.push_back(key);
}
void FakeLink::Acknowledge(int64_t event) {
  MutexLock lock(mu_);
  acknowledged_ = event;
}
void FakeLink::Quit() {
  MutexLock lock(mu_);
  was_quit_ = true;
}
void FakeLink::Close(const absl::Status& why) {
  MutexLock lock(mu_);
  closed_ = why;
}
std::vector<WorkAssignment> FakeLink::assigned() const {
  MutexLock lock(mu_);
  return assigned_;
}
std::vector<AttemptKey> FakeLink::stopped() const {
  MutexLock lock(mu_);
  return stopped_;
}
std::vector<AttemptKey> FakeLink::yielded() const {
  MutexLock lock(mu_);
  return yielded_;
}
int64_t FakeLink::acknowledged() const {
  MutexLock lock(mu_);
  return acknowledged_;
}
std::optional<absl::Status> FakeLink::closed() const {
  MutexLock lock(mu_);
  return closed_;
}
bool FakeLink::was_quit() const {
  MutexLock lock(mu_);
  return was_quit_;
}

WorkAssignment QueueTest::Worker::Given() const {
  test->Settle();
  const auto assigned = link->assigned();
  EXPECT_FALSE(assigned.empty()) << "nothing was assigned";
  return assigned.empty() ? WorkAssignment{} : assigned.back();
}

void QueueTest::Worker::Report(WorkerReport report) {
  report.number = ++events;
  test->queue_->Heard(number, report);
  test->Settle();
}

void QueueTest::Worker::Begin(const AttemptKey& key) {
  Report({0, key, BegunReport{}});
}

void QueueTest::Worker::Record(const AttemptKey& key, int64_t first_ordinal,
                               std::vector<RecordedItem> items) {
  Report({0, key, ItemsReport{first_ordinal, std::move(items)}});
}

void QueueTest::Worker::Save(const AttemptKey& key, int64_t tick,
                             int64_t item_count, const std::string& bytes,
                             bool is_final) {
  const store::Chunk chunk{
      .digest = Sha256(bytes), .data = bytes, .compressed = false};
  ASSERT_TRUE(test->store_->blobs().Put({&chunk, 1}).ok());
  Report({0, key,
          CheckpointReport{
              {ManifestOf(bytes), tick, item_count}, is_final, 2'000}});
}

void QueueTest::Worker::Finish(const AttemptKey& key, FinishedReport report) {
  Report({0, key, std::move(report)});
}

void QueueTest::Worker::Succeed(const AttemptKey& key, int64_t item_count,
                                const std::string& result_hash) {
  FinishedReport report;
  report.result_hash = result_hash;
  report.item_count = item_count;
  report.cpu_seconds = 3;
  Finish(key, report);
}

void QueueTest::Worker::Fail(const AttemptKey& key, const std::string& reason) {
  FinishedReport report;
  report.state = RunState::kFailed;
  report.fault = {reason, "as the test says"};
  Finish(key, report);
}

void QueueTest::SetUp() {
  std::string name = ::testing::TempDir() + "/engram-queue-XXXXXX";
  ASSERT_NE(mkdtemp(name.data()), nullptr);
  folder_ = name;
  options_.clock = &clock_;
  options_.build = "build-1";
  options_.drain_us = 0;  // nobody answers
  Restart();
  const absl::Status status =
      store_->Write([](store::Transaction& transaction) {
        for (const char* user : {"ada", "bob"}) {
          store::UserRow row;
          row.name = user;
          auto inserted = store::InsertUser(transaction, row);
          if (!inserted.ok()) return inserted;
        }
        return absl::OkStatus();
      });
  ASSERT_TRUE(status.ok()) << status;
}

void QueueTest::TearDown() {
  queue_.reset();
  store_.reset();
  std::filesystem::remove_all(folder_);
}

void QueueTest::Restart() {
  queue_.reset();
  store_.reset();
  store::StoreOptions options;
  options.folder = folder_;
  auto store = store::Store::Open(std::move(options));
  ASSERT_TRUE(store.ok()) << store.status();
  store_ = *std::move(store);
  auto queue = Queue::Open(options_, *store_, executor_);
  ASSERT_TRUE(queue.ok()) << queue.status();
  queue_ = *std::move(queue);
}

// A change that is entered may start another one, which is queued by then: a
// few empty writes behind each other outlast every such chain.
void QueueTest::Settle() {
  for (int i = 0; i < 6; ++i) {
    const absl::Status status =
        store_->Write([](store::Transaction&) { return absl::OkStatus(); });
    ASSERT_TRUE(status.ok()) << status;
  }
}

WorkerRegistration QueueTest::Registration() const {
  WorkerRegistration registration;
  registration.build = options_.build;
  registration.host = "lab";
  registration.cpus = 4;
  return registration;
}

QueueTest::Worker QueueTest::Attach(int64_t number,
                                    std::vector<AttemptKey> held,
                                    const std::string& build) {
  Worker worker{this, number, std::make_shared<FakeLink>(), 0};
  WorkerRegistration registration = Registration();
  registration.pid = 100 + number;
  if (!build.empty()) registration.build = build;
  registration.held = std::move(held);
  const auto as = queue_->Attached(number, registration, worker.link);
  EXPECT_TRUE(as.ok()) << as.status();
  if (as.ok()) worker.events = as->stored_event;
  Settle();
  return worker;
}

absl::StatusOr<SubmitOutcome> QueueTest::TrySubmit(const std::string& more,
                                                   Submission submission) {
  const std::string text = SmallText(more);
  submission.text = text;
  return queue_->Submit(submission, MustParse(text), nullptr);
}

std::string QueueTest::Submit(const std::string& more,
                              const std::string& owner) {
  Submission submission;
  submission.owner = owner;
  const auto made = TrySubmit(more, submission);
  EXPECT_TRUE(made.ok()) << made.status();
  Settle();
  return made.ok() ? made->experiment : "";
}

void QueueTest::SetQuota(const store::QuotaRow& quota,
                         const std::string& user) {
  const absl::Status status =
      store_->Write([&](store::Transaction& transaction) {
        return store::UpdateQuota(transaction, user, "", quota).status();
      });
  ASSERT_TRUE(status.ok()) << status;
}

store::RunRow QueueTest::Row(const std::string& experiment, int64_t point) {
  store::RunRow row;
  const absl::Status status =
      store_->Read([&](store::Reader& reader) -> absl::Status {
        const auto key = store::FindExperiment(reader, experiment);
        if (!key.ok()) return key.status();
        const auto run = store::FindRun(reader, *key, point);
        if (!run.ok()) return run.status();
        row = store::ReadRun(reader, *run);
        return absl::OkStatus();
      });
  EXPECT_TRUE(status.ok()) << status;
  return row;
}

std::string QueueTest::State(const std::string& experiment, int64_t point) {
  return Row(experiment, point).state;
}

RecordedManifest ManifestOf(const std::string& bytes) {
  RecordedManifest manifest;
  manifest.type = ElementType::kUint8;
  manifest.shape = {std::ssize(bytes)};
  manifest.unit = "1";
  const auto digest = Sha256(bytes);
  manifest.chunks = {{digest.begin(), digest.end()}};
  manifest.byte_size = std::ssize(bytes);
  manifest.digest = manifest.chunks.front();
  return manifest;
}

RecordedItem PointItem(double x, double value) {
  RecordedPoint point;
  point.declared = SeriesInfo{"weight_norm", "1", "trial", "1"};
  point.x = x;
  point.value = value;
  return point;
}

RecordedItem SummaryItem(double value) {
  return RecordedSummary{"sequence_length", "1", value, ""};
}

RecordedItem LogItem(const std::string& text) {
  return RecordedLog{"warning", text};
}

}  // namespace engram
