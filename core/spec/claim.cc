#include "core/spec/claim.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/contract.h"
#include "core/spec/real_text.h"

namespace engram {
namespace {

bool Matches(const RunOutcome& run, const Claim::Where& where) {
  return std::ranges::all_of(where, [&](const auto& condition) {
    return std::ranges::find(run.varying, condition) != run.varying.end();
  });
}

std::vector<const RunOutcome*> Group(const Claim::Where& where,
                                     std::span<const RunOutcome> runs) {
  std::vector<const RunOutcome*> group;
  for (const RunOutcome& run : runs) {
    if (Matches(run, where)) group.push_back(&run);
  }
  return group;
}

double Mean(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

double Median(std::vector<double> values) {
  std::ranges::sort(values);
  const size_t half = values.size() / 2;
  if (values.size() % 2 == 1) return values[half];
  return values[half - 1] + (values[half] - values[half - 1]) / 2;
}

double Fraction(const std::vector<double>& values, double at_least) {
  const auto count = std::ranges::count_if(
      values, [&](double value) { return value >= at_least; });
  return static_cast<double>(count) / static_cast<double>(values.size());
}

double Reduced(const Claim& claim, const std::vector<double>& values) {
  switch (claim.reduce) {
    case Claim::Reduce::kMean:
      return Mean(values);
    case Claim::Reduce::kMedian:
      return Median(values);
    case Claim::Reduce::kMinimum:
      return std::ranges::min(values);
    case Claim::Reduce::kMaximum:
      return std::ranges::max(values);
    case Claim::Reduce::kFraction:
      ENGRAM_EXPECT(claim.fraction_at_least.has_value());
      return Fraction(values, *claim.fraction_at_least);
  }
  return 0;
}

// The group's number; without one, `reason` says why.
std::optional<double> Measure(const Claim& claim,
                              const std::vector<const RunOutcome*>& group,
                              std::string& reason) {
  const auto unfinished = std::ranges::count_if(
      group, [](const RunOutcome* run) { return !run->succeeded; });
  std::vector<double> values;
  for (const RunOutcome* run : group) {
    const auto found = run->values.find(claim.value);
    if (found == run->values.end() || !found->second) continue;
    values.push_back(*found->second);
  }
  if (group.empty()) {
    reason = "no run is in the group";
  } else if (unfinished > 0) {
    reason =
        absl::StrCat(unfinished, " of ", group.size(), " runs did not succeed");
  } else if (values.size() < group.size()) {
    reason = absl::StrCat(claim.value, " is absent in ",
                          group.size() - values.size(), " of ", group.size(),
                          " runs");
  } else {
    return Reduced(claim, values);
  }
  return std::nullopt;
}

std::optional<double> Compare(const Claim& claim, double measured,
                              std::span<const RunOutcome> runs,
                              std::string& reason) {
  if (!claim.against) return measured;
  const std::optional<double> other =
      Measure(claim, Group(claim.against_where, runs), reason);
  if (!other) {
    reason = absl::StrCat("against: ", reason);
    return std::nullopt;
  }
  if (*claim.against == Claim::Against::kDifference) return measured - *other;
  if (*other == 0) {
    reason = "the ratio has a denominator of 0";
    return std::nullopt;
  }
  return measured / *other;
}

bool Holds(const Claim& claim, double measured) {
  switch (claim.expect) {
    case Claim::Expect::kAtLeast:
      return measured >= claim.low;
    case Claim::Expect::kAtMost:
      return measured <= claim.low;
    case Claim::Expect::kWithin:
      return measured >= claim.low && measured <= claim.high;
    case Claim::Expect::kEquals:
      return std::abs(measured - claim.low) <= claim.tolerance;
  }
  return false;
}

}  // namespace

ClaimResult Evaluate(const Claim& claim, std::span<const RunOutcome> runs) {
  ClaimResult result;
  const std::vector<const RunOutcome*> group = Group(claim.where, runs);
  result.runs = static_cast<int64_t>(group.size());
  result.measured = Measure(claim, group, result.reason);
  if (result.measured) {
    result.measured = Compare(claim, *result.measured, runs, result.reason);
  }
  if (result.measured && !std::isfinite(*result.measured)) {
    result.measured.reset();
    result.reason = "the result is beyond the range of a double";
  }
  if (result.measured) {
    result.outcome =
        Holds(claim, *result.measured) ? Outcome::kHolds : Outcome::kFails;
  }
  return result;
}

std::string ExpectText(const Claim& claim) {
  switch (claim.expect) {
    case Claim::Expect::kAtLeast:
      return absl::StrCat("at least ", RealText(claim.low));
    case Claim::Expect::kAtMost:
      return absl::StrCat("at most ", RealText(claim.low));
    case Claim::Expect::kWithin:
      return absl::StrCat("within ", RealText(claim.low), " .. ",
                          RealText(claim.high));
    case Claim::Expect::kEquals:
      break;
  }
  const std::string text = absl::StrCat("equals ", RealText(claim.low));
  if (claim.tolerance == 0) return text;
  return absl::StrCat(text, " +- ", RealText(claim.tolerance));
}

}  // namespace engram
