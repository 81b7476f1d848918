#include "core/spec/axis_values.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "core/base/random.h"
#include "core/spec/nearest_name.h"
#include "core/spec/read_value.h"
#include "core/spec/real_text.h"

namespace engram {
namespace {

using Nodes = std::vector<YamlNode>;

constexpr char kForms[] =
    "a list, 1..10, {linear: [a, b], points: n}, {log: [a, b], points: n}, "
    "{random: [a, b], points: n} or {runs: filter, item: name}";

class AxisExpander {
 public:
  AxisExpander(const YamlNode& expression, const Place& place,
               uint64_t sweep_seed, ReadContext& context)
      : expression_(expression),
        place_(place),
        sweep_seed_(sweep_seed),
        context_(context) {}

  std::optional<Nodes> Expand() {
    if (expression_.IsList()) return ExpandList();
    if (expression_.IsScalar()) return ExpandRange();
    if (!expression_.IsMap()) return RefuseForm();
    for (const char* form : {"linear", "log", "random"}) {
      if (expression_.Find(form)) return ExpandComputed(form);
    }
    if (expression_.Find("runs")) return ExpandRuns();
    return RefuseForm();
  }

 private:
  struct Bounds {
    double low = 0;
    double high = 0;
    int64_t points = 0;
  };

  std::nullopt_t Refuse(int line, std::string message) {
    context_.Report(line, place_.path, std::move(message));
    return std::nullopt;
  }

  std::nullopt_t RefuseForm() {
    return Refuse(
        expression_.line,
        absl::StrCat(
            "an axis is ", kForms, "; got ",
            std::string(expression_.TypeName()),
            expression_.Find("type") ? "; put the component into a list" : ""));
  }

  bool IsTooMany(int64_t count) {
    if (count <= kMostRuns) return false;
    Refuse(expression_.line,
           absl::StrCat("the axis has ", count, " values; at most ", kMostRuns,
                        " are allowed"));
    return true;
  }

  std::optional<Nodes> ExpandList() {
    if (expression_.items.empty()) {
      return Refuse(expression_.line, "the axis is an empty list");
    }
    return expression_.items;
  }

  bool IsWholeNumber() const {
    return place_.what == Place::What::kSeed ||
           (place_.parameter && place_.parameter->list_rank == 0 &&
            (place_.parameter->type == ParameterType::kInteger ||
             place_.parameter->type == ParameterType::kReal));
  }

  std::optional<Nodes> ExpandRange() {
    const std::string& text = expression_.text;
    const size_t dots = text.find("..");
    int64_t first = 0;
    int64_t last = 0;
    if (dots == std::string::npos ||
        !absl::SimpleAtoi(text.substr(0, dots), &first) ||
        !absl::SimpleAtoi(text.substr(dots + 2), &last) || !IsWholeNumber()) {
      return RefuseForm();
    }
    if (first > last) {
      return Refuse(expression_.line,
                    absl::StrCat("the range ", text,
                                 " is empty; the smaller number comes first"));
    }
    // Unsigned, for the ends may lie further apart than int64_t counts.
    const uint64_t beyond =
        static_cast<uint64_t>(last) - static_cast<uint64_t>(first);
    if (beyond >= static_cast<uint64_t>(kMostRuns)) {
      return Refuse(expression_.line,
                    absl::StrCat("the range ", text, " has more than ",
                                 kMostRuns, " values"));
    }
    Nodes values;
    for (uint64_t i = 0; i <= beyond; ++i) {
      values.push_back(YamlNode::Scalar(
          absl::StrCat(first + static_cast<int64_t>(i)), expression_.line));
    }
    return values;
  }

  bool HasOnlyKeys(const std::vector<std::string>& allowed) {
    bool is_fine = true;
    for (const YamlKey& key : expression_.keys) {
      if (std::ranges::find(allowed, key.name) != allowed.end()) continue;
      Refuse(key.line, absl::StrCat("an axis has no ", key.name,
                                    SuggestName(key.name, allowed)));
      is_fine = false;
    }
    return is_fine;
  }

  // Of a number that is not a list; of a map's entry, a plain number.
  std::optional<ParameterSpec> NumberSpec() {
    if (place_.parameter && place_.parameter->list_rank == 0) {
      ParameterSpec spec = *place_.parameter;
      if (place_.what == Place::What::kMapEntry && !spec.unit.empty()) {
        spec.type = ParameterType::kReal;
      }
      if (spec.type == ParameterType::kReal ||
          spec.type == ParameterType::kInteger) {
        return spec;
      }
    }
    return Refuse(expression_.line,
                  "only a number can be computed; write a list of values");
  }

  std::optional<double> ReadNumber(const YamlNode& node,
                                   const ParameterSpec& spec) {
    const std::optional<Value> value =
        ReadValue(node, spec, place_.path, context_);
    if (!value) return std::nullopt;
    if (const double* real = std::get_if<double>(&value->data)) return *real;
    return static_cast<double>(std::get<int64_t>(value->data));
  }

  std::optional<int64_t> ReadPoints(bool is_random) {
    const YamlNode* points = expression_.Find("points");
    if (points == nullptr) {
      return Refuse(expression_.line, "the axis needs points: how many values");
    }
    ParameterSpec spec = Integer("points", 2, is_random ? 1 : 2, kMostRuns, "");
    const std::optional<double> count = ReadNumber(*points, spec);
    if (!count) return std::nullopt;
    return static_cast<int64_t>(*count);
  }

