#include "core/analyses/spiking/spike_store.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "core/base/contract.h"
#include "core/programs/state_array.h"

namespace engram {
namespace {

template <class T>
void Grow(Array<T>& array, int64_t rows) {
  Array<T> larger(rows);
  std::ranges::copy(array.span(), larger.data());
  array = std::move(larger);
}

}  // namespace

void SpikeStore::Reserve(int64_t spikes) {
  if (spikes <= steps_.rows()) return;
  const int64_t rows = std::max(spikes, steps_.rows() + steps_.rows() / 2);
  Grow(steps_, rows);
  Grow(units_, rows);
}

void SpikeStore::Add(std::span<const int64_t> steps,
                     std::span<const int32_t> units) {
  ENGRAM_EXPECT(steps.size() == units.size());
  Reserve(used_ + static_cast<int64_t>(steps.size()));
  std::ranges::copy(steps, steps_.data() + used_);
  std::ranges::copy(units, units_.data() + used_);
  used_ += static_cast<int64_t>(steps.size());
}

template <class T>
void SpikeStore::Visit(absl::string_view prefix, absl::string_view name,
                       Array<T>& array, StateVisitor& v) {
  const auto bytes = [this, &array] {
    return std::as_writable_bytes(
        array.span().first(static_cast<size_t>(used_)));
  };
  v.State(absl::StrCat(prefix, ".", name),
          {.type = ElementTypeOf<T>(),
           .order = ArrayOrder::kColumnMajor,
           .shape = {used_},
           .unit = "1",
           .bytes = bytes(),
           .resize = [this, bytes](std::span<const int64_t> shape) {
             Reserve(shape[0]);
             used_ = shape[0];
             return bytes();
           }});
}

void SpikeStore::VisitState(absl::string_view prefix, StateVisitor& v) {
  Visit(prefix, "steps", steps_, v);
  Visit(prefix, "units", units_, v);
}

}  // namespace engram
