#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/base/parallel.h"
#include "core/programs/recorder.h"
#include "core/programs/state_visitor.h"
#include "core/spec/component.h"

namespace engram {

// An array that a run reads from outside its tree: a dataset, or an item of
// another run's record.
struct InputArray {
  ElementType type = ElementType::kFloat64;
  ArrayOrder order = ArrayOrder::kColumnMajor;
  std::vector<int64_t> shape;
  std::vector<std::byte> bytes;
};

// Inputs by digest, as the tree names them.
class Inputs {
 public:
  virtual ~Inputs() = default;
  virtual absl::StatusOr<InputArray> Get(absl::string_view digest) const = 0;
};

// Given to a program when it is made; outlives it.
struct Context {
  Parallel& parallel;  // the threads of the run
  const Inputs& inputs;
};

struct Progress {
  int64_t tick = 0;   // ticks done since the run's start
  int64_t total = 0;  // of all; 0 when not known in advance
  bool finished = false;
};

// What a run will need, told before it is queued.
struct Estimate {
  double seconds = 0;        // of one cpu
  int64_t memory_bytes = 0;  // while it runs
  int64_t record_bytes = 0;  // left in the store, uncompressed
  int64_t ticks = 0;
  std::string tick_name;  // "trial"
};

// All that a runner sees of an experiment.
class Program {
 public:
  virtual ~Program() = default;
  // Advances by at most `ticks` (at least 1, each under a second), fewer when
  // stop is asked; returns between ticks. OUT_OF_RANGE: the run diverged, with
  // component, quantity and step. NOT_FOUND, INVALID_ARGUMENT: an input, read
  // when the program was made, lacks an array or does not fit.
  virtual absl::StatusOr<Progress> Advance(int64_t ticks, Recorder& out,
                                           std::stop_token stop) = 0;
  virtual void VisitState(StateVisitor& v) = 0;
};

}  // namespace engram
