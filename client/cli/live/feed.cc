#include "client/cli/live/feed.h"

#include <algorithm>
#include <utility>

namespace engram::cli {
namespace {

constexpr absl::Duration kFirstPause = absl::Milliseconds(100);
constexpr absl::Duration kLongestPause = absl::Seconds(2);
// Three bookmarks that did not come: the connection is dead.
constexpr absl::Duration kSilence = absl::Seconds(45);

}  // namespace

EventFeed::EventFeed(Client* client, Host* host, v1::WatchRequest request)
    : client_(client),
      host_(host),
      request_(std::move(request)),
      next_try_(absl::InfinitePast()),
      pause_(kFirstPause) {}

void EventFeed::Open() {
  stream_ = client_->Open(calls::kWatch);
  // A refused write shows as the stream's end.
  if (stream_->Write(request_)) stream_->WritesDone();
  last_message_ = host_->now();
  end_ = v1::WatchResponse::END_UNSPECIFIED;
}

absl::StatusOr<EventFeed::Outcome> EventFeed::Next(v1::WatchResponse* response,
                                                   absl::Duration timeout) {
  if (stream_ == nullptr) {
    const absl::Duration wait = next_try_ - host_->now();
    if (wait > absl::ZeroDuration()) {
      host_->sleep(std::min(wait, timeout));
      if (wait > timeout) return Outcome::kTimeout;
    }
    Open();
  }
  switch (stream_->Read(response, timeout)) {
    case Stream::Outcome::kMessage:
      return OnMessage(response);
    case Stream::Outcome::kEnd:
      return OnEnd();
    case Stream::Outcome::kTimeout:
      break;
  }
  if (host_->now() - last_message_ > kSilence) {
    stream_.reset();
    StayAway();
  }
  return Outcome::kTimeout;
}

absl::StatusOr<EventFeed::Outcome> EventFeed::OnMessage(
    v1::WatchResponse* response) {
  answered_ = true;
  away_ = false;
  pause_ = kFirstPause;
  last_message_ = host_->now();
  end_ = response->end();
  if (response->bookmark() > 0) {
    request_.set_from_sequence(response->bookmark());
  }
  return Outcome::kEvents;
}

absl::StatusOr<EventFeed::Outcome> EventFeed::OnEnd() {
  const absl::Status status = stream_->Finish();
  stream_.reset();
  if (end_ == v1::WatchResponse::END_DONE) return Outcome::kDone;
  if (absl::IsOutOfRange(status) && request_.from_sequence() > 0) {
    // What happened in between is no longer kept: go on from what is now.
    request_.set_from_sequence(-1);
    return Outcome::kTimeout;
  }
  if (end_ == v1::WatchResponse::END_RECONNECT && status.ok()) {
    return Outcome::kTimeout;
  }
  const bool gone = status.ok() || absl::IsUnavailable(status);
  if (!gone || !answered_) {
    return status.ok() ? absl::UnavailableError("the stream ended at once")
                       : status;
  }
  StayAway();
  return Outcome::kTimeout;
}

void EventFeed::StayAway() {
  if (!away_) away_since_ = host_->now();
  away_ = true;
  next_try_ = host_->now() + pause_;
  pause_ = std::min(pause_ * 2, kLongestPause);
}

}  // namespace engram::cli
