#pragma once

#include <cstdint>
#include <numbers>

#include "core/base/math.h"
#include "core/tasks/trials/trial.h"

namespace engram {

// Directions 2 pi i / size, and a stimulus with a peak in one of them.
struct Ring {
  int64_t size = 2;

  double Angle(int64_t i) const {
    return 2 * std::numbers::pi * static_cast<double>(i) /
           static_cast<double>(size);
  }
  // Adds offset + gain cos(theta_i - theta) to channel first + i.
  void Show(int64_t first, const Period& period, double theta, double offset,
            double gain, Trial& trial) const {
    for (int64_t i = 0; i < size; ++i) {
      trial.Show(first + i, period,
                 offset + gain * math::Cos(Angle(i) - theta));
    }
  }
  // A stimulus of so much coherence [%] is 0.5 + coh / 200 cos(...).
  void ShowCoherence(int64_t first, const Period& period, int64_t direction,
                     double coh, Trial& trial) const {
    Show(first, period, Angle(direction), 0.5, coh / 200, trial);
  }
};

}  // namespace engram
