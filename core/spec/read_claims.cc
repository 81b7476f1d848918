#include "core/spec/read_claims.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/spec/json_text.h"
#include "core/spec/nearest_name.h"
#include "core/spec/read_value.h"
#include "core/spec/real_text.h"
#include "core/spec/sweep_names.h"

namespace engram {
namespace {

const std::vector<std::string>& ClaimKeys() {
  static const std::vector<std::string> keys = {
      "that",   "value",     "where",  "reduce",   "against",
      "expect", "tolerance", "source", "published"};
  return keys;
}

const std::vector<std::string>& ReduceNames() {
  static const std::vector<std::string> names = {"mean", "median", "minimum",
                                                 "maximum"};
  return names;
}

class ClaimReader {
 public:
  ClaimReader(const ReadSweepResult& points,
              const std::map<std::string, OutputSpec>& outputs,
              const std::map<std::string, Varying>& varying,
              const RecordPolicy& record, ReadContext& context)
      : points_(points),
        outputs_(outputs),
        varying_(varying),
        record_(record),
        context_(context) {}

  Claim Read(const YamlNode& node, size_t number) {
    path_ = absl::StrCat("claims.", number);
    claim_ = {};
    if (!node.IsMap()) {
      Report(node.line, "", "a claim is a map with that, value and expect");
      return {};
    }
    RefuseUnknownKeys(node, ClaimKeys(), "");
    claim_.that = ReadText(node, "that", true);
    claim_.source = ReadText(node, "source", false);
    claim_.published = ReadText(node, "published", false);
    claim_.value = ReadText(node, "value", true);
    ReadParts(node);
    return std::move(claim_);
  }

 private:
  void Report(int line, const std::string& key, std::string message) {
    context_.Report(line, key.empty() ? path_ : absl::StrCat(path_, ".", key),
                    std::move(message));
  }

  void RefuseUnknownKeys(const YamlNode& node,
                         const std::vector<std::string>& allowed,
                         const std::string& prefix) {
    for (const YamlKey& key : node.keys) {
      if (std::ranges::find(allowed, key.name) != allowed.end()) continue;
      Report(key.line, prefix + key.name,
             absl::StrCat("a claim has no ", key.name,
                          SuggestName(key.name, allowed)));
    }
  }

  std::string ReadText(const YamlNode& node, const std::string& key,
                       bool is_needed) {
    const YamlNode* written = node.Find(key);
    if (written != nullptr && written->IsScalar()) return written->text;
    if (written != nullptr) {
      Report(written->line, key,
             absl::StrCat(key, " takes text, got ",
                          std::string(written->TypeName())));
    } else if (is_needed) {
      Report(node.line, key, absl::StrCat("a claim needs ", key));
    }
    return "";
  }

  void ReadParts(const YamlNode& node) {
    const OutputSpec* output = CheckValue(node);
    unit_ = output != nullptr && !output->unit.empty() ? output->unit : "1";
    if (const YamlNode* where = node.Find("where")) {
      claim_.where = ReadWhere(*where, "where");
    }
    if (const YamlNode* reduce = node.Find("reduce")) ReadReduce(*reduce);
    if (const YamlNode* against = node.Find("against")) ReadAgainst(*against);
    // What a fraction or a ratio gives has no unit.
    const bool is_plain = claim_.reduce == Claim::Reduce::kFraction ||
                          claim_.against == Claim::Against::kRatio;
    ReadExpect(node, is_plain ? "1" : unit_);
  }

  const OutputSpec* CheckValue(const YamlNode& node) {
    const YamlNode* written = node.Find("value");
    if (claim_.value.empty() || !points_.has_types || !points_.has_axes) {
      return nullptr;
    }
    const OutputSpec* output = OutputNamed(claim_.value, outputs_);
    if (output != nullptr && IsNumber(*output)) {
      RefuseThinned(written->line, *output);
      return output;
    }
    Report(written->line, "value",
           absl::StrCat("nothing in the experiment leaves a summary value or "
                        "series ",
                        claim_.value,
                        SuggestName(claim_.value, NamesOf(IsNumber))));
    return nullptr;
  }

  // What a claim says must not depend on what happens to be recorded.
  void RefuseThinned(int line, const OutputSpec& output) {
    if (output.kind != OutputKind::kSeries || record_.metrics_every == 1) {
      return;
    }
    const std::vector<std::string> summaries = NamesOf(IsSummary);
    Report(line, "value",
           absl::StrCat(
               claim_.value, " is a series, of which a claim takes the last ",
               "point, and record.metrics ",
               record_.metrics_every == 0 ? "records none" : "may leave it out",
               "; record metrics: every ", output.x,
               summaries.empty() ? ""
                                 : absl::StrCat(", or claim a summary value: ",
                                                ListNames(summaries))));
  }

