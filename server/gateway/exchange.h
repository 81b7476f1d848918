#pragma once

#include <functional>
#include <memory>
#include <string>

#include "server/gateway/http.h"

namespace engram {

// The answer to one request, given from any thread: Respond once, or Begin,
// any number of Write, and End. One that is let go without an end closes the
// connection. When the client has gone, everything is quietly dropped.
class Exchange {
 public:
  virtual ~Exchange() = default;

  // The whole answer.
  virtual void Respond(HttpResponse response) = 0;

  // The head of an answer whose body comes piece by piece; `body` is empty.
  virtual void Begin(HttpResponse head) = 0;
  // `written(true)` once the piece has left for the client, which is when the
  // next may be made: a slow reader thus holds up its writer. `written(false)`
  // when the client has gone.
  virtual void Write(std::string bytes, std::function<void(bool)> written) = 0;
  virtual void End() = 0;

  // Called once when the client leaves before the answer's end; at once if he
  // has left already.
  virtual void OnDisconnect(std::function<void()> gone) = 0;
};

// What answers requests; called on an I/O thread, must not block.
using RequestHandler =
    std::function<void(HttpRequest, std::shared_ptr<Exchange>)>;

}  // namespace engram
