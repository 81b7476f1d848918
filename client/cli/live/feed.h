#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "client/cli/session.h"
#include "engram/v1/events.pb.h"

namespace engram::cli {

// The events of some experiments and runs, across restarts of the server: a
// stream that broke is opened again at its last bookmark, so that no event is
// missed and none comes twice.
class EventFeed {
 public:
  enum class Outcome { kEvents, kTimeout, kDone };

  EventFeed(Client* client, Host* host, v1::WatchRequest request);

  // The next response, if one comes within `timeout`. An error is one that
  // opening the stream again does not cure, or a server that never answered.
  absl::StatusOr<Outcome> Next(v1::WatchResponse* response,
                               absl::Duration timeout);

  // Whether the server is away at present, and since when.
  bool is_away() const { return away_; }
  absl::Time away_since() const { return away_since_; }

 private:
  void Open();
  absl::StatusOr<Outcome> OnMessage(v1::WatchResponse* response);
  absl::StatusOr<Outcome> OnEnd();
  void StayAway();

  Client* client_;
  Host* host_;
  v1::WatchRequest request_;
  std::unique_ptr<Stream> stream_;
  v1::WatchResponse::End end_ = v1::WatchResponse::END_UNSPECIFIED;
  bool answered_ = false;  // a server has sent something
  bool away_ = false;
  absl::Time away_since_;
  absl::Time last_message_;
  absl::Time next_try_;
  absl::Duration pause_;
};

}  // namespace engram::cli
