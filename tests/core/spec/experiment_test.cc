#include "core/spec/experiment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/core/spec/test_catalog.h"

namespace engram {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// The example of the design, with the parts of the test catalog.
constexpr char kFlagship[] = R"(name: which rules can store a sequence
notes: three rules
tags: [flagship, sequences]
experiment:
  type: sequence_learning
  repetitions: 20
  network: {type: rate_rnn, units: 100, tau: 20 ms}
  task: {type: item_sequence, items: 10}
  rule: {type: hebbian}
  analyses: [{type: weight_structure}, {type: recall}]
seed: 1
sweep:
  experiment.rule: [{type: hebbian}, {type: anti_hebbian}, {type: stdp_rate, a_minus: 0.5}]
  seed: 1..10
record: {metrics: every trial, snapshots: {rule.weights: [0, 100, final]}}
resources: {cpus: 1, memory: 2 GB, time: 2 h}
priority: 5
after: k7m2q9xw4p
claims:
  - that: a temporally asymmetric rule recalls every item in order
    value: sequence_length
    where: {experiment.rule.type: stdp_rate}
    reduce: mean
    expect: {equals: 10}
    source: Kleinfeld (1986); Sompolinsky and Kanter (1986)
)";

TEST(ExperimentTest, ReadsEveryPartOfTheDocument) {
  const Experiment e = MustParse(kFlagship);
  EXPECT_EQ(e.name(), "which rules can store a sequence");
  EXPECT_EQ(e.notes(), "three rules");
  EXPECT_THAT(e.tags(), ElementsAre("flagship", "sequences"));
  EXPECT_EQ(e.priority(), 5);
  EXPECT_EQ(e.after(), "k7m2q9xw4p");
  EXPECT_EQ(e.record().metrics_every, 1);
  EXPECT_THAT(e.record().snapshots.at("rule.weights"), ElementsAre(0, 100, -1));
  EXPECT_EQ(e.resources().cpus, 1);
  EXPECT_EQ(e.resources().memory_bytes, 2000000000);
  EXPECT_EQ(e.resources().time_s, 7200);
  EXPECT_EQ(e.run_count(), 30);
  EXPECT_THAT(e.axes(), ElementsAre("experiment.rule", "seed"));
  ASSERT_EQ(e.claims().size(), 1u);
  EXPECT_EQ(e.claims()[0].value, "sequence_length");
}

TEST(ExperimentTest, FillsInDefaultsAndSlots) {
  const Point point = MustParse(SmallText()).At(0);
  EXPECT_EQ(point.tree.path, "experiment");
  EXPECT_EQ(point.tree.Integer("repetitions"), 20);
  const Component& network = point.tree.Slot("network");
  EXPECT_EQ(network.type, "rate_rnn");
  EXPECT_EQ(network.path, "experiment.network");
  EXPECT_EQ(network.Real("tau"), 20.0);
  EXPECT_EQ(network.Text("transfer"), "logistic");
  EXPECT_FALSE(network.Has("weights"));
  EXPECT_THAT(point.tree.Slots("analyses"), IsEmpty());
  EXPECT_EQ(point.tree.Find("second_rule"), nullptr);
}

TEST(ExperimentTest, TakesTheFallbackSeedWhereTheTextHasNone) {
  EXPECT_EQ(MustParse(SmallText()).At(0).seed, 12345u);
  EXPECT_EQ(MustParse(SmallText("seed: 7\n")).At(0).seed, 7u);
}

TEST(ExperimentTest, SevenFaultsGiveSevenLines) {
  const std::vector<std::string> lines = FaultLines(R"(nmae: seven
experiment:
  type: sequence_learning
  repetitions: 0
  network: {type: rate_rnn, tau: 20 mV}
  rule:
    type: hebbian
    etta: 1e-5
  analyses:
    - {type: recal}
seed: 010
claims:
  - that: something
    value: sequence_lenght
    expect: {at_most: 3}
record: {metrics: sometimes}
)");
  ASSERT_EQ(lines.size(), 7u) << ::testing::PrintToString(lines);
  EXPECT_EQ(lines[0],
            "1: nmae: an experiment's text has no key nmae; did you mean "
            "name?");
  EXPECT_EQ(lines[1],
            "4: experiment.repetitions: repetitions = 0 is outside [1, 1000]");
  EXPECT_EQ(lines[2],
            "5: experiment.network.tau: \"20 mV\" cannot be converted to ms");
  EXPECT_EQ(lines[3],
            "8: experiment.rule.etta: hebbian has no parameter etta; did you "
            "mean eta?");
  EXPECT_EQ(lines[4],
            "10: experiment.analyses.0.type: there is no analysis of type "
            "recal; did you mean recall?");
  EXPECT_THAT(lines[5], HasSubstr("11: seed: \"010\" reads as an octal"));
  EXPECT_THAT(lines[6], HasSubstr("16: record.metrics: metrics is one of"));
}

