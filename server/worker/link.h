#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "engram/v1/workers.pb.h"
#include "server/worker/assignments.h"
#include "server/worker/outbox.h"

namespace grpc {
class Channel;
}

namespace engram {

// A worker's end of Workers.Attach: registers, takes assignments, sends what
// is in the outbox, and dials again when the stream breaks. README.md has the
// protocol.
class Link {
 public:
  struct Timing {
    std::chrono::milliseconds heartbeat{2000};
    std::chrono::milliseconds first_wait{100};  // before dialling again
    std::chrono::milliseconds longest_wait{2000};
    std::chrono::milliseconds give_up{600000};  // without a server
  };

  // Outbox and assignments outlive the link. `registration` lacks `held`,
  // which each stream fills in.
  Link(std::shared_ptr<grpc::Channel> channel, std::string token,
       v1::Registration registration, Outbox& outbox, Assignments& assignments,
       Timing timing);

  // Until told to quit and all that has happened is stored (OK), refused (the
  // server's status), or left alone for too long (UNAVAILABLE). Called once.
  absl::Status Run();

 private:
  struct Stream;

  absl::Status Session();
  absl::Status Register(Stream& stream);
  void Read(Stream& stream);
  void Write(Stream& stream);
  void Handle(v1::ToWorker message);
  bool IsDone() const;

  const std::shared_ptr<grpc::Channel> channel_;
  const std::string token_;
  const v1::Registration registration_;
  Outbox& outbox_;
  Assignments& assignments_;
  const Timing timing_;
  std::chrono::steady_clock::time_point last_heard_;
};

}  // namespace engram