  std::optional<Bounds> ReadBounds(const std::string& form,
                                   const ParameterSpec& spec) {
    const YamlNode& ends = *expression_.Find(form);
    const std::optional<int64_t> points = ReadPoints(form == "random");
    if (!ends.IsList() || ends.items.size() != 2) {
      return Refuse(ends.line,
                    absl::StrCat(form, " takes two numbers, [a, b]"));
    }
    const std::optional<double> low = ReadNumber(ends.items[0], spec);
    const std::optional<double> high = ReadNumber(ends.items[1], spec);
    if (!low || !high || !points) return std::nullopt;
    if (form == "log" && (*low <= 0 || *high <= 0)) {
      return Refuse(ends.line, "a logarithmic axis has two ends above 0");
    }
    if (form == "random" && *low >= *high) {
      return Refuse(ends.line, "the first end must be below the second");
    }
    return Bounds{*low, *high, *points};
  }

  std::optional<Nodes> ExpandComputed(const std::string& form) {
    const std::vector<std::string> allowed =
        form == "random"
            ? std::vector<std::string>{"random", "points", "group", "latin"}
            : std::vector<std::string>{form, "points"};
    const bool has_known_keys = HasOnlyKeys(allowed);
    const std::optional<ParameterSpec> spec = NumberSpec();
    if (!spec) return std::nullopt;
    const std::optional<Bounds> bounds = ReadBounds(form, *spec);
    const std::optional<bool> is_latin = ReadLatin();
    if (!bounds || !has_known_keys || !is_latin) return std::nullopt;
    const bool is_whole = spec->type == ParameterType::kInteger;
    Nodes values;
    for (const double share : Shares(form, bounds->points, *is_latin)) {
      const double value = form == "random" && is_whole
                               ? WholeAt(*bounds, share)
                               : ValueAt(form, *bounds, share);
      values.push_back(Computed(is_whole ? std::round(value) : value, *spec));
    }
    return values;
  }

  std::optional<bool> ReadLatin() {
    const YamlNode* latin = expression_.Find("latin");
    if (latin == nullptr) return false;
    const std::optional<Value> value =
        ReadValue(*latin, Boolean("latin", false, ""), place_.path, context_);
    if (!value) return std::nullopt;
    return std::get<bool>(value->data);
  }

  // How far each value lies between the ends, from 0 to 1.
  std::vector<double> Shares(const std::string& form, int64_t points,
                             bool is_latin) const {
    const auto count = static_cast<size_t>(points);
    std::vector<double> shares(count);
    if (form != "random") {
      for (size_t i = 0; i < count; ++i) {
        shares[i] = static_cast<double>(i) / static_cast<double>(points - 1);
      }
      return shares;
    }
    const RandomStream stream(sweep_seed_, place_.path, "sweep");
    stream.Fill(0, shares);
    if (!is_latin) return shares;
    // One value in each of `points` strata (McKay et al. 1979), in an order
    // drawn for this axis.
    std::vector<int64_t> strata(count);
    stream.Permutation(1, strata);
    for (size_t i = 0; i < count; ++i) {
      shares[i] = (static_cast<double>(strata[i]) + shares[i]) /
                  static_cast<double>(points);
    }
    return shares;
  }

  static double ValueAt(const std::string& form, const Bounds& bounds,
                        double share) {
    if (share == 0) return bounds.low;
    if (share == 1) return bounds.high;
    if (form != "log") return bounds.low + (bounds.high - bounds.low) * share;
    return bounds.low * std::pow(bounds.high / bounds.low, share);
  }

  // Every whole number from low to high has the same share.
  static double WholeAt(const Bounds& bounds, double share) {
    const double count = bounds.high - bounds.low + 1;
    return std::min(bounds.low + std::floor(share * count), bounds.high);
  }

  YamlNode Computed(double value, const ParameterSpec& spec) const {
    std::string text = RealText(RoundTo12Digits(value));
    if (spec.unit != "1") absl::StrAppend(&text, " ", spec.unit);
    return YamlNode::Scalar(std::move(text), expression_.line);
  }

  std::optional<Nodes> ExpandRuns() {
    const YamlNode& filter = *expression_.Find("runs");
    const YamlNode* item = expression_.Find("item");
    if (!HasOnlyKeys({"runs", "item"})) return std::nullopt;
    if (!filter.IsScalar() || item == nullptr || !item->IsScalar()) {
      return Refuse(expression_.line,
                    "wanted {runs: filter, item: name}, such as {runs: 'tag = "
                    "trained', item: state@final}");
    }
    const absl::StatusOr<std::vector<std::string>> runs =
        context_.resolver.MatchingRuns(filter.text);
    if (!runs.ok()) {
      return Refuse(
          filter.line,
          absl::StrCat("runs: ", std::string(runs.status().message())));
    }
    if (runs->empty()) {
      return Refuse(filter.line,
                    absl::StrCat("no run matches \"", filter.text, "\""));
    }
    if (IsTooMany(static_cast<int64_t>(runs->size()))) return std::nullopt;
    Nodes values;
    for (const std::string& run : *runs) {
      values.push_back(YamlNode::Scalar(absl::StrCat(run, "/", item->text),
                                        expression_.line));
    }
    return values;
  }

  const YamlNode& expression_;
  const Place& place_;
  uint64_t sweep_seed_;
  ReadContext& context_;
};

}  // namespace

std::optional<Nodes> ExpandAxis(const YamlNode& expression, const Place& place,
                                uint64_t sweep_seed, ReadContext& context) {
  return AxisExpander(expression, place, sweep_seed, context).Expand();
}

std::string RandomGroup(const YamlNode& expression) {
  if (!expression.IsMap() || !expression.Find("random")) return "";
  const YamlNode* group = expression.Find("group");
  return group != nullptr && group->IsScalar() ? group->text : "";
}

}  // namespace engram
