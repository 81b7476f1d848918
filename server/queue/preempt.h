#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "server/queue/books.h"

namespace engram {

// A work in a worker's hand that is asked to come back to the line, and the
// reason that will stand in its history.
struct AskedBack {
  int64_t work = 0;
  std::string reason;
};

// Once PickNext gives nothing more: notes since when what stands first cannot
// start, and says who is to make room for it.
//
// Given in advance: what a worker holds beside the run at work comes back when
// what stands first is urgent, or its owner has nothing in hand and would still
// be first when it is back. Nobody else
// takes back: his turn comes within the seconds that are given in advance, and
// users whose short runs alternate would take back each other's for ever.
//
// At work: when it has stood first for `preempt_wait_us`, the fewest runs that
// have been at work for `preempt_age_us` are asked to save their state and
// yield, if it could start then. Their owners have used more than its owner
// will have when it has been at work as long as it may without being asked
// itself. So two users change places once in two such ages at most, and never
// for a difference that the change itself would turn round. An urgent run need
// not look at what was used, and yields to nobody. What is asked and does not
// yield is left alone and not asked again; the room that was made is kept for
// `room_limit_us`.
std::vector<AskedBack> AskForRoom(Books& books,
                                  const Executor::Capacity& capacity,
                                  const Queue::Options& options);

}  // namespace engram
