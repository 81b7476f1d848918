#include "docs/rule_pages.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/base/contract.h"
#include "core/rules/catalog.h"
#include "core/rules/part_slots.h"
#include "core/spec/reference.h"
#include "docs/rule_figures.h"

namespace engram {
namespace {

constexpr char kEligibility[] = "eligibility_trace";

constexpr char kIntroduction[] =
    R"(# Learning rules

Generated from the catalogue and from the rules themselves (`ninja rule_pages`);
each figure is a few runs of `plasticity_protocol`.

Index *i* is the postsynaptic unit, *j* the presynaptic one; weights are
`(n_post, n_pre)`. *r* is a rate, *w* a weight, Δ = t_post − t_pre. What a rule
reads must be what its projection gives: a network of rate units gives rates, one
of spiking units spikes; the parts below may follow any rule, and a modulator
comes from a task or a protocol.

Draw any of this with constants of your own:

```yaml
experiment:
  type: plasticity_protocol
  dt: 1 ms
  protocol: {type: pairings, count: 60, frequency: 1 Hz}
  rule: {type: stdp_pair, a_plus: 0.008, mu: 0.5}
```
)";

std::string NamesOf(const std::vector<Signal>& reads) {
  std::vector<std::string> names;
  for (const Signal signal : reads) names.emplace_back(SignalName(signal));
  return names.empty() ? "nothing" : absl::StrJoin(names, ", ");
}

std::string Arrays(const std::vector<std::string>& arrays) {
  if (arrays.empty()) return "It keeps nothing beside the weights.";
  std::vector<std::string> quoted;
  for (const std::string& array : arrays) {
    quoted.push_back(absl::StrCat("`", array, "`"));
  }
  return absl::StrCat("It keeps ", absl::StrJoin(quoted, ", "), ".");
}

void AppendSource(const ComponentSpec& spec, std::string& page) {
  if (spec.reference.empty()) return;
  absl::StrAppend(&page, "\nSource: ", spec.reference, "\n");
}

void AppendRule(const RuleRow& row, std::string& page) {
  const ComponentSpec& spec = row.spec;
  absl::StrAppend(&page, "\n## `", spec.type, "`\n\n", spec.summary,
                  ".\n\n```\n", spec.equation, "\n```\n\nReads ",
                  NamesOf(row.reads), ". ", Arrays(row.arrays), "\n",
                  RenderParameters(spec), "\n![", spec.type, "](rules/",
                  spec.type, ".svg)\n\n*", RuleFigureCaption(spec.type), "*\n");
  AppendSource(spec, page);
}

// Parts of a kind go into one slot of every rule.
std::string SlotOf(Kind kind) {
  for (const SlotSpec& slot : PartSlots()) {
    if (slot.kind == kind) return slot.name;
  }
  ENGRAM_EXPECT(false && "a part without a slot");
}

void AppendPart(const PartRow& row, std::string& page) {
  const ComponentSpec& spec = row.spec;
  absl::StrAppend(&page, "\n### `", spec.type, "`\n\n", spec.summary, ".\n");
  if (!spec.equation.empty()) {
    absl::StrAppend(&page, "\n```\n", spec.equation, "\n```\n");
  }
  absl::StrAppend(&page, "\nGoes into the slot `", SlotOf(spec.kind), "`.");
  if (!row.reads.empty()) {
    absl::StrAppend(&page, " Reads ", NamesOf(row.reads), ".");
  }
  page += '\n';
  absl::StrAppend(&page, RenderParameters(spec));
  if (spec.type == kEligibility) {
    absl::StrAppend(&page, "\n![", kEligibility, "](rules/", kEligibility,
                    ".svg)\n\n*Weight change by one pair under `stdp_pair`, "
                    "above 0 at +10 ms and below at -10 ms, and a reward of "
                    "10 ms after a delay.*\n");
  }
  AppendSource(spec, page);
}

}  // namespace

std::string RenderRulePage() {
  std::string page = kIntroduction;
  for (const RuleRow& row : RuleRows()) AppendRule(row, page);
  absl::StrAppend(&page,
                  "\n## Parts that follow a rule\n\nThey act on a change "
                  "in the order of the slots: `eligibility`, `homeostasis`, "
                  "`bounds`, `signs`. `rule: {type: stdp_pair, bounds: {type: "
                  "soft_bounds}}` gives a rule bounds.\n");
  for (const PartRow& row : PartRows()) AppendPart(row, page);
  return page;
}

std::map<std::string, std::string> RenderRulePages() {
  std::map<std::string, std::string> files = {{"rules.md", RenderRulePage()}};
  for (const RuleRow& row : RuleRows()) {
    files[absl::StrCat("rules/", row.spec.type, ".svg")] =
        RuleFigure(row.spec.type);
  }
  files[absl::StrCat("rules/", kEligibility, ".svg")] = EligibilityFigure();
  return files;
}

}  // namespace engram
