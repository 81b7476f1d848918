#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <variant>

#include "absl/strings/str_cat.h"
#include "core/base/contract.h"
#include "core/spec/json_text.h"
#include "core/spec/nearest_name.h"
#include "core/spec/read_value.h"
#include "core/spec/real_text.h"
#include "tests/core/spec/test_catalog.h"

namespace engram {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string WithNetwork(const std::string& more) {
  return absl::StrCat(
      "experiment:\n  type: sequence_learning\n  rule: {type: hebbian}\n"
      "  network: {type: rate_rnn, ",
      more, "}\n");
}

Component Network(const std::string& more) {
  return MustParse(WithNetwork(more)).At(0).tree.Slot("network");
}

std::string Refusal(const std::string& more) {
  const std::vector<std::string> lines = FaultLines(WithNetwork(more));
  return lines.size() == 1 ? lines[0] : ::testing::PrintToString(lines);
}

TEST(ValueTest, ReadsEveryScalarType) {
  const Component n = Network(
      "units: 1e2, tau: 0.05 s, is_plastic: false, transfer: tanh, label: 42");
  EXPECT_EQ(n.Integer("units"), 100);
  EXPECT_EQ(n.Real("tau"), 50.0);
  EXPECT_EQ(n.Real("units"), 100.0);
  EXPECT_FALSE(n.Boolean("is_plastic"));
  EXPECT_EQ(n.Text("transfer"), "tanh");
  EXPECT_EQ(n.Text("label"), "42");
}

TEST(ValueTest, ReadsListsPointsAndMaps) {
  const Component n = Network(
      "delays: [1, 0.002 s], points: [[1, 2], [3, 4]], constants: {a: 50 %}");
  EXPECT_THAT(n.Reals("delays"), ElementsAre(1.0, 2.0));
  EXPECT_THAT(n.RealRows("points"),
              ElementsAre(ElementsAre(1, 2), ElementsAre(3, 4)));
  EXPECT_EQ(n.Get("constants"), Value(Value::Map{{"a", 0.5}}));
}

TEST(ValueTest, ResolvesDatasetsAndRecordItemsToDigests) {
  const Component n =
      Network("weights: mnist, initial: k7m2q9xw4p/1/state@final");
  EXPECT_EQ(n.Text("weights"), "sha256:1111");
  EXPECT_EQ(n.Text("initial"), "sha256:2222");
  EXPECT_THAT(Refusal("weights: cifar"),
              HasSubstr("dataset cifar: there is none of that name"));
  EXPECT_THAT(Refusal("initial: nothing"), HasSubstr("no such item"));
}

TEST(ValueTest, ReadsSelections) {
  EXPECT_EQ(Network("cells: all").Text("cells"), "all");
  EXPECT_EQ(Network("cells: 'exc[0:100]'").Text("cells"), "exc[0:100]");
  EXPECT_EQ(Network("cells: 'column.L4E[:50]'").Text("cells"),
            "column.L4E[:50]");
  EXPECT_EQ(Network("cells: {of: all, random: 50}").Get("cells"),
            Value(Value::Map{{"of", "all"}, {"random", 50}}));
  EXPECT_EQ(Network("cells: {projection: exc, pre: 0, nth: 0}").Get("cells"),
            Value(Value::Map{{"nth", 0}, {"pre", 0}, {"projection", "exc"}}));
  for (const char* bad :
       {"'exc[9:3]'", "'exc[a]'", "'exc[1'", "'1exc'", "column.", ".L4E",
        "column.4E", "{of: all}", "{of: all, random: -1}",
        "{projection: exc, preq: 0}", "'exc[1:2:3]'"}) {
    EXPECT_THAT(Refusal(absl::StrCat("cells: ", bad)),
                HasSubstr("is not a selection"))
        << bad;
  }
}

TEST(ValueTest, SaysWhatGotAndWanted) {
  EXPECT_EQ(Refusal("tau: -3"),
            "4: experiment.network.tau: tau = -3 is outside (0, 1000] ms");
  EXPECT_THAT(Refusal("tau: 0"), HasSubstr("tau = 0 is outside (0, 1000] ms"));
  EXPECT_THAT(Refusal("units: 1.5"), HasSubstr("is not a whole number"));
  EXPECT_THAT(Refusal("is_plastic: yes"), HasSubstr("neither true nor false"));
  EXPECT_THAT(Refusal("transfer: logstic"),
              HasSubstr("is none of: logistic, tanh, linear; did you mean "
                        "logistic?"));
  EXPECT_THAT(Refusal("tau: [1]"),
              HasSubstr("tau takes a number in ms, got a list"));
  EXPECT_THAT(Refusal("delays: 3"), HasSubstr("takes a list, each item a "
                                              "number in ms"));
  EXPECT_THAT(Refusal("points: [[1], [2, 3]]"), HasSubstr("equally long"));
  EXPECT_THAT(Refusal("tau:"), HasSubstr("has no value for tau, a number"));
  EXPECT_THAT(Refusal("tau: 0x10"), HasSubstr("octal or hexadecimal"));
  EXPECT_THAT(Refusal("name: 3x"), HasSubstr("a name starts with a letter"));
}

TEST(ComponentTest, AskingForWhatATypeDoesNotHaveBreaksAPromise) {
  const Component n = Network("tau: 20");
  EXPECT_THROW(n.Real("etta"), ContractViolation);
  EXPECT_THROW(n.Real("label"), ContractViolation);
  EXPECT_THROW(n.Slot("nothing"), ContractViolation);
}

TEST(CatalogTest, ATableThatContradictsItselfBreaksAPromise) {
  const ComponentSpec rule = {.kind = Kind::kRule, .type = "a"};
  EXPECT_THROW(Catalog({rule, rule}), ContractViolation);
  EXPECT_THROW(Catalog({{.kind = Kind::kRule,
                         .type = "b",
                         .parameters = {Real("x", "1", 5, 0, 1, "")}}}),
               ContractViolation);
  EXPECT_THROW(Catalog({{.kind = Kind::kProgram,
                         .type = "c",
                         .slots = {{.name = "s", .default_type = "missing"}}}}),
               ContractViolation);
  EXPECT_EQ(TestCatalog().Find("nothing"), nullptr);
  EXPECT_EQ(TestCatalog().OfKind(Kind::kRule).size(), 4u);
}

TEST(NearestNameTest, CountsEditsAndSwaps) {
  EXPECT_EQ(EditDistance("etta", "eta"), 1);
  EXPECT_EQ(EditDistance("nmae", "name"), 1);
  EXPECT_EQ(EditDistance("", "abc"), 3);
  EXPECT_EQ(EditDistance("kitten", "sitting"), 3);
  EXPECT_EQ(NearestName("TAU", {"eta", "tau"}), "tau");
  EXPECT_EQ(NearestName("frequency", {"eta", "tau"}), "");
  EXPECT_EQ(SuggestName("zzz", {"a", "b"}), "; allowed: a, b");
}

TEST(RealTextTest, IsShortAndReadsBack) {
  EXPECT_EQ(RealText(20.0), "20");
  EXPECT_EQ(RealText(-0.0), "0");
  EXPECT_EQ(RealText(0.1), "0.1");
  EXPECT_EQ(RealText(1e-5), "1e-05");
  EXPECT_EQ(std::stod(RealText(1.0 / 3)), 1.0 / 3);
  EXPECT_THROW(RealText(std::numeric_limits<double>::infinity()),
               ContractViolation);
  EXPECT_EQ(RoundTo12Digits(1.0 / 3), 0.333333333333);
  EXPECT_EQ(RoundTo12Digits(123456789012345.0), 123456789012000.0);
}

TEST(JsonTextTest, EscapesWhatJsonDemands) {
  std::string json;
  AppendJson(Value("a\"b\\c\n\x01\x7F\xC3\xA9"), json);
  EXPECT_EQ(json, "\"a\\\"b\\\\c\\n\\u0001\\u007f\xC3\xA9\"");
}

}  // namespace
}  // namespace engram
