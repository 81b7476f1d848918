#include "core/programs/paired_cell.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "core/base/math.h"
#include "core/programs/state_array.h"

namespace engram {
namespace {

constexpr double kCapacitance = 281;         // [pF]
constexpr double kLeak = 30, kRest = -70.6;  // [nS], [mV]
constexpr double kWidth = 2;                 // delta_t [mV]
constexpr double kThresholdAtRest = -50.4, kThresholdAfterSpike = -30.4;
constexpr double kTauThreshold = 50;                // [ms]
constexpr double kTauW = 144, kA = 4, kB = 80.5;    // [ms], [nS], [pA]
constexpr double kTauZ = 40, kZAfterSpike = 400;    // [ms], [pA]
constexpr double kPeak = 33, kSpikeLength = 2;      // [mV], [ms]
constexpr double kAfterSpike = -49.6, kFires = 20;  // [mV]

}  // namespace

PairedCell::PairedCell(int64_t cells, double dt)
    : dt_(dt),
      spike_steps_(std::max<int64_t>(1, std::llround(kSpikeLength / dt))),
      keep_z_(math::Exp(-dt / kTauZ)),
      keep_threshold_(math::Exp(-dt / kTauThreshold)),
      v_(cells),
      w_(cells),
      z_(cells),
      threshold_(cells),
      left_(cells),
      shown_(cells) {
  v_.Fill(kRest);
  threshold_.Fill(kThresholdAtRest);
}

std::span<const double> PairedCell::Next(std::span<const int32_t> fired) {
  for (const int32_t cell : fired) Begin(cell);
  for (int64_t k = 0; k < v_.rows(); ++k) {
    shown_[k] = left_[k] > 0 ? kPeak : v_[k];
    Move(k);
  }
  return shown_.span();
}

void PairedCell::Move(int64_t k) {
  z_[k] *= keep_z_;
  threshold_[k] =
      kThresholdAtRest + keep_threshold_ * (threshold_[k] - kThresholdAtRest);
  if (left_[k] > 0) {
    if (--left_[k] > 0) return;
    v_[k] = kAfterSpike;
    w_[k] += kB;
    z_[k] = kZAfterSpike;
    threshold_[k] = kThresholdAfterSpike;
    return;
  }
  const double spikelet = kWidth * math::Exp((v_[k] - threshold_[k]) / kWidth);
  const double current = kLeak * (kRest - v_[k] + spikelet) - w_[k] + z_[k];
  w_[k] += dt_ / kTauW * (kA * (v_[k] - kRest) - w_[k]);
  v_[k] += dt_ / kCapacitance * current;
  if (v_[k] >= kFires) Begin(k);
}

void PairedCell::VisitState(absl::string_view prefix, StateVisitor& v) {
  v.State(absl::StrCat(prefix, ".v"), StateOf(v_, "mV"));
  v.State(absl::StrCat(prefix, ".w"), StateOf(w_, "pA"));
  v.State(absl::StrCat(prefix, ".z"), StateOf(z_, "pA"));
  v.State(absl::StrCat(prefix, ".threshold"), StateOf(threshold_, "mV"));
  v.State(absl::StrCat(prefix, ".spike_steps"), StateOf(left_, "1"));
}

std::vector<std::string> ArraysOfPairedCell() {
  return {"v", "w", "z", "threshold", "spike_steps"};
}

}  // namespace engram
