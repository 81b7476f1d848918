#include "core/spiking/spikes_underway.h"

#include <algorithm>
#include <span>

#include "absl/strings/str_cat.h"
#include "core/base/contract.h"
#include "core/programs/state_array.h"

namespace engram {
namespace {

// Before a network's first step nothing has fired.
std::span<const int32_t> SpikesAt(const SpikeLog& log, int64_t step) {
  if (step < 0) return {};
  ENGRAM_EXPECT(step >= log.first_step());
  return log.At(step);
}

}  // namespace

void SpikesUnderway::CopyFrom(const SpikeLog& log) {
  units_.clear();
  const int64_t from = log.end_step() - steps();
  for (int64_t k = 0; k < steps(); ++k) {
    const std::span<const int32_t> spikes = SpikesAt(log, from + k);
    units_.insert(units_.end(), spikes.begin(), spikes.end());
    ends_[k] = std::ssize(units_);
  }
}

bool SpikesUnderway::IsIn(const SpikeLog& log, int64_t step) const {
  if (log.end_step() != step) return false;
  SpikesUnderway other(steps());
  other.CopyFrom(log);
  return units_ == other.units_ &&
         std::ranges::equal(ends_.span(), other.ends_.span());
}

void SpikesUnderway::CopyTo(SpikeLog& log, int64_t step) const {
  log.Restart(std::max<int64_t>(0, step - steps()));
  const std::span<const int32_t> units(units_);
  for (int64_t k = 0; k < steps(); ++k) {
    const int64_t begin = k == 0 ? 0 : ends_[k - 1];
    ENGRAM_EXPECT(0 <= begin && begin <= ends_[k] &&
                  ends_[k] <= std::ssize(units_));
    if (step - steps() + k < 0) continue;
    log.Add(units.subspan(static_cast<size_t>(begin),
                          static_cast<size_t>(ends_[k] - begin)));
    log.CloseStep();
  }
}

void SpikesUnderway::VisitState(absl::string_view prefix, StateVisitor& v) {
  const auto bytes = [this] {
    return std::as_writable_bytes(std::span(units_));
  };
  v.State(absl::StrCat(prefix, ".underway_units"),
          {.type = ElementType::kInt32,
           .order = ArrayOrder::kColumnMajor,
           .shape = {std::ssize(units_)},
           .unit = "1",
           .bytes = bytes(),
           .resize = [this, bytes](std::span<const int64_t> shape) {
             units_.resize(static_cast<size_t>(shape[0]));
             return bytes();
           }});
  v.State(absl::StrCat(prefix, ".underway_ends"), StateOf(ends_, "1"));
}

}  // namespace engram
