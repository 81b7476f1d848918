#include "tests/core/programs/tried_values.h"

#include <set>

#include "absl/strings/str_cat.h"
#include "core/spec/real_text.h"
#include "core/spec/receptor_units.h"

namespace engram {
namespace {

constexpr size_t kLongText = 60'000;
constexpr int kLongList = 15'000;

bool IsOutside(const ParameterSpec& spec, double x) {
  const bool is_low =
      spec.minimum &&
      (x < *spec.minimum || (spec.exclusive_minimum && x == *spec.minimum));
  return is_low || (spec.maximum && x > *spec.maximum);
}

std::vector<TriedValue> Numbers(const ParameterSpec& spec) {
  std::vector<double> numbers = {0,
                                 1,
                                 -1,
                                 0.5,
                                 1000,
                                 1e-300,
                                 5e-324,
                                 1e300,
                                 -1e300,
                                 2147483648.0,
                                 4294967297.0,
                                 9007199254740992,
                                 9223372036854775808.0};
  for (const auto& end : {spec.minimum, spec.maximum}) {
    if (end) numbers.push_back(*end);
  }
  std::vector<TriedValue> tried;
  for (const double x : numbers) {
    tried.push_back({RealText(x), IsOutside(spec, x)});
  }
  for (const char* text : {"nan", "inf", "-inf", ".nan", "1e400", "abc", "true",
                           "0x10", "1_000", "1 parsec", "{a: 1}", "\"\""}) {
    tried.push_back({text, true});
  }
  const bool is_open = spec.unit == kReceptorUnit;
  tried.push_back({"-0"});
  tried.push_back({"1 ms", spec.unit != "ms" && !is_open});
  tried.push_back({"1 mV", spec.unit != "mV" && !is_open});
  return tried;
}

std::vector<TriedValue> Choices(const ParameterSpec& spec) {
  std::vector<TriedValue> tried = {
      {"nothing_of_the_kind", true}, {"\"\"", true}, {"{}", true}};
  for (const std::string& choice : spec.choices) tried.push_back({choice});
  return tried;
}

// Of the programs' populations exc has five units, and projection ee them all.
std::vector<TriedValue> Selections() {
  std::vector<TriedValue> tried = {{"nothing_of_the_kind", true},
                                   {"\"\"", true}};
  for (const char* text :
       {"all", "exc", "\"exc[0:1]\"", "\"exc[1:1]\"", "\"exc[3:1]\"",
        "\"exc[-1:2]\"", "\"exc[0:99999999999]\"", "{of: all, random: 0}",
        "{of: all, random: 1e300}", "{of: exc, random: 3}",
        "{of: {of: exc, random: 2}, random: 3}",
        "{projection: ee, pre: 0, nth: 99999999999}",
        "{projection: ee, pre: -1}", "{projection: none, pre: 0}", "{}"}) {
    tried.push_back({text});
  }
  tried.push_back({std::string(kLongText, 'x'), true});
  return tried;
}

std::vector<TriedValue> Single(const ParameterSpec& spec) {
  switch (spec.type) {
    case ParameterType::kReal:
    case ParameterType::kInteger:
      return Numbers(spec);
    case ParameterType::kBoolean:
      return {{"true"}, {"false"}, {"1", true}, {"yes", true}, {"{}", true}};
    case ParameterType::kChoice:
      return Choices(spec);
    case ParameterType::kText:
      return {{"\"\""},
              {"nothing_of_the_kind"},
              {"\"a\\nb\\u0007\""},
              {std::string(kLongText, 'x')},
              {"{}", true}};
    case ParameterType::kReference:
    case ParameterType::kSelection:
      return Selections();
    case ParameterType::kDataset:
    case ParameterType::kRecordItem:
      return {{"\"\""}, {"nothing_of_the_kind"}, {"{}", true}};
    case ParameterType::kMap:
      return {
          {"{}"}, {"{a: 1}"}, {"{a: 1e300}"}, {"{a: nan}", true}, {"1", true}};
  }
  return {};
}

std::vector<TriedValue> Lists(const ParameterSpec& spec) {
  const bool is_matrix = spec.list_rank == 2;
  const std::string open = is_matrix ? "[[" : "[";
  const std::string close = is_matrix ? "]]" : "]";
  std::vector<TriedValue> tried = {{"[]"},
                                   {"[[]]", !is_matrix},
                                   {"[[1], [1, 2]]", true},
                                   {"1", true},
                                   {"{}", true}};
  for (const TriedValue& one : Single(spec)) {
    tried.push_back({absl::StrCat(open, one.text, close), one.is_wrong});
    if (one.text.size() == kLongText) continue;
    tried.push_back(
        {absl::StrCat(open, one.text, ", ", one.text, close), one.is_wrong});
  }
  std::string many = open;
  for (int i = 0; i < kLongList; ++i) many += "1, ";
  tried.push_back({absl::StrCat(many, "1", close)});
  return tried;
}

}  // namespace

std::vector<TriedValue> ValuesToTry(const ParameterSpec& spec) {
  std::vector<TriedValue> tried =
      spec.list_rank > 0 ? Lists(spec) : Single(spec);
  if (spec.list_rank == 0) tried.push_back({"[]", true});
  std::set<std::string> seen;
  std::erase_if(tried, [&](const TriedValue& value) {
    return !seen.insert(value.text).second;
  });
  return tried;
}

}  // namespace engram
