#include "server/queue/stored_claim.h"

#include <charconv>
#include <utility>

#include "absl/strings/str_cat.h"

namespace engram {
namespace {

using store::v1::ClaimDefinition;
using store::v1::StoredValue;

// The numbers of the proto's enums are those of the core's, plus one.
template <class To, class From>
To Shifted(From value, int by) {
  return static_cast<To>(static_cast<int>(value) + by);
}

StoredValue ToStored(const Value& value);

struct StoreValue {
  StoredValue& out;
  void operator()(bool v) const { out.set_boolean(v); }
  void operator()(int64_t v) const { out.set_integer(v); }
  void operator()(double v) const { out.set_real(v); }
  void operator()(const std::string& v) const { out.set_text(v); }
  void operator()(const Value::List& v) const {
    out.mutable_list();
    for (const Value& item : v)
      *out.mutable_list()->add_items() = ToStored(item);
  }
  void operator()(const Value::Map& v) const {
    auto& entries = *out.mutable_map()->mutable_entries();
    for (const auto& [name, item] : v) entries[name] = ToStored(item);
  }
};

StoredValue ToStored(const Value& value) {
  StoredValue stored;
  std::visit(StoreValue{stored}, value.data);
  return stored;
}

Value FromStored(const StoredValue& stored) {
  switch (stored.content_case()) {
    case StoredValue::kBoolean:
      return Value(stored.boolean());
    case StoredValue::kInteger:
      return Value(stored.integer());
    case StoredValue::kReal:
      return Value(stored.real());
    case StoredValue::kText:
      return Value(stored.text());
    case StoredValue::kList: {
      Value::List list;
      for (const auto& item : stored.list().items()) {
        list.push_back(FromStored(item));
      }
      return Value(std::move(list));
    }
    case StoredValue::kMap: {
      Value::Map map;
      for (const auto& [name, item] : stored.map().entries()) {
        map[name] = FromStored(item);
      }
      return Value(std::move(map));
    }
    case StoredValue::CONTENT_NOT_SET:
      break;
  }
  return Value();
}

void StoreWhere(
    const Claim::Where& where,
    google::protobuf::RepeatedPtrField<ClaimDefinition::Where>& out) {
  for (const auto& [path, value] : where) {
    auto& stored = *out.Add();
    stored.set_path(path);
    *stored.mutable_value() = ToStored(value);
  }
}

Claim::Where LoadWhere(
    const google::protobuf::RepeatedPtrField<ClaimDefinition::Where>& stored) {
  Claim::Where where;
  for (const auto& condition : stored) {
    where.emplace_back(condition.path(), FromStored(condition.value()));
  }
  return where;
}

std::string NumberText(double value) {
  char digits[32];
  const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  return std::string(digits, end);
}

struct TextOfValue {
  std::string operator()(bool v) const { return v ? "true" : "false"; }
  std::string operator()(int64_t v) const { return absl::StrCat(v); }
  std::string operator()(double v) const { return NumberText(v); }
  std::string operator()(const std::string& v) const { return v; }
  std::string operator()(const Value::List& v) const {
    std::string text;
    for (const Value& item : v) {
      absl::StrAppend(&text, text.empty() ? "" : ", ", PlainText(item));
    }
    return absl::StrCat("[", text, "]");
  }
  std::string operator()(const Value::Map& v) const {
    std::string text;
    for (const auto& [name, item] : v) {
      absl::StrAppend(&text, text.empty() ? "" : ", ", name, ": ",
                      PlainText(item));
    }
    return absl::StrCat("{", text, "}");
  }
};

std::string WhereText(const Claim::Where& where) {
  std::string text;
  for (const auto& [path, value] : where) {
    absl::StrAppend(&text, text.empty() ? " where " : " and ", path, " = ",
                    PlainText(value));
  }
  return text;
}

std::string ReduceText(const Claim& claim) {
  switch (claim.reduce) {
    case Claim::Reduce::kMean:
      return "mean of ";
    case Claim::Reduce::kMedian:
      return "median of ";
    case Claim::Reduce::kMinimum:
      return "minimum of ";
    case Claim::Reduce::kMaximum:
      return "maximum of ";
    case Claim::Reduce::kFraction:
      return absl::StrCat("fraction at least ",
                          NumberText(claim.fraction_at_least.value_or(0)),
                          " of ");
  }
  return "";
}

// "mean of sequence_length where experiment.rule.type = stdp_rate"
std::string SubjectText(const Claim& claim) {
  const std::string subject =
      absl::StrCat(ReduceText(claim), claim.value, WhereText(claim.where));
  if (!claim.against) return subject;
  const bool is_ratio = *claim.against == Claim::Against::kRatio;
  return absl::StrCat(
      subject, is_ratio ? ", as ratio to that" : ", as difference from that",
      WhereText(claim.against_where));
}

}  // namespace

ClaimDefinition ToStored(const Claim& claim) {
  ClaimDefinition stored;
  stored.set_that(claim.that);
  stored.set_value(claim.value);
  StoreWhere(claim.where, *stored.mutable_where());
  stored.set_reduce(Shifted<ClaimDefinition::Reduce>(claim.reduce, 1));
  if (claim.fraction_at_least) {
    stored.set_fraction_at_least(*claim.fraction_at_least);
  }
  if (claim.against) {
    stored.set_against(Shifted<ClaimDefinition::Against>(*claim.against, 1));
  }
  StoreWhere(claim.against_where, *stored.mutable_against_where());
  stored.set_expect(Shifted<ClaimDefinition::Expect>(claim.expect, 1));
  stored.set_low(claim.low);
  stored.set_high(claim.high);
  stored.set_tolerance(claim.tolerance);
  stored.set_source(claim.source);
  stored.set_published(claim.published);
  return stored;
}

Claim FromStored(const ClaimDefinition& stored) {
  Claim claim;
  claim.that = stored.that();
  claim.value = stored.value();
  claim.where = LoadWhere(stored.where());
  claim.reduce = Shifted<Claim::Reduce>(stored.reduce(), -1);
  if (stored.has_fraction_at_least()) {
    claim.fraction_at_least = stored.fraction_at_least();
  }
  if (stored.against() != ClaimDefinition::AGAINST_UNSPECIFIED) {
    claim.against = Shifted<Claim::Against>(stored.against(), -1);
  }
  claim.against_where = LoadWhere(stored.against_where());
  claim.expect = Shifted<Claim::Expect>(stored.expect(), -1);
  claim.low = stored.low();
  claim.high = stored.high();
  claim.tolerance = stored.tolerance();
  claim.source = stored.source();
  claim.published = stored.published();
  return claim;
}

store::ClaimRow PendingClaim(const Claim& claim, int number) {
  store::ClaimRow row;
  row.number = number;
  row.definition = ToStored(claim);
  row.subject = SubjectText(claim);
  row.expect = ExpectText(claim);
  return row;
}

std::variant<double, std::string> Plain(const Value& value) {
  if (const auto* real = std::get_if<double>(&value.data)) return *real;
  if (const auto* integer = std::get_if<int64_t>(&value.data)) {
    return static_cast<double>(*integer);
  }
  return PlainText(value);
}

std::string PlainText(const Value& value) {
  return std::visit(TextOfValue{}, value.data);
}

}  // namespace engram
