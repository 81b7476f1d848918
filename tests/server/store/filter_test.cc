#include "server/store/filter.h"

#include "absl/strings/str_join.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace engram::store {
namespace {

using ::testing::HasSubstr;

// "(a = 1 AND NOT b : x)": what was understood.
std::string Show(const Filter& filter) {
  static constexpr const char* kOperators[] = {
      "=", "!=", "<", "<=", ">", ">=", ":", "IN"};
  const auto show = [](std::string* out, const Filter& part) {
    absl::StrAppend(out, Show(part));
  };
  switch (filter.kind) {
    case Filter::Kind::kAll:
      return "all";
    case Filter::Kind::kAnd:
      return absl::StrCat("(", absl::StrJoin(filter.parts, " AND ", show), ")");
    case Filter::Kind::kOr:
      return absl::StrCat("(", absl::StrJoin(filter.parts, " OR ", show), ")");
    case Filter::Kind::kNot:
      return absl::StrCat("NOT ", Show(filter.parts[0]));
    case Filter::Kind::kComparison:
      break;
  }
  std::vector<std::string> values;
  for (const FilterValue& value : filter.comparison.values)
    values.push_back(value.is_quoted ? absl::StrCat("'", value.text, "'")
                                     : value.text);
  return absl::StrCat(filter.comparison.field, " ",
                      kOperators[static_cast<int>(filter.comparison.op)], " ",
                      absl::StrJoin(values, ","));
}

struct Good {
  const char* text;
  const char* understood;
};

class GoodFilterTest : public ::testing::TestWithParam<Good> {};

TEST_P(GoodFilterTest, IsUnderstood) {
  const auto filter = ParseFilter(GetParam().text);
  ASSERT_TRUE(filter.ok()) << filter.status();
  EXPECT_EQ(Show(*filter), GetParam().understood);
}

INSTANTIATE_TEST_SUITE_P(
    FilterTest, GoodFilterTest,
    ::testing::Values(
        Good{"", "all"}, Good{"  ", "all"}, Good{"a=1", "a = 1"},
        Good{"experiment.rule.type != stdp_rate",
             "experiment.rule.type != stdp_rate"},
        Good{"a<1 AND b<=2 AND c>3", "(a < 1 AND b <= 2 AND c > 3)"},
        Good{"a >= -2.5e-3 OR b = 1", "(a >= -2.5e-3 OR b = 1)"},
        Good{"(a = 1 OR b = 2) AND NOT c = 3",
             "((a = 1 OR b = 2) AND NOT c = 3)"},
        Good{"NOT (a = 1 AND b = 2)", "NOT (a = 1 AND b = 2)"},
        Good{"state IN (FAILED, CANCELLED)", "state IN FAILED,CANCELLED"},
        Good{"title:stdp", "title : stdp"},
        Good{"title = 'it''s \"so\"'", "title = 'it's \"so\"'"},
        Good{"title = \"AND OR NOT\"", "title = 'AND OR NOT'"},
        Good{"create_time > 2026-01-31T12:00:00Z",
             "create_time > 2026-01-31T12:00:00Z"},
        Good{"user = users/ada", "user = users/ada"}));

struct Bad {
  const char* text;
  int column;
  const char* part;
};

class BadFilterTest : public ::testing::TestWithParam<Bad> {};

TEST_P(BadFilterTest, SaysWhereAndWhat) {
  const auto filter = ParseFilter(GetParam().text);
  ASSERT_FALSE(filter.ok());
  EXPECT_EQ(filter.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(
      std::string(filter.status().message()),
      ::testing::StartsWith(absl::StrCat("filter:", GetParam().column, ": ")));
  EXPECT_THAT(filter.status().message(), HasSubstr(GetParam().part));
}

INSTANTIATE_TEST_SUITE_P(
    FilterTest, BadFilterTest,
    ::testing::Values(
        Bad{"a = 1 AND b = 2 OR c = 3", 17, "brackets"},
        Bad{"a = 1 OR b = 2 AND c = 3", 16, "brackets"},
        Bad{"a", 2, "expected =, !="}, Bad{"a =", 4, "expected a value"},
        Bad{"= 1", 1, "expected a field"}, Bad{"a = 1)", 6, "too many"},
        Bad{"(a = 1", 7, "column 1"}, Bad{"a = 1 b = 2", 7, "AND or OR"},
        Bad{"a == 1", 4, "expected a value"}, Bad{"a ~ 1", 3, "got '~'"},
        Bad{"a IN 1", 6, "'(' after IN"}, Bad{"a IN (1, 2", 11, "',' or ')'"},
        Bad{"a IN ()", 7, "expected a value"},
        Bad{"title = 'open", 9, "closing quote"},
        Bad{"AND a = 1", 1, "expected a field"},
        Bad{"NOT", 4, "expected a field"},
        Bad{"a = 1; DROP TABLE run", 6, "';'"}));

TEST(FilterTest, RefusesWhatIsTooLongOrTooDeep) {
  EXPECT_THAT(ParseFilter(std::string(20'000, ' ')).status().message(),
              HasSubstr("at most 10000"));
  const std::string deep = std::string(4000, '(') + "a = 1";
  EXPECT_THAT(ParseFilter(deep).status().message(), HasSubstr("brackets"));
  std::string nots;
  for (int i = 0; i < 2000; ++i) nots += "NOT ";
  EXPECT_FALSE(ParseFilter(nots + "a = 1").ok());
}

TEST(OrderTest, TakesFieldsWithDirections) {
  const auto terms = ParseOrder("sequence_length desc, create_time , a.b asc");
  ASSERT_TRUE(terms.ok()) << terms.status();
  ASSERT_EQ(terms->size(), 3u);
  EXPECT_EQ((*terms)[0].field, "sequence_length");
  EXPECT_TRUE((*terms)[0].is_descending);
  EXPECT_EQ((*terms)[1].field, "create_time");
  EXPECT_EQ((*terms)[1].column, 23);
  EXPECT_FALSE((*terms)[2].is_descending);
}

TEST(OrderTest, SaysWhereItIsWrong) {
  EXPECT_THAT(ParseOrder("a, b down").status().message(),
              HasSubstr("order_by:4: after b comes desc, asc"));
  EXPECT_THAT(ParseOrder("a,,b").status().message(), HasSubstr("got nothing"));
  EXPECT_FALSE(ParseOrder("a,b,c,d,e,f,g,h,i").ok());
}

}  // namespace
}  // namespace engram::store
