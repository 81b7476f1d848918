#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "core/spec/experiment.h"
#include "tests/core/spec/test_catalog.h"

namespace engram {
namespace {

const std::vector<std::string>& Seeds() {
  static const std::vector<std::string> seeds = {
      R"(name: a
experiment:
  type: sequence_learning
  network: {type: rate_rnn, units: 100, tau: 20 ms, cells: "exc[0:3]"}
  rule: {type: hebbian}
  analyses: [{type: weight_structure}, {type: recall, name: r, threshold: 50 %}]
seed: 1
sweep:
  experiment.rule: [{type: hebbian}, {type: stdp_rate, a_minus: 0.5}]
  zip: [{network.tau: 5 ms, task.items: 5}, {network.tau: 6 ms, task.items: 10}]
  network.gain: {random: [0, 1], points: 5, group: g, latin: true}
  seed: 1..10
record: {metrics: every trial, snapshots: {rule.weights: [0, 100, final]}}
resources: {cpus: 1, memory: 2 GB, time: 2 h}
claims:
  - that: it holds
    value: sequence_length
    where: {experiment.rule.type: stdp_rate}
    reduce: {fraction: {at_least: 3}}
    against: {where: {seed: 1}, as: ratio}
    expect: {within: [1, 2]}
)",
      R"({"experiment":{"type":"sequence_learning","rule":{"type":"slow",
"tau_plus":1}},"sweep":{"experiment":[{"type":"sequence_learning","rule":
{"type":"hebbian"}}],"rule.eta":{"log":[1e-6,1e-3],"points":4}},"seed":3})",
      "experiment: &a {type: *b, rule: !!x {}}\n--- \n? - a\n: |\n  text\n"};
  return seeds;
}

// What breaks parsers more often than a random byte does.
const std::vector<std::string>& Pieces() {
  static const std::vector<std::string> pieces = {
      "\n",     ": ",
      "- ",     "[",
      "]",      "{",
      "}",      ",",
      "\"",     "'",
      "&a ",    "*a",
      "!!a ",   "---\n",
      "...",    "%YAML",
      "#",      "\t",
      "|\n",    ">\n",
      "?",      "1e99",
      "-0",     "..",
      "010",    "~",
      "null",   "9e9",
      "\xFF",   "\r\n",
      "  ",     "<<: ",
      "@",      "type",
      "zip",    "points",
      "0..",    "1..9223372036854775807",
      "\\u0000"};
  return pieces;
}

class Mutator {
 public:
  explicit Mutator(uint32_t seed) : random_(seed) {}

  std::string Mutate(std::string text) {
    const size_t count = 1 + Below(6);
    for (size_t i = 0; i < count && !text.empty(); ++i) Change(text);
    return text;
  }
  size_t Below(size_t bound) { return random_() % bound; }

 private:
  void Change(std::string& text) {
    const size_t at = Below(text.size());
    const size_t length = 1 + Below(12);
    switch (Below(5)) {
      case 0:
        text[at] = static_cast<char>(Below(256));
        return;
      case 1:
        text.erase(at, length);
        return;
      case 2:
        text.insert(at, Pieces()[Below(Pieces().size())]);
        return;
      case 3:
        text.insert(Below(text.size()), text.substr(at, length));
        return;
      default:
        text.resize(at);
    }
  }

  std::mt19937 random_;
};

// Either an experiment whose first and last point can be made, or a fault that
// says something.
void ExpectAnswer(const ExperimentText& text) {
  Faults faults;
  const std::optional<Experiment> e =
      Experiment::Parse(text, TestCatalog(), TestResolver(), 1, faults);
  ASSERT_EQ(e.has_value(), faults.empty()) << text.text;
  for (const Fault& fault : faults) ASSERT_FALSE(fault.message.empty());
  if (!e) return;
  for (const int64_t number : {int64_t{0}, e->run_count() - 1}) {
    const Point point = e->At(number);
    const std::string json = CanonicalJson(point.tree, point.seed);
    const auto read = FromCanonicalJson(json, TestCatalog());
    ASSERT_TRUE(read.ok()) << read.status() << "\n" << json;
    ASSERT_EQ(read->first, point.tree) << json;
  }
}

TEST(MutationTest, AnyBytesGetAnAnswer) {
  Mutator mutator(20240611);
  for (int i = 0; i < 4000; ++i) {
    const std::string& seed = Seeds()[mutator.Below(Seeds().size())];
    ExpectAnswer({.text = mutator.Mutate(seed)});
    if (HasFatalFailure()) return;
  }
}

TEST(MutationTest, AnyExpressionGetsAnAnswer) {
  Mutator mutator(7);
  const std::vector<std::string> paths = {"experiment.rule",
                                          "network.tau",
                                          "analyses.0.threshold",
                                          "record.metrics",
                                          "seed",
                                          "",
                                          ".",
                                          "experiment."};
  for (int i = 0; i < 1000; ++i) {
    ExperimentText text{.text = Seeds()[0]};
    const std::string path =
        mutator.Mutate(paths[mutator.Below(paths.size())] + " ");
    text.set = {{path, mutator.Mutate("{type: stdp_rate, a_minus: 0.5}")}};
    text.sweep = {{path, mutator.Mutate("[{type: hebbian}, 1..10]")}};
    text.seeds = mutator.Mutate("1..10");
    ExpectAnswer(text);
    if (HasFatalFailure()) return;
  }
}

}  // namespace
}  // namespace engram