  std::vector<std::string> NamesOf(bool (*takes)(const OutputSpec&)) const {
    std::vector<std::string> names;
    for (const auto& [name, output] : outputs_) {
      if (takes(output)) names.push_back(name);
    }
    return names;
  }

  static bool IsSummary(const OutputSpec& output) {
    return output.kind == OutputKind::kSummary;
  }
  static bool IsNumber(const OutputSpec& output) {
    return IsSummary(output) || output.kind == OutputKind::kSeries;
  }

  Claim::Where ReadWhere(const YamlNode& node, const std::string& key) {
    Claim::Where where;
    if (!node.IsMap()) {
      Report(node.line, key, "where takes a map from path to value");
      return where;
    }
    // Without the axes nothing can be said of what varies.
    if (!points_.has_base || !points_.has_axes) return where;
    for (size_t i = 0; i < node.keys.size(); ++i) {
      const std::string path = FullPath(node.keys[i].name);
      const auto found = varying_.find(path);
      if (found == varying_.end()) {
        RefusePath(node.keys[i], path, key);
      } else if (std::optional<Value> value =
                     ReadCondition(node.items[i], path, found->second, key)) {
        where.emplace_back(path, *std::move(value));
      }
    }
    return where;
  }

  void RefusePath(const YamlKey& written, const std::string& path,
                  const std::string& key) {
    std::vector<std::string> paths;
    for (const auto& [name, unused] : varying_) paths.push_back(name);
    Report(written.line, absl::StrCat(key, ".", written.name),
           absl::StrCat(path, " does not vary in this experiment",
                        paths.empty() ? ", for it has no sweep"
                                      : SuggestName(path, paths)));
  }

  std::optional<Value> ReadCondition(const YamlNode& node,
                                     const std::string& path,
                                     const Varying& varying,
                                     const std::string& key) {
    const std::string full = absl::StrCat(path_, ".", key, ".", path);
    std::optional<Value> value = ReadValue(node, varying.spec, full, context_);
    if (!value) return std::nullopt;
    const bool occurs =
        std::ranges::find(varying.values, *value) != varying.values.end();
    if (occurs) return value;
    std::vector<std::string> values;
    for (const Value& known : varying.values) {
      std::string text = DisplayText(known);
      if (std::ranges::find(values, text) == values.end()) {
        values.push_back(std::move(text));
      }
      constexpr size_t kEnough = 100;
      if (values.size() == kEnough) break;
    }
    const std::string text = DisplayText(*value);
    context_.Report(
        node.line, full,
        absl::StrCat(path, " is never ", text, SuggestName(text, values)));
    return std::nullopt;
  }

  std::optional<double> ReadNumber(const YamlNode& node, const std::string& key,
                                   const std::string& unit) {
    ParameterSpec spec;
    spec.name = key.substr(key.rfind('.') + 1);
    spec.unit = unit;
    const std::optional<Value> value =
        ReadValue(node, spec, absl::StrCat(path_, ".", key), context_);
    if (!value) return std::nullopt;
    return std::get<double>(value->data);
  }

  void ReadReduce(const YamlNode& node) {
    if (node.IsMap() && node.Find("fraction") && node.keys.size() == 1) {
      claim_.reduce = Claim::Reduce::kFraction;
      const YamlNode& fraction = *node.Find("fraction");
      const YamlNode* at_least = fraction.Find("at_least");
      if (at_least != nullptr && fraction.keys.size() == 1) {
        claim_.fraction_at_least =
            ReadNumber(*at_least, "reduce.fraction.at_least", unit_);
        return;
      }
    }
    const auto found = node.IsScalar()
                           ? std::ranges::find(ReduceNames(), node.text)
                           : ReduceNames().end();
    if (found == ReduceNames().end()) {
      Report(node.line, "reduce",
             absl::StrCat("reduce is one of: ", ListNames(ReduceNames()),
                          ", {fraction: {at_least: x}}"));
      return;
    }
    claim_.reduce = static_cast<Claim::Reduce>(found - ReduceNames().begin());
  }

  void ReadAgainst(const YamlNode& node) {
    RefuseUnknownKeys(node, {"where", "as"}, "against.");
    const YamlNode* as = node.Find("as");
    const YamlNode* where = node.Find("where");
    const std::string text = as != nullptr && as->IsScalar() ? as->text : "";
    if (where == nullptr || (text != "difference" && text != "ratio")) {
      Report(node.line, "against",
             "wanted {where: {path: value}, as: difference | ratio}");
      return;
    }
    claim_.against =
        text == "ratio" ? Claim::Against::kRatio : Claim::Against::kDifference;
    claim_.against_where = ReadWhere(*where, "against.where");
  }

