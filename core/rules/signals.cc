#include "core/rules/signals.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/rules/catalog.h"
#include "core/rules/part_slots.h"
#include "core/spec/find_row.h"

namespace engram {
namespace {

// What to do about a rule that reads what it is not given.
absl::string_view Remedy(Signal signal) {
  switch (signal) {
    case Signal::kRates:
      return "take a rule on spikes, or a network with rates";
    case Signal::kSpikes:
      return "take a rule on rates, or a network with spikes";
    case Signal::kPotentials:
      return "take a rule that reads none, or a network with potentials";
    case Signal::kModulator:
      return "leave out the part that reads it, or take a task with reward";
  }
  return "";
}

void CheckOne(const Component& component, const std::vector<Signal>& reads,
              std::span<const Signal> gives, absl::string_view giver,
              Faults& faults) {
  std::vector<std::string> given;
  for (const Signal signal : gives) {
    given.emplace_back(SignalName(signal));
  }
  for (const Signal signal : reads) {
    if (std::ranges::find(gives, signal) != gives.end()) continue;
    faults.push_back(
        {0, component.path,
         absl::StrCat(component.type, " reads ",
                      std::string(SignalName(signal)), ", and ",
                      std::string(giver), " gives ",
                      given.empty() ? "nothing" : absl::StrJoin(given, " and "),
                      " alone; ", std::string(Remedy(signal)))});
  }
}

}  // namespace

absl::string_view SignalName(Signal signal) {
  switch (signal) {
    case Signal::kRates:
      return "rates";
    case Signal::kSpikes:
      return "spikes";
    case Signal::kPotentials:
      return "potentials";
    case Signal::kModulator:
      return "a modulator";
  }
  return "";
}

void CheckSignals(const Component& rule, std::span<const Signal> gives,
                  absl::string_view giver, Faults& faults) {
  CheckOne(rule, RowOf(RuleRows(), rule.type).reads, gives, giver, faults);
  for (const Component* part : PartsOf(rule)) {
    CheckOne(*part, RowOf(PartRows(), part->type).reads, gives, giver, faults);
  }
}

}  // namespace engram
