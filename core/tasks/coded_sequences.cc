#include "core/tasks/coded_sequences.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>

#include "absl/strings/str_cat.h"
#include "core/base/contract.h"
#include "core/base/random.h"
#include "core/tasks/catalog.h"

namespace engram {
namespace {

int64_t Steps(double duration_ms, double dt) {
  return static_cast<int64_t>(std::llround(duration_ms / dt));
}

// The common part is drawn as item 0, the items' own from 1 on.
Array<double> DrawCodes(int64_t units, int64_t items, double correlation,
                        const RandomStream& stream) {
  Array<double> codes(units, items);
  std::vector<double> common(static_cast<size_t>(units));
  stream.FillNormal(0, common);
  const double shared = std::sqrt(correlation);
  const double own = std::sqrt(1 - correlation);
  for (int64_t k = 0; k < items; ++k) {
    const std::span<double> code = codes.span().subspan(
        static_cast<size_t>(k * units), static_cast<size_t>(units));
    stream.FillNormal(k + 1, code);
    for (size_t i = 0; i < code.size(); ++i) {
      code[i] = shared * common[i] + own * code[i];
    }
  }
  return codes;
}

// The `count` units of largest code, in their own order.
std::vector<int64_t> LargestUnits(std::span<const double> code, int64_t count) {
  std::vector<int64_t> units(code.size());
  std::iota(units.begin(), units.end(), int64_t{0});
  std::ranges::stable_sort(units, [&](int64_t a, int64_t b) {
    return code[static_cast<size_t>(a)] > code[static_cast<size_t>(b)];
  });
  units.resize(static_cast<size_t>(count));
  std::ranges::sort(units);
  return units;
}

}  // namespace

CodedSequences::CodedSequences(const Component& component, uint64_t seed,
                               int64_t units, double dt)
    : sequences_(component.Integer("sequences")),
      length_(component.Integer("items")),
      units_per_item_(component.Integer("units_per_item")),
      shared_place_(component.Integer("shared_item") - 1),
      is_binary_(component.Text("code") == "binary"),
      amplitude_(component.Real("amplitude")),
      active_above_(component.Real("active_above")),
      item_steps_(Steps(component.Real("item_duration"), dt)),
      silence_steps_(Steps(component.Real("silence"), dt)),
      cue_steps_(Steps(component.Real("cue_duration"), dt)),
      recall_steps_(Steps(component.Real("recall_duration"), dt)),
      cue_sequence_(component.Integer("cue_sequence") - 1),
      cue_place_(component.Integer("cue_item") - 1) {
  const int64_t own = shared_place_ < 0 ? length_ : length_ - 1;
  codes_ = DrawCodes(units, length_ + (sequences_ - 1) * own,
                     component.Real("correlation"),
                     RandomStream(seed, component.path, "codes"));
  for (int64_t k = 0; k < items(); ++k) {
    const std::vector<int64_t> largest =
        LargestUnits(codes_.col(k), units_per_item_);
    units_.insert(units_.end(), largest.begin(), largest.end());
  }
}

std::span<const int64_t> CodedSequences::units_of(int64_t item) const {
  ENGRAM_EXPECT(item >= 0 && item < items());
  const size_t size = static_cast<size_t>(units_per_item_);
  return std::span(units_).subspan(static_cast<size_t>(item) * size, size);
}

int64_t CodedSequences::ItemAt(int64_t sequence, int64_t place) const {
  if (sequence == 0 || place == shared_place_) return place;
  if (shared_place_ < 0) return sequence * length_ + place;
  const int64_t own = place < shared_place_ ? place : place - 1;
  return length_ + (sequence - 1) * (length_ - 1) + own;
}

void CodedSequences::TrialInput(int64_t step, std::span<double> input) const {
  std::ranges::fill(input, 0.0);
  const int64_t place = step % sequence_steps() / item_steps_;
  if (place < length_) Drive(ItemAt(step / sequence_steps(), place), input);
}

void CodedSequences::RecallInput(int64_t step, std::span<double> input) const {
  std::ranges::fill(input, 0.0);
  if (step < cue_steps_) Drive(ItemAt(cue_sequence_, cue_place_), input);
}

void CodedSequences::Drive(int64_t item, std::span<double> input) const {
  if (is_binary_) {
    for (int64_t unit : units_of(item)) {
      input[static_cast<size_t>(unit)] = amplitude_;
    }
    return;
  }
  const std::span<const double> code = codes_.col(item);
  for (size_t i = 0; i < input.size(); ++i) input[i] = amplitude_ * code[i];
}

std::optional<int64_t> CodedSequences::cued_item() const {
  if (cue_steps_ == 0) return std::nullopt;
  return ItemAt(cue_sequence_, cue_place_);
}

std::optional<int64_t> CodedSequences::successor(int64_t item) const {
  if (item == shared_place_) {
    if (item + 1 == length_) return std::nullopt;
    return ItemAt(cue_sequence_, item + 1);
  }
  const std::vector<int64_t> next = successors(item);
  if (next.empty()) return std::nullopt;
  return next.front();
}

std::vector<int64_t> CodedSequences::successors(int64_t item) const {
  std::vector<int64_t> next;
  for (int64_t m = 0; m < sequences_; ++m) {
    for (int64_t place = 0; place + 1 < length_; ++place) {
      if (ItemAt(m, place) == item) next.push_back(ItemAt(m, place + 1));
    }
  }
  return next;
}

namespace {

void CheckPlaces(const Component& self, Faults& faults) {
  const auto at_most = [&](const char* name, const char* limit) {
    if (self.Integer(name) <= self.Integer(limit)) return;
    faults.push_back(
        {0, absl::StrCat(self.path, ".", name),
         absl::StrCat(name, " = ", self.Integer(name), " is beyond ", limit,
                      " = ", self.Integer(limit))});
  };
  at_most("cue_sequence", "sequences");
  at_most("cue_item", "items");
  at_most("shared_item", "items");
  if (self.Integer("shared_item") > 0 && self.Integer("sequences") < 2) {
    faults.push_back({0, self.path + ".shared_item",
                      "an item is shared between sequences, and there is one; "
                      "make sequences at least 2"});
  }
  if (self.Real("cue_duration") > self.Real("recall_duration")) {
    faults.push_back({0, self.path + ".cue_duration",
                      "the cue is longer than the recall; make cue_duration at "
                      "most recall_duration"});
  }
}

// Of the network beside the task; empty where the program has none.
const Component* NetworkOf(const Component& root) {
  const auto slot = root.slots.find("network");
  if (slot == root.slots.end() || slot->second.empty()) return nullptr;
  return &slot->second.front();
}

void CheckNetwork(const Component& self, const Component& root,
                  Faults& faults) {
  const Component* network = NetworkOf(root);
  if (network == nullptr || !network->parameters.contains("units") ||
      !network->parameters.contains("dt")) {
    return;
  }
  if (self.Integer("units_per_item") > network->Integer("units")) {
    faults.push_back(
        {0, self.path + ".units_per_item",
         absl::StrCat("an item has more units than ", network->path,
                      ", which has ", network->Integer("units"))});
  }
  for (const char* name : {"item_duration", "recall_duration"}) {
    if (Steps(self.Real(name), network->Real("dt")) >= 1) continue;
    faults.push_back(
        {0, absl::StrCat(self.path, ".", name),
         absl::StrCat(name, " is less than one step of ", network->path)});
  }
}

std::vector<ParameterSpec> Parameters() {
  return {Integer("sequences", 1, 1, 100, "sequences M that are stored"),
          Integer("items", 10, 2, 1000, "items K of a sequence"),
          Integer("units_per_item", 10, 1, 10000,
                  "units S that count as an item's: those of its largest code"),
          Choice("code", "binary", {"binary", "gaussian"},
                 "the S units alone, or every unit by its code"),
          Real("correlation", "1", 0, 0, 0.5,
               "c: correlation of the codes of two items"),
          Integer("shared_item", 0, 0, 1000,
                  "place that holds the same item in every sequence; 0: none"),
          Real("amplitude", "1", 2, 0, 1000, "input to a unit of code 1"),
          Real("item_duration", "ms", 100, 0.001, 10000,
               "presentation of one item"),
          Real("silence", "ms", 500, 0, 100000,
               "without input, after the last item of each sequence"),
          Integer("cue_sequence", 1, 1, 100, "sequence that recall asks for"),
          Integer("cue_item", 1, 1, 1000, "place of its item that is the cue"),
          Real("cue_duration", "ms", 50, 0, 10000,
               "how long recall drives that item; 0: free replay by noise"),
          Real("recall_duration", "ms", 1000, 0.001, 100000,
               "length of a recall, its cue included"),
          Real("active_above", "1", 0.5, 0, 1,
               "an item is active while the mean rate of its units is above "
               "this")};
}

}  // namespace

TaskRow CodedSequencesRow() {
  ComponentSpec spec{
      .kind = Kind::kTask,
      .type = "coded_sequences",
      .summary =
          "several sequences of items with overlapping or correlated "
          "codes, recalled from any item or by noise alone",
      .equation =
          "xi^k = sqrt(c) eta^0 + sqrt(1 - c) eta^k\n"
          "binary: I_i = amplitude for the S units of largest xi_i^k\n"
          "gaussian: I_i = amplitude xi_i^k",
      .reference = "doi:10.1073/pnas.1918674117",
      .parameters = Parameters(),
      .slots = {},
      .outputs = {},
      .check = [](const Component& self, const Component& root,
                  Faults& faults) {
        CheckPlaces(self, faults);
        CheckNetwork(self, root, faults);
      }};
  return {std::move(spec),
          [](const Component& c, uint64_t seed, int64_t units,
             double dt) -> std::unique_ptr<SequenceTask> {
            return std::make_unique<CodedSequences>(c, seed, units, dt);
          }};
}

}  // namespace engram