  void ReadExpect(const YamlNode& node, const std::string& unit) {
    const YamlNode* expect = node.Find("expect");
    const bool has_one =
        expect != nullptr && expect->IsMap() && expect->keys.size() == 1;
    if (!has_one || !ReadBound(*expect, unit)) {
      Report(expect != nullptr ? expect->line : node.line, "expect",
             "expect is one of: {equals: x}, {at_least: x}, {at_most: x}, "
             "{within: [a, b]}");
    }
    const YamlNode* tolerance = node.Find("tolerance");
    if (tolerance == nullptr) return;
    const std::optional<double> width =
        ReadNumber(*tolerance, "tolerance", unit);
    if (has_one && !expect->Find("equals")) {
      Report(tolerance->line, "tolerance", "only equals has a tolerance");
    } else if (width && *width < 0) {
      Report(tolerance->line, "tolerance", "a tolerance is not negative");
    } else {
      claim_.tolerance = width.value_or(0);
    }
  }

  // False when there is no such expectation.
  bool ReadBound(const YamlNode& expect, const std::string& unit) {
    const std::string& name = expect.keys[0].name;
    const YamlNode& bound = expect.items[0];
    if (name == "within") return ReadInterval(bound, unit);
    if (name == "equals") {
      claim_.expect = Claim::Expect::kEquals;
    } else if (name == "at_least") {
      claim_.expect = Claim::Expect::kAtLeast;
    } else if (name == "at_most") {
      claim_.expect = Claim::Expect::kAtMost;
    } else {
      return false;
    }
    const std::optional<double> low =
        ReadNumber(bound, absl::StrCat("expect.", name), unit);
    claim_.low = low.value_or(0);
    return true;
  }

  bool ReadInterval(const YamlNode& bound, const std::string& unit) {
    if (!bound.IsList() || bound.items.size() != 2) return false;
    claim_.expect = Claim::Expect::kWithin;
    const std::optional<double> low =
        ReadNumber(bound.items[0], "expect.within", unit);
    const std::optional<double> high =
        ReadNumber(bound.items[1], "expect.within", unit);
    if (!low || !high) return true;
    claim_.low = *low;
    claim_.high = *high;
    if (*low > *high) {
      Report(bound.line, "expect.within", "the smaller number comes first");
    }
    return true;
  }

  const ReadSweepResult& points_;
  const std::map<std::string, OutputSpec>& outputs_;
  const std::map<std::string, Varying>& varying_;
  const RecordPolicy& record_;
  ReadContext& context_;
  std::string path_;
  std::string unit_;
  Claim claim_;
};

Value WhereValue(const Claim::Where& where) {
  Value::Map map;
  for (const auto& [path, value] : where) map.emplace(path, value);
  return map;
}

Value ClaimValue(const Claim& claim) {
  Value::Map map;
  map.emplace("that", claim.that);
  map.emplace("value", claim.value);
  map.emplace("source", claim.source);
  map.emplace("published", claim.published);
  map.emplace("where", WhereValue(claim.where));
  map.emplace("reduce",
              claim.reduce == Claim::Reduce::kFraction
                  ? Value("fraction")
                  : Value(ReduceNames().at(static_cast<size_t>(claim.reduce))));
  if (claim.fraction_at_least) {
    map.emplace("fraction_at_least", *claim.fraction_at_least);
  }
  if (claim.against) {
    map.emplace("against", *claim.against == Claim::Against::kRatio
                               ? Value("ratio")
                               : Value("difference"));
    map.emplace("against_where", WhereValue(claim.against_where));
  }
  map.emplace("expect", ExpectText(claim));
  return map;
}

}  // namespace

std::vector<Claim> ReadClaims(const YamlNode& node,
                              const ReadSweepResult& points,
                              const RecordPolicy& record,
                              ReadContext& context) {
  std::vector<Claim> claims;
  if (node.IsNull()) return claims;
  if (!node.IsList()) {
    context.Report(node.line, "claims", "claims is a list of claims");
    return claims;
  }
  std::map<std::string, OutputSpec> outputs;
  std::map<std::string, Varying> varying;
  if (points.has_types) outputs = OutputsOf(points.sweep, context.catalog);
  if (points.has_base && points.has_axes) {
    varying = VaryingOf(points.sweep, context.catalog);
  }
  ClaimReader reader(points, outputs, varying, record, context);
  for (size_t i = 0; i < node.items.size(); ++i) {
    claims.push_back(reader.Read(node.items[i], i));
  }
  return claims;
}

void AppendJson(const std::vector<Claim>& claims, std::string& json) {
  Value::List list;
  for (const Claim& claim : claims) list.push_back(ClaimValue(claim));
  AppendJson(Value(std::move(list)), json);
}

}  // namespace engram
