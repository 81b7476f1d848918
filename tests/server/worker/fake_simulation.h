#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "server/worker/simulation.h"

namespace engram {

// So many ticks, in each of which a function is called (with the tick's
// number, from 1) and a line logged.
class FakeSimulation final : public Simulation {
 public:
  FakeSimulation(int64_t total, std::function<absl::Status(int64_t)> tick)
      : tick_(std::move(tick)) {
    progress_.total = total;
  }

  absl::StatusOr<Progress> Advance(int64_t ticks, Recorder& out,
                                   std::stop_token stop) override {
    for (int64_t i = 0; i < ticks && !progress_.finished; ++i) {
      absl::Status status = tick_(progress_.tick + 1);
      if (!status.ok()) return status;
      out.Log(LogLevel::kInfo, "tick");
      ++progress_.tick;
      progress_.finished = progress_.tick == progress_.total;
      if (stop.stop_requested()) break;
    }
    return progress_;
  }
  std::string ResultHash() override { return "r1:fake"; }
  std::string tick_name() const override { return "tick"; }

 private:
  const std::function<absl::Status(int64_t)> tick_;
  Progress progress_;
};

// Records one array of two chunks, then ends.
class ArraySimulation final : public Simulation {
 public:
  absl::StatusOr<Progress> Advance(int64_t, Recorder& out,
                                   std::stop_token) override {
    for (size_t i = 0; i < values_.size(); ++i) {
      values_[i] = static_cast<double>(i);
    }
    const int64_t n = static_cast<int64_t>(values_.size());
    out.Array("weights", 1,
              {.shape = {n},
               .unit = "1",
               .bytes = std::as_bytes(std::span(values_))});
    return Progress{.tick = 1, .total = 1, .finished = true};
  }
  std::string ResultHash() override { return "r1:array"; }
  std::string tick_name() const override { return "tick"; }

 private:
  std::vector<double> values_ = std::vector<double>(200000);
};

}  // namespace engram
