#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "core/spec/experiment.h"
#include "tests/core/spec/test_catalog.h"

namespace engram {
namespace {

using ::testing::HasSubstr;

constexpr char kText[] = R"(
experiment:
  type: sequence_learning
  network: {type: rate_rnn, tau: 0.03 s, gain: -0, delays: [1, 2.5], label: "a\"b"}
  rule: {type: stdp_rate, eta: 2e-5}
  analyses: [{type: recall, name: late}]
seed: 9007199254740991
)";

std::string JsonOf(const std::string& text) {
  const Point point = MustParse(text).At(0);
  return CanonicalJson(point.tree, point.seed);
}

// The hash was computed with Python's json and hashlib from the same tree.
TEST(CanonicalTest, HasAFixedFormAndHash) {
  const Point point = MustParse(kText).At(0);
  EXPECT_EQ(
      CanonicalJson(point.tree, point.seed),
      "{\"experiment\":{\"analyses\":[{\"name\":\"late\",\"threshold\":0.5,"
      "\"type\":\"recall\"}],\"network\":{\"delays\":[1,2.5],\"gain\":0,"
      "\"is_plastic\":true,\"label\":\"a\\\"b\",\"tau\":30,"
      "\"transfer\":\"logistic\",\"type\":\"rate_rnn\",\"units\":100},"
      "\"repetitions\":20,\"rule\":{\"a_minus\":0.5,\"eta\":2e-05,"
      "\"tau_plus\":50,\"type\":\"stdp_rate\"},\"task\":{\"items\":10,"
      "\"type\":\"item_sequence\"},\"type\":\"sequence_learning\"},"
      "\"seed\":9007199254740991}");
  EXPECT_EQ(
      RunHash(point.tree, point.seed),
      "s1:138c0ea14e7df0fcccb63c96327e0bcaaac35e4714c9df4ddf541c76ed5b846e");
}

TEST(CanonicalTest, ReadsBackToTheSameTree) {
  for (const std::string& text :
       {std::string(kText), SmallText(),
        SmallText("sweep: {network: [{type: rate_rnn, weights: mnist, cells: "
                  "{of: all, random: 5}, points: [[1, 2]], constants: {a: "
                  "0.1}}]}\n")}) {
    const Point point = MustParse(text).At(0);
    const std::string json = CanonicalJson(point.tree, point.seed);
    const auto read = FromCanonicalJson(json, TestCatalog());
    ASSERT_TRUE(read.ok()) << read.status();
    EXPECT_EQ(read->first, point.tree);
    EXPECT_EQ(read->second, point.seed);
    EXPECT_EQ(CanonicalJson(read->first, read->second), json);
  }
}

TEST(CanonicalTest, RefusesWhatIsNoCanonicalForm) {
  for (const char* json :
       {"", "{", "[]", "{\"seed\":1}", "{\"experiment\":{\"type\":\"x\"}}",
        "{\"experiment\":{\"type\":\"x\"},\"seed\":1}",
        "{\"experiment\":{\"type\":\"sequence_learning\"},\"seed\":1,\"b\":2}",
        "{\"experiment\":{\"type\":\"sequence_learning\",\"rule\":{\"type\":"
        "\"hebbian\"},\"task\":{\"items\":7}},\"seed\":1}"}) {
    const auto read = FromCanonicalJson(json, TestCatalog());
    EXPECT_FALSE(read.ok()) << json;
    EXPECT_EQ(read.status().code(), absl::StatusCode::kInvalidArgument);
  }
}

TEST(CanonicalTest, NeitherOrderNorUnitNorDefaultChangesTheHash) {
  const std::string json = JsonOf(
      "experiment: {type: sequence_learning, rule: {type: hebbian}}\n"
      "seed: 1\n");
  EXPECT_EQ(JsonOf("seed: 1\n"
                   "name: another\n"
                   "tags: [x]\n"
                   "resources: {cpus: 2}\n"
                   "experiment:\n"
                   "  rule: {eta: 0.00001, type: hebbian}\n"
                   "  task: {}\n"
                   "  network: {tau: 0.02 s, type: rate_rnn}\n"
                   "  type: sequence_learning\n"),
            json);
  EXPECT_EQ(
      JsonOf("{\"seed\":1,\"experiment\":{\"type\":\"sequence_learning\","
             "\"rule\":{\"type\":\"hebbian\",\"eta\":\"0.01 1/(s Hz^2)\"}}}"),
      json);
}

TEST(CanonicalTest, EveryPartOfTheTreeChangesTheHash) {
  const std::string base = JsonOf(SmallText("seed: 1\n"));
  EXPECT_NE(JsonOf(SmallText("seed: 2\n")), base);
  EXPECT_NE(JsonOf("experiment: {type: sequence_learning, rule: {type: "
                   "hebbian, name: a}}\nseed: 1\n"),
            base);
}

TEST(CanonicalTest, TheExperimentHashKnowsSweepAndClaims) {
  const std::string seeds = SmallText("sweep: {seed: 1..3}\n");
  const Experiment e = MustParse(seeds);
  EXPECT_EQ(e.Hash().substr(0, 3), "e1:");
  EXPECT_EQ(e.Hash().size(), 67u);
  EXPECT_EQ(MustParse(SmallText("sweep: {seed: [1, 2, 3]}\nname: x\nseed: 5\n"))
                .Hash(),
            e.Hash());
  EXPECT_NE(MustParse(SmallText("sweep: {seed: 1..4}\n")).Hash(), e.Hash());
  EXPECT_NE(MustParse(seeds + "claims: [{that: a, value: weight_norm, expect: "
                              "{at_most: 1}}]\n")
                .Hash(),
            e.Hash());
}

}  // namespace
}  // namespace engram