TEST(ExperimentTest, SaysFileLineAndPath) {
  const Fault fault{6, "experiment.rule.etta", "hebbian has no parameter etta"};
  EXPECT_EQ(fault.Format("rules.yaml"),
            "rules.yaml:6: experiment.rule.etta: hebbian has no parameter "
            "etta");
  EXPECT_EQ((Fault{0, "", "empty"}).Format("a.yaml"), "a.yaml: empty");
}

TEST(ExperimentTest, AnEndlessNameIsToldByItsBeginning) {
  std::string name;
  for (int i = 0; i < 40000; ++i) name += "\u00b5";
  const std::vector<std::string> lines =
      FaultLines("experiment:\n  type: \"" + name + "\"\n");
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_LT(lines[0].size(), 5000u);
  EXPECT_THAT(lines[0], HasSubstr("\u00b5... (and "));
}

TEST(ExperimentTest, NeedsAnExperiment) {
  EXPECT_THAT(FaultLines("name: nothing\n"),
              ElementsAre(HasSubstr("the text has no experiment")));
  EXPECT_THAT(FaultLines("[1, 2]\n"), ElementsAre(HasSubstr("got a list")));
  EXPECT_THAT(FaultLines(""), ElementsAre(HasSubstr("the text is empty")));
}

TEST(ExperimentTest, SeveralSeedsBelongIntoTheSweep) {
  EXPECT_THAT(FaultLines(SmallText("seed: 1..10\n")),
              ElementsAre(HasSubstr("sweep: {seed: 1..10}")));
}

TEST(ExperimentTest, RefusesStrangeTopLevelValues) {
  EXPECT_THAT(FaultLines(SmallText("priority: 1000\n")),
              ElementsAre(HasSubstr("[-100, 100]")));
  EXPECT_THAT(FaultLines(SmallText("after: ../etc\n")),
              ElementsAre(HasSubstr("id of an experiment")));
  EXPECT_THAT(FaultLines(SmallText("tags: [a b]\n")),
              ElementsAre(HasSubstr("without spaces")));
  EXPECT_THAT(FaultLines(SmallText("resources: {memory: 2 ms, cpu: 1}\n")),
              ElementsAre(HasSubstr("did you mean cpus?"),
                          HasSubstr("cannot be converted to B")));
  EXPECT_THAT(FaultLines(SmallText("seed: -1\n")),
              ElementsAre(HasSubstr("outside [0, 9007199254740991]")));
}

TEST(ExperimentTest, RecordPolicyCountsWhatSeriesAreOver) {
  EXPECT_EQ(MustParse(SmallText("record: {metrics: every 5 trials}\n"))
                .record()
                .metrics_every,
            5);
  EXPECT_EQ(
      MustParse(SmallText("record: {metrics: none}\n")).record().metrics_every,
      0);
  EXPECT_THAT(FaultLines(SmallText("record: {metrics: every 5 batches}\n")),
              ElementsAre(HasSubstr("every 5 trials")));
  EXPECT_THAT(FaultLines(SmallText("record: {snapshots: {w: [-1]}}\n")),
              ElementsAre(HasSubstr("a tick is a whole number")));
}

TEST(ExperimentTest, ChecksWhatSpansComponents) {
  EXPECT_THAT(FaultLines(R"(experiment:
  type: sequence_learning
  rule: {type: hebbian}
  task:
    type: item_sequence
    items: 7
)"),
              ElementsAre("6: experiment.task.items: 7 items do not divide 100 "
                          "units"));
}

TEST(ExperimentTest, FindsReferencesAmongSiblingsThenOutwards) {
  const std::string head = R"(experiment:
  type: sequence_learning
  rule: {type: hebbian}
  network: {type: rate_rnn, name: cortex}
)";
  const Experiment e =
      MustParse(head + "  analyses: [{type: recall, of: cortex}]\n");
  EXPECT_EQ(e.At(0).tree.Slots("analyses")[0].Text("of"), "cortex");
  EXPECT_THAT(FaultLines(head + "  analyses: [{type: recall, of: cortx}]\n"),
              ElementsAre("5: experiment.analyses.0.of: no network in sight "
                          "has the name cortx; did you mean cortex?"));
}

