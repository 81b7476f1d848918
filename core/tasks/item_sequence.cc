#include "core/tasks/item_sequence.h"

#include <algorithm>
#include <cmath>
#include <memory>

#include "absl/strings/str_cat.h"
#include "core/base/contract.h"
#include "core/base/random.h"
#include "core/tasks/catalog.h"

namespace engram {
namespace {

int64_t Steps(double duration_ms, double dt) {
  return static_cast<int64_t>(std::llround(duration_ms / dt));
}

// Of the network beside the task; empty where the program has none.
const Component* NetworkOf(const Component& root) {
  const auto slot = root.slots.find("network");
  if (slot == root.slots.end() || slot->second.empty()) return nullptr;
  return &slot->second.front();
}

void CheckSizes(const Component& self, const Component& root, Faults& faults) {
  const Component* network = NetworkOf(root);
  if (network == nullptr || !network->parameters.contains("units")) return;
  const int64_t wanted = self.Integer("items") * self.Integer("units_per_item");
  const int64_t units = network->Integer("units");
  if (wanted <= units) return;
  faults.push_back(
      {0, self.path + ".units_per_item",
       absl::StrCat(self.Integer("items"), " items of ",
                    self.Integer("units_per_item"), " units need ", wanted,
                    " units, and ", network->path, " has ", units,
                    "; make items, units_per_item or units fit")});
}

void CheckDurations(const Component& self, const Component& root,
                    Faults& faults) {
  if (self.Real("cue_duration") > self.Real("recall_duration")) {
    faults.push_back({0, self.path + ".cue_duration",
                      "the cue is longer than the recall; make cue_duration at "
                      "most recall_duration"});
  }
  const Component* network = NetworkOf(root);
  if (network == nullptr || !network->parameters.contains("dt")) return;
  const double dt = network->Real("dt");
  for (const char* name : {"item_duration", "recall_duration"}) {
    if (Steps(self.Real(name), dt) >= 1) continue;
    faults.push_back({0, absl::StrCat(self.path, ".", name),
                      absl::StrCat(name, " is less than one step of ",
                                   network->path, " (dt = ", dt, " ms)")});
  }
}

}  // namespace

ItemSequence::ItemSequence(const Component& component, uint64_t seed,
                           int64_t units, double dt)
    : items_(component.Integer("items")),
      units_per_item_(component.Integer("units_per_item")),
      amplitude_(component.Real("amplitude")),
      active_above_(component.Real("active_above")),
      item_steps_(Steps(component.Real("item_duration"), dt)),
      silence_steps_(Steps(component.Real("silence"), dt)),
      cue_steps_(Steps(component.Real("cue_duration"), dt)),
      recall_steps_(Steps(component.Real("recall_duration"), dt)),
      order_(static_cast<size_t>(units)) {
  ENGRAM_EXPECT(items_ * units_per_item_ <= units);
  RandomStream(seed, component.path, "assignment").Permutation(0, order_);
}

std::span<const int64_t> ItemSequence::units_of(int64_t item) const {
  ENGRAM_EXPECT(item >= 0 && item < items_);
  const size_t size = static_cast<size_t>(units_per_item_);
  return std::span(order_).subspan(static_cast<size_t>(item) * size, size);
}

void ItemSequence::TrialInput(int64_t step, std::span<double> input) const {
  std::fill(input.begin(), input.end(), 0.0);
  const int64_t item = step / item_steps_;
  if (item < items_) Drive(item, input);
}

void ItemSequence::RecallInput(int64_t step, std::span<double> input) const {
  std::fill(input.begin(), input.end(), 0.0);
  if (step < cue_steps_) Drive(0, input);
}

void ItemSequence::Drive(int64_t item, std::span<double> input) const {
  for (int64_t unit : units_of(item)) {
    input[static_cast<size_t>(unit)] = amplitude_;
  }
}

TaskRow ItemSequenceRow() {
  ComponentSpec spec{
      .kind = Kind::kTask,
      .type = "item_sequence",
      .summary =
          "items in order, each driving its own units, and recall from "
          "the first",
      .equation = "I_i(t) = amplitude while the item of unit i is presented",
      .reference = "",
      .parameters =
          {Integer("items", 10, 2, 1000, "items K of the sequence"),
           Integer("units_per_item", 10, 1, 1000,
                   "units S of an item, drawn at random without overlap"),
           Real("amplitude", "1", 2, 0, 1000, "input to a driven unit"),
           Real("item_duration", "ms", 100, 0.001, 10000,
                "presentation of one item"),
           Real("silence", "ms", 500, 0, 100000,
                "without input, after the last item of a presentation"),
           Real("cue_duration", "ms", 50, 0, 10000,
                "how long recall drives item 1"),
           Real("recall_duration", "ms", 1000, 0.001, 100000,
                "length of a recall, its cue included"),
           Real("active_above", "1", 0.5, 0, 1,
                "an item is active while the mean rate of its units is above "
                "this")},
      .slots = {},
      .outputs = {},
      .check = [](const Component& self, const Component& root,
                  Faults& faults) {
        CheckSizes(self, root, faults);
        CheckDurations(self, root, faults);
      }};
  return {std::move(spec),
          [](const Component& c, uint64_t seed, int64_t units,
             double dt) -> std::unique_ptr<SequenceTask> {
            return std::make_unique<ItemSequence>(c, seed, units, dt);
          }};
}

}  // namespace engram
