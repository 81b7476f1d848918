#pragma once

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "server/rpc/caller.h"
#include "server/rpc/handler.h"
#include "server/rpc/parts.h"

namespace engram {

// A service of the protocol whose unary calls are functions, one a file, of who
// calls, what is asked and the server's parts.
template <class Service>
class JoinedService : public Service::CallbackService {
 public:
  // Both outlive it.
  JoinedService(Gate& gate, const Parts& parts) : gate_(gate), parts_(parts) {}

 protected:
  // Lets `call` answer, once the gate has let the caller in. `method` is its
  // name within the service.
  template <class Request, class Reply>
  grpc::ServerUnaryReactor* Join(grpc::CallbackServerContext* context,
                                 const char* method, const Request* request,
                                 Reply* reply,
                                 absl::StatusOr<Reply> (*call)(const Caller&,
                                                               const Request&,
                                                               const Parts&)) {
    return Handle(gate_, context,
                  absl::StrCat(Service::service_full_name(), ".", method),
                  request, reply,
                  [this, call](const Caller& caller, const Request& asked) {
                    return call(caller, asked, parts_);
                  });
  }

  Gate& gate_;
  const Parts& parts_;
};

}  // namespace engram
