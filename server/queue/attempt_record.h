#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "server/queue/record_comparer.h"
#include "server/queue/run_name.h"
#include "server/queue/staged.h"
#include "server/store/keys.h"

namespace engram {

struct ExperimentEntry;

// Where an attempt went on from.
struct ResumePoint {
  int64_t tick = 0;
  int64_t item_count = 0;  // recorded until then
};

// One execution of a run by a worker, from its assignment to its end. What is
// const may be read anywhere; the rest belongs to the writer's thread.
struct AttemptRecord {
  const int64_t work;  // the queue's own number of what is executed
  const RunName run;
  const store::RunKey key;
  const int verification;  // its number; 0 when the run itself is executed
  const int number;        // of the attempt within the run
  const int64_t token;
  const int64_t worker;
  const std::string worker_name;
  const std::string host;
  const std::string build;
  const int deaths;  // of workers before, since a user queued the run
  const std::shared_ptr<ExperimentEntry> experiment;

  // Whether its reports still count: not after its end, nor when the run was
  // taken from its worker.
  std::shared_ptr<Staged<bool>> open = std::make_shared<Staged<bool>>(true);
  // When it began; 0 before that. Stored and shown.
  std::shared_ptr<Staged<int64_t>> begun_us =
      std::make_shared<Staged<int64_t>>(0);
  // The same by the clock that never jumps: what its length is measured from.
  std::shared_ptr<Staged<int64_t>> begun_steady_us =
      std::make_shared<Staged<int64_t>>(0);
  // The items up to this one have been taken.
  std::shared_ptr<Staged<int64_t>> ordinal =
      std::make_shared<Staged<int64_t>>(0);
  // The checkpoint that it went on from; absent: it began at the start.
  std::optional<ResumePoint> resumed = std::nullopt;
  // The worker outlived the server that gave it the attempt, and which items it
  // has reported is not known: up to `ordinal` at most. Its next ones say.
  std::shared_ptr<Staged<bool>> ordinal_is_guess =
      std::make_shared<Staged<bool>>(false);
  // Declared series by their number within the attempt.
  std::map<int, SeriesInfo> series = {};
  // What is stored of the run from there on; absent when nothing is.
  std::optional<RecordComparer> comparer = std::nullopt;

  // Of a verification with today's build: what it finds is close rather than
  // the same, so it goes on after the first difference.
  bool is_current = false;
  std::string first_difference = "";
  std::map<std::string, RecordedSummary> found = {};

  // How long it has taken; 0 before it began.
  int64_t LengthUs(int64_t steady_us) const {
    return begun_us->now > 0 ? steady_us - begun_steady_us->now : 0;
  }
  std::string KeyName() const {
    return verification > 0 ? run.Verification(verification)
                            : run.Attempt(number);
  }
};

}  // namespace engram
