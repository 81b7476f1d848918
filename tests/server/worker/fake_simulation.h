#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "server/worker/simulation.h"

namespace engram {

// So many ticks, in each of which a function is called (with the tick's
// number, from 1) and a line logged. Its state is the text "tick N", and as
// many bytes more as `padding`.
class FakeSimulation final : public Simulation {
 public:
  FakeSimulation(int64_t total, std::function<absl::Status(int64_t)> tick,
                 size_t padding = 0)
      : tick_(std::move(tick)), padding_(padding, '.') {
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
  const Progress& progress() const override { return progress_; }
  absl::Status WriteCheckpoint(CheckpointSink sink) override {
    absl::Status status = sink(absl::StrCat("tick ", progress_.tick));
    return status.ok() && !padding_.empty() ? sink(padding_) : status;
  }
  absl::Status Restore(absl::string_view bytes) override {
    if (!absl::ConsumePrefix(&bytes, "tick ") ||
        !absl::ConsumeSuffix(&bytes, padding_) ||
        !absl::SimpleAtoi(bytes, &progress_.tick)) {
      return absl::InvalidArgumentError("not a state of this run");
    }
    return absl::OkStatus();
  }
  std::string ResultHash() override { return "r1:fake"; }
  std::string tick_name() const override { return "tick"; }

 private:
  const std::function<absl::Status(int64_t)> tick_;
  const std::string padding_;
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
    return progress_ = {.tick = 1, .total = 1, .finished = true};
  }
  const Progress& progress() const override { return progress_; }
  absl::Status WriteCheckpoint(CheckpointSink sink) override {
    return sink("the state");
  }
  absl::Status Restore(absl::string_view) override { return absl::OkStatus(); }
  std::string ResultHash() override { return "r1:array"; }
  std::string tick_name() const override { return "tick"; }

 private:
  std::vector<double> values_ = std::vector<double>(200000);
  Progress progress_;
};

}  // namespace engram
