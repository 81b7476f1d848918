#include "core/programs/recorder.h"

#include <cmath>
#include <utility>

#include "core/base/contract.h"

namespace engram {

Measured Measured::Of(double value) {
  if (!std::isfinite(value)) return Absent("not finite");
  Measured measured;
  measured.value_ = value;
  return measured;
}

Measured Measured::Absent(std::string reason) {
  ENGRAM_EXPECT(!reason.empty());
  Measured measured;
  measured.reason_ = std::move(reason);
  return measured;
}

double Measured::value() const {
  ENGRAM_EXPECT(!is_absent());
  return value_;
}

}  // namespace engram
