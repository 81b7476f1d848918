#include "server/worker/outbox.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace engram {
namespace {

bool Same(const v1::AttemptKey& a, const v1::AttemptKey& b) {
  return a.attempt() == b.attempt() && a.fencing_token() == b.fencing_token();
}

void FailStorage(const absl::Status& why, v1::Finished& finished) {
  finished.set_state(v1::RUN_STATE_FAILED);
  finished.clear_result_hash();
  finished.mutable_error()->set_reason("STORAGE");
  finished.mutable_error()->set_message(absl::StrCat(
      "the run's record could not be kept: ", std::string(why.message())));
}

}  // namespace

void Outbox::WaitForRoom() {
  MutexLock lock(mu_);
  while (!closed_ && pending_.size() + events_.size() >= kMostEvents) {
    room_.Wait(mu_);
  }
}

absl::Status Outbox::Put(v1::WorkerEvent event) {
  WaitForRoom();
  absl::StatusOr<SpoolRecord> record =
      spool_.Add(event.SerializeAsString(), Spool::Room::kWait);
  if (!record.ok()) return record.status();
  return Enqueue(Keep(event, *std::move(record)));
}

absl::Status Outbox::Put(v1::WorkerEvent event, Upload upload) {
  WaitForRoom();
  // The upload has waited for its room, and gives none back before its event
  // is here: the event must not wait for that.
  absl::StatusOr<SpoolRecord> record =
      spool_.Add(event.SerializeAsString(), Spool::Room::kTake);
  if (!record.ok()) return record.status();
  Kept kept = Keep(event, *std::move(record));
  kept.upload = std::make_unique<Upload>(std::move(upload));
  return Enqueue(std::move(kept));
}

void Outbox::PutAtOnce(v1::WorkerEvent event) {
  absl::StatusOr<SpoolRecord> record =
      spool_.Add(event.SerializeAsString(), Spool::Room::kTake);
  // An attempt that has failed already may end all the same.
  [[maybe_unused]] const absl::Status status = Enqueue(
      Keep(event, record.ok() ? *std::move(record)
                              : spool_.AddInMemory(event.SerializeAsString())));
}

Outbox::Kept Outbox::Keep(const v1::WorkerEvent& event, SpoolRecord record) {
  Kept kept;
  kept.event = std::move(record);
  kept.is_end = event.has_finished();
  MutexLock lock(mu_);
  if (last_key_ == nullptr || !Same(*last_key_, event.key())) {
    last_key_ = std::make_shared<const v1::AttemptKey>(event.key());
  }
  kept.key = last_key_;
  return kept;
}

absl::Status Outbox::Enqueue(Kept kept) {
  MutexLock lock(mu_);
  if (closed_) return absl::AbortedError("the server is gone");
  const auto fault =
      faults_.find({kept.key->attempt(), kept.key->fencing_token()});
  if (fault != faults_.end() && !kept.is_end) return fault->second;
  const bool has_upload = kept.upload != nullptr;
  pending_.push_back(std::move(kept));
  Advance();
  if (has_upload) to_upload_.NotifyOne();
  return absl::OkStatus();
}

// Numbers what no upload is left before.
void Outbox::Advance() {
  while (!pending_.empty()) {
    Kept& first = pending_.front();
    if (first.upload != nullptr) {
      if (settled_ == 0) return;
      --settled_;
    }
    const bool stays = Resolve(first);
    if (stays) Number(std::move(first));
    pending_.pop_front();
    room_.NotifyAll();
  }
}

// False for an event that is dropped.
bool Outbox::Resolve(Kept& kept) {
  const FaultKey key(kept.key->attempt(), kept.key->fencing_token());
  const auto fault = faults_.find(key);
  if (fault != faults_.end() && !kept.is_end) return false;
  if (fault != faults_.end()) {
    v1::WorkerEvent end = Read(kept);
    FailStorage(fault->second, *end.mutable_finished());
    kept.event = spool_.AddInMemory(end.SerializeAsString());
    faults_.erase(fault);
    return true;
  }
  if (kept.upload == nullptr) return true;
  const std::unique_ptr<Upload> upload = std::move(kept.upload);
  if (!upload->outcome.ok()) {
    if (upload->kind != Upload::Kind::kState) faults_[key] = upload->outcome;
    return false;
  }
  if (upload->kind == Upload::Kind::kArray) return true;
  v1::WorkerEvent event = Read(kept);
  if (event.has_checkpoint()) {
    *event.mutable_checkpoint()->mutable_state()->mutable_manifest() =
        std::move(upload->manifest);
  }
  kept.event = spool_.AddInMemory(event.SerializeAsString());
  return true;
}