TEST(ExperimentTest, NamesListItemsByNameElseByNumber) {
  const Experiment e = MustParse(R"(experiment:
  type: sequence_learning
  rule: {type: hebbian}
  analyses: [{type: recall, name: early}, {type: recall}]
)");
  const auto analyses = e.At(0).tree.Slots("analyses");
  EXPECT_EQ(analyses[0].path, "experiment.analyses.early");
  EXPECT_EQ(analyses[1].path, "experiment.analyses.1");
  EXPECT_THAT(FaultLines(R"(experiment:
  type: sequence_learning
  rule: {type: hebbian}
  analyses:
    - {type: recall, name: a}
    - {type: recall, name: a}
)"),
              ElementsAre(HasSubstr("6: experiment.analyses.a: two components "
                                    "of analyses have the name a")));
}

TEST(ExperimentTest, SaysWhatASlotTakes) {
  EXPECT_THAT(FaultLines("experiment: {type: sequence_learning}\n"),
              ElementsAre(HasSubstr("needs rule, a component: a rule "
                                    "(hebbian, anti_hebbian")));
  EXPECT_THAT(FaultLines("experiment: {type: hebbian}\n"),
              ElementsAre(HasSubstr("hebbian is a rule; wanted a program")));
  EXPECT_THAT(
      FaultLines("experiment: {type: sequence_learning, rule: hebbian}\n"),
      ElementsAre(HasSubstr("wanted a rule such as {type: hebbian}")));
}

TEST(OverridesTest, SetReplacesAPartOfTheTree) {
  ExperimentText text{.text = SmallText()};
  text.set = {{"experiment.rule.eta", "2e-5"},
              {"network.tau", "0.03 s"},
              {"analyses", "[{type: recall}]"},
              {"experiment.analyses.recall.threshold", "0.7"},
              {"resources.cpus", "2"},
              {"seed", "9"}};
  const Experiment e = MustParse(text);
  const Component tree = e.At(0).tree;
  EXPECT_EQ(tree.Slot("rule").Real("eta"), 2e-5);
  EXPECT_EQ(tree.Slot("network").Real("tau"), 30.0);
  EXPECT_EQ(tree.Slots("analyses")[0].Real("threshold"), 0.7);
  EXPECT_EQ(e.resources().cpus, 2);
  EXPECT_EQ(e.At(0).seed, 9u);
}

TEST(OverridesTest, SweepAndSeedsReplaceAxes) {
  ExperimentText text{.text = kFlagship};
  text.sweep = {{"experiment.rule", "[{type: hebbian}, {type: stdp_rate}]"},
                {"task.items", "[5, 10]"}};
  text.seeds = "3..4";
  const Experiment e = MustParse(text);
  EXPECT_EQ(e.run_count(), 8);
  EXPECT_EQ(e.At(7).seed, 4u);
  EXPECT_EQ(e.At(7).tree.Slot("rule").type, "stdp_rate");
}

TEST(OverridesTest, FaultsNameTheAssignment) {
  ExperimentText text{.text = SmallText()};
  text.set = {{"experiment.rule.etta", "3"},
              {"network.tau", "[1"},
              {"task.items", "x"}};
  text.seeds = "5..1";
  const std::vector<std::string> lines = FaultLines(text);
  ASSERT_EQ(lines.size(), 4u) << ::testing::PrintToString(lines);
  for (const std::string& line : lines) EXPECT_EQ(line.substr(0, 3), "0: ");
  EXPECT_THAT(lines, ::testing::Contains(HasSubstr(
                         "did you mean eta? (in \"experiment.rule.etta=3\")")));
  EXPECT_THAT(lines, ::testing::Contains(HasSubstr("(in \"seed=5..1\")")));
}

TEST(OverridesTest, AValueThatTheSweepUndoesIsRefused) {
  ExperimentText text{.text = kFlagship};
  text.set = {{"experiment.rule.eta", "1e-4"}};
  EXPECT_THAT(FaultLines(text), ElementsAre(HasSubstr("have no effect")));
}

}  // namespace
}  // namespace engram
