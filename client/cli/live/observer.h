#pragma once

#include <memory>

#include "client/cli/live/board.h"
#include "client/cli/live/feed.h"
#include "client/cli/live/follow.h"
#include "client/cli/session.h"

namespace engram::cli {

// How a watch shows: told of every event, and of the time between them.
class Observer {
 public:
  virtual ~Observer() = default;
  // After the board has taken it in.
  virtual void OnEvent(const v1::Event& event, const Board& board) = 0;
  virtual void OnTick(const Board& board, const EventFeed& feed) = 0;
  // After the last event.
  virtual void OnEnd(const Board& board) = 0;
};

// A view that is drawn in place, ten times a second at most.
std::unique_ptr<Observer> MakeScreenObserver(Session* session,
                                             const FollowOptions& options);

// A line for each run that ends, and now and then how far all are.
std::unique_ptr<Observer> MakeLineObserver(Session* session);

// Each event as one line of JSON.
std::unique_ptr<Observer> MakeJsonObserver(Session* session);

// Shows nothing but, at the end and on standard error, which runs failed.
std::unique_ptr<Observer> MakeSilentObserver(Session* session);

}  // namespace engram::cli