void Outbox::Number(Kept kept) {
  kept.number = ++last_number_;
  events_.push_back(std::move(kept));
  work_.NotifyOne();
}

// What cannot be read back is told as the end of its attempt, so that numbers
// have no gap; what else the attempt says is then dropped by the server.
v1::WorkerEvent Outbox::Read(const Kept& kept) {
  v1::WorkerEvent event;
  absl::StatusOr<std::string> bytes = kept.event.Read(0, kept.event.size());
  if (bytes.ok() && event.ParseFromString(*bytes)) return event;
  const absl::Status why = bytes.ok()
                               ? absl::DataLossError(
                                     "an event came back altered from the "
                                     "spool: is its disk sound?")
                               : bytes.status();
  event.Clear();
  *event.mutable_key() = *kept.key;
  FailStorage(why, *event.mutable_finished());
  if (!kept.is_end) {
    faults_[{kept.key->attempt(), kept.key->fencing_token()}] = why;
  }
  return event;
}

void Outbox::PostLive(v1::LiveReport report) {
  MutexLock lock(mu_);
  LiveKey key(report.key().attempt(), report.name());
  live_[std::move(key)] = std::move(report);
  work_.NotifyOne();
}

void Outbox::PostReturned(std::vector<v1::AttemptKey> keys) {
  MutexLock lock(mu_);
  for (v1::AttemptKey& key : keys) returned_.push_back(std::move(key));
  work_.NotifyOne();
}

bool Outbox::HasNext() const {
  return sent_ < events_.size() || !returned_.empty() || !live_.empty();
}

std::optional<v1::FromWorker> Outbox::Next(std::chrono::milliseconds timeout) {
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  MutexLock lock(mu_);
  while (!HasNext() && !woken_ && !closed_) {
    const auto left = deadline - std::chrono::steady_clock::now();
    if (left <= left.zero()) return std::nullopt;
    work_.WaitFor(mu_, left);
  }
  if (std::exchange(woken_, false) || !HasNext()) return std::nullopt;
  v1::FromWorker message;
  if (!returned_.empty()) {
    for (v1::AttemptKey& key : returned_) {
      *message.mutable_returned()->add_keys() = std::move(key);
    }
    returned_.clear();
  } else if (!live_.empty()) {
    *message.mutable_live() = std::move(live_.begin()->second);
    live_.erase(live_.begin());
  } else {
    const Kept& kept = events_[sent_++];
    *message.mutable_event() = Read(kept);
    message.mutable_event()->set_number(kept.number);
  }
  return message;
}

void Outbox::Wake() {
  MutexLock lock(mu_);
  woken_ = true;
  work_.NotifyAll();
}

void Outbox::Rewind(int64_t stored) {
  MutexLock lock(mu_);
  Forget(stored);
  sent_ = 0;
  live_.clear();
  returned_.clear();
}

void Outbox::Acknowledge(int64_t number) {
  MutexLock lock(mu_);
  Forget(number);
}

void Outbox::Forget(int64_t up_to) {
  while (!events_.empty() && events_.front().number <= up_to) {
    events_.pop_front();
    if (sent_ > 0) --sent_;
  }
  room_.NotifyAll();
}

void Outbox::Close() {
  {
    MutexLock lock(mu_);
    closed_ = true;
    room_.NotifyAll();
    work_.NotifyAll();
    to_upload_.NotifyAll();
  }
  spool_.Close();
}

bool Outbox::closed() const {
  MutexLock lock(mu_);
  return closed_;
}

std::vector<v1::AttemptKey> Outbox::EndedKeys() const {
  MutexLock lock(mu_);
  std::vector<v1::AttemptKey> keys;
  for (const std::deque<Kept>* queue : {&events_, &pending_}) {
    for (const Kept& kept : *queue) {
      if (kept.is_end) keys.push_back(*kept.key);
    }
  }
  return keys;
}

bool Outbox::empty() const {
  MutexLock lock(mu_);
  return pending_.empty() && events_.empty() && returned_.empty() &&
         live_.empty();
}

}  // namespace engram
