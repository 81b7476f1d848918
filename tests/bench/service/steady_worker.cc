// An engram-worker whose runs compute nothing and report at 100 Hz, whatever
// they are asked to be: each point's value is the time at which it was
// recorded, so that who sees it knows how long it took.

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>

#include "server/worker/program.h"

namespace engram {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kInterval{10};
constexpr int64_t kPoints = 6000;

class Steady final : public Simulation {
 public:
  // One tick a call: what is recorded leaves when a call returns.
  absl::StatusOr<Progress> Advance(int64_t, Recorder& out,
                                   std::stop_token) override {
    std::this_thread::sleep_until(begun_ + kInterval * (tick_ + 1));
    ++tick_;
    static const SeriesInfo kSeries{"recorded_at", "s", "trial", "1"};
    out.Point(kSeries, static_cast<double>(tick_), Measured::Of(Now()));
    progress_ = {.tick = tick_, .total = kPoints, .finished = tick_ == kPoints};
    return progress_;
  }
  const Progress& progress() const override { return progress_; }
  absl::Status WriteCheckpoint(CheckpointSink sink) override {
    return sink(std::to_string(tick_));
  }
  absl::Status Restore(absl::string_view) override {
    return absl::UnimplementedError("a steady run is not resumed");
  }
  std::string ResultHash() override { return "r1:" + std::string(64, '0'); }
  std::string tick_name() const override { return "trial"; }

 private:
  static double Now() {
    return std::chrono::duration<double>(Clock::now().time_since_epoch())
        .count();
  }

  const Clock::time_point begun_ = Clock::now();
  int64_t tick_ = 0;
  Progress progress_;
};

absl::StatusOr<std::unique_ptr<Simulation>> MakeSteady(const v1::RunAssignment&,
                                                       Context) {
  return std::make_unique<Steady>();
}

}  // namespace
}  // namespace engram

int main(int argc, char** argv) {
  return engram::WorkerMain(argc, argv, engram::MakeSteady);
}
