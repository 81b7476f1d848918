#include "server/queue/queue.h"

#include <utility>

#include "server/queue/queue_impl.h"

namespace engram {

Queue::Impl::Impl(Options options, store::Store& store, Executor& executor)
    : options_(std::move(options)), store_(store), executor_(executor) {}

Queue::Impl::~Impl() {
  MutexLock lock(mu_);
  books_.is_shut = true;
  while (in_flight_ > 0) settled_.Wait(mu_);
}

Queue::Queue(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Queue::~Queue() = default;

absl::StatusOr<std::unique_ptr<Queue>> Queue::Open(Options options,
                                                   store::Store& store,
                                                   Executor& executor) {
  auto impl = std::make_unique<Impl>(std::move(options), store, executor);
  if (absl::Status status = impl->Load(); !status.ok()) return status;
  return std::unique_ptr<Queue>(new Queue(std::move(impl)));
}

absl::StatusOr<SubmitOutcome> Queue::Submit(
    const Submission& submission, const Experiment& experiment,
    const SameCommit<SubmitOutcome>& also) {
  return impl_->Submit(submission, experiment, also);
}

absl::StatusOr<CountOutcome> Queue::Cancel(
    absl::string_view experiment, std::optional<int64_t> point,
    absl::string_view actor, absl::string_view reason,
    const SameCommit<CountOutcome>& also) {
  return impl_->Cancel(experiment, point, actor, reason, also);
}

absl::StatusOr<CountOutcome> Queue::Retry(
    absl::string_view experiment, std::optional<int64_t> point,
    absl::string_view actor, const SameCommit<CountOutcome>& also) {
  return impl_->Retry(experiment, point, actor, also);
}

absl::StatusOr<CountOutcome> Queue::Continue(
    absl::string_view experiment, std::optional<int64_t> point,
    absl::string_view actor, const SameCommit<CountOutcome>& also) {
  return impl_->Continue(experiment, point, actor, also);
}

absl::StatusOr<VerifyOutcome> Queue::Verify(
    const RunName& run, bool current, absl::string_view actor,
    const SameCommit<VerifyOutcome>& also) {
  return impl_->Verify(run, current, actor, also);
}

absl::StatusOr<Explanation> Queue::Explain(const RunName& run) const {
  return impl_->Explain(run);
}

QueueSnapshot Queue::Snapshot(int64_t limit) const {
  return impl_->Snapshot(limit);
}

QueueStatus Queue::Status() const { return impl_->Status(); }

std::vector<WorkerStatus> Queue::Workers() const { return impl_->Workers(); }

std::optional<LiveProgress> Queue::ProgressOf(const RunName& run) const {
  return impl_->ProgressOf(run, 0);
}

std::optional<LiveProgress> Queue::ProgressOf(const RunName& run,
                                              int64_t verification) const {
  return impl_->ProgressOf(run, verification);
}

double Queue::RecentCpuSeconds(absl::string_view owner) const {
  return impl_->RecentCpuSeconds(owner);
}

void Queue::SetQuota(absl::string_view owner, const store::QuotaRow& quota) {
  impl_->SetQuota(owner, quota);
}

int64_t Queue::Drain(bool drain) { return impl_->Drain(drain); }

absl::Status Queue::Shutdown() { return impl_->Shutdown(); }
void Queue::Hurry() { impl_->Hurry(); }

absl::StatusOr<int64_t> Queue::EnlistWorker(const std::string& token_digest) {
  return impl_->EnlistWorker(token_digest);
}

absl::StatusOr<AttachedAs> Queue::Attached(
    int64_t number, const WorkerRegistration& registration,
    std::shared_ptr<WorkerLink> link) {
  return impl_->Attached(number, registration, std::move(link));
}

void Queue::Heard(int64_t number, const WorkerReport& report) {
  impl_->Heard(number, report);
}

void Queue::HeardLive(int64_t number, const LiveReport& report) {
  impl_->HeardLive(number, report);
}

void Queue::Heartbeat(int64_t number) { impl_->Heartbeat(number); }

void Queue::HandedBack(int64_t number, const std::vector<AttemptKey>& keys) {
  impl_->HandedBack(number, keys);
}

void Queue::Expel(int64_t number, const absl::Status& why) {
  impl_->Expel(number, why);
}
void Queue::Detached(int64_t number, const WorkerLink* link) {
  impl_->Detached(number, link);
}

void Queue::WorkerEnded(int64_t number, const WorkerEnd& end) {
  impl_->WorkerEnded(number, end);
}

void Queue::Tick() { impl_->Tick(); }

void Queue::SetLiveListener(
    std::function<void(const RunName&, const LiveReport&)> listener) {
  impl_->SetLiveListener(std::move(listener));
}

}  // namespace engram
