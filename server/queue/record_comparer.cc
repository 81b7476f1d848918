#include "server/queue/record_comparer.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace engram {
namespace {

// As short as it can be and still be read back to the same bits.
std::string Text(double value) {
  char digits[32];
  const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  return std::string(digits, end);
}

bool SameBits(double a, double b) {
  return std::bit_cast<uint64_t>(a) == std::bit_cast<uint64_t>(b);
}

std::string ValueText(double value, const std::string& absent_reason) {
  if (absent_reason.empty()) return Text(value);
  return absl::StrCat("absent (", absent_reason, ")");
}

template <class Valued>
bool SameValue(const Valued& a, const Valued& b) {
  return a.absent_reason == b.absent_reason && SameBits(a.value, b.value);
}

std::string ShapeText(const RecordedManifest& manifest) {
  std::string text;
  for (const int64_t length : manifest.shape) {
    absl::StrAppend(&text, text.empty() ? "" : " x ", length);
  }
  const std::string digest = absl::BytesToHexString(manifest.digest);
  return absl::StrCat(text, " with digest ", digest.substr(0, 12));
}

struct Describe {
  std::string operator()(const RecordedPoint& p) const {
    const SeriesInfo series = p.declared.value_or(SeriesInfo{});
    return absl::StrCat("series ", series.name, " at ", series.x, " ",
                        Text(p.x));
  }
  std::string operator()(const RecordedArray& a) const {
    return absl::StrCat("array ", a.path, " at ",
                        a.step < 0 ? "final" : absl::StrCat("step ", a.step));
  }
  std::string operator()(const RecordedSpikes& s) const {
    return absl::StrCat("spikes of ", s.population.name, " from step ",
                        s.steps.empty() ? 0 : s.steps.front());
  }
  std::string operator()(const RecordedSummary& s) const {
    return absl::StrCat("summary ", s.name);
  }
  std::string operator()(const RecordedLog&) const { return "log line"; }
};

// Two items of the same description: empty when they are equal, else how they
// differ.
struct Differ {
  std::string operator()(const RecordedPoint& stored,
                         const RecordedPoint& now) const {
    if (SameValue(stored, now)) return "";
    return Both(ValueText(stored.value, stored.absent_reason),
                ValueText(now.value, now.absent_reason));
  }
  std::string operator()(const RecordedArray& stored,
                         const RecordedArray& now) const {
    if (stored.manifest == now.manifest) return "";
    return Both(ShapeText(stored.manifest), ShapeText(now.manifest));
  }
  std::string operator()(const RecordedSpikes& stored,
                         const RecordedSpikes& now) const {
    if (stored.population != now.population) {
      return Both(SizeText(stored.population), SizeText(now.population));
    }
    if (stored.steps == now.steps && stored.units == now.units) return "";
    std::size_t i = 0;
    while (i < stored.steps.size() && i < now.steps.size() &&
           stored.steps[i] == now.steps[i] && stored.units[i] == now.units[i]) {
      ++i;
    }
    return absl::StrCat("spike ", i + 1, ": ", Both(At(stored, i), At(now, i)));
  }
  std::string operator()(const RecordedSummary& stored,
                         const RecordedSummary& now) const {
    if (SameValue(stored, now)) return "";
    return Both(ValueText(stored.value, stored.absent_reason),
                ValueText(now.value, now.absent_reason));
  }
  std::string operator()(const RecordedLog& stored,
                         const RecordedLog& now) const {
    if (stored.level == now.level && stored.text == now.text) return "";
    return Both(absl::StrCat(stored.level, " \"", stored.text, "\""),
                absl::StrCat(now.level, " \"", now.text, "\""));
  }
  template <class A, class B>
  std::string operator()(const A&, const B&) const {
    return "another kind";  // descriptions differ already
  }

  static std::string Both(const std::string& stored, const std::string& now) {
    return absl::StrCat("stored ", stored, ", now ", now);
  }
  static std::string SizeText(const PopulationInfo& population) {
    return absl::StrCat(population.units, " units with steps of ",
                        Text(population.dt), " ms");
  }
  static std::string At(const RecordedSpikes& spikes, std::size_t i) {
    if (i >= spikes.steps.size()) return "none";
    return absl::StrCat("unit ", spikes.units[i], " at step ", spikes.steps[i]);
  }
};

}  // namespace

std::string DescribeItem(const RecordedItem& item) {
  return std::visit(Describe{}, item);
}

RecordComparer::RecordComparer(std::vector<RecordedItem> stored,
                               int64_t skipped)
    : stored_(std::move(stored)), skipped_(skipped) {}

std::optional<std::string> RecordComparer::Compare(int64_t ordinal,
                                                   const RecordedItem& item) {
  RecordedItem now = item;
  if (auto* point = std::get_if<RecordedPoint>(&now)) {
    if (point->declared) series_[point->series] = *point->declared;
    point->declared = series_[point->series];
  }
  const std::string what = DescribeItem(now);
  if (ordinal <= skipped_ || ordinal > stored_count()) {
    return absl::StrCat("item ", ordinal, ", ", what, ": only ", stored_count(),
                        " items are stored");
  }
  const RecordedItem& stored =
      stored_[static_cast<std::size_t>(ordinal - skipped_ - 1)];
  const std::string expected = DescribeItem(stored);
  if (expected != what) {
    return absl::StrCat("item ", ordinal, ": stored ", expected, ", now ",
                        what);
  }
  const std::string difference = std::visit(Differ{}, stored, now);
  if (!difference.empty()) {
    return absl::StrCat("item ", ordinal, ", ", what, ": ", difference);
  }
  ++compared_;
  return std::nullopt;
}

std::optional<std::string> RecordComparer::CompareEnd(
    int64_t item_count) const {
  if (item_count == stored_count()) return std::nullopt;
  return absl::StrCat("item ", std::min(item_count, stored_count()) + 1,
                      ": stored ", stored_count(), " items, now ", item_count);
}

}  // namespace engram
