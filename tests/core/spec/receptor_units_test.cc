// Numbers with a unit where the unit is that of a receptor, and components
// whose type need not be said, in experiments of spiking networks.

#include "core/spec/receptor_units.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/programs/builtin.h"
#include "core/spec/experiment.h"

namespace engram {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

// Currents in pA onto `currents`, conductances in nS onto `conductances`.
std::string Text(const std::string& parts, const std::string& rest = "") {
  return absl::StrCat(
      "experiment: {type: spiking_network, populations: [{type: "
      "lif_current_exponential, name: currents}, {type: "
      "lif_conductance_exponential, name: conductances}, {type: izhikevich, "
      "name: plain}], ",
      parts, "}\nseed: 1\n", rest);
}

std::string Synapses(const std::string& to, const std::string& more,
                     const std::string& type = "type: synapses, ") {
  return absl::StrCat("projections: [{", type, "name: e, from: all, to: ", to,
                      ", connectivity: {type: all_to_all}, ", more, "}]");
}

std::optional<Experiment> Read(const std::string& text, Faults& faults) {
  return Experiment::Parse({.text = text}, BuiltinCatalog(), RefuseAll(), 1,
                           faults);
}

// Its canonical form, or its faults.
std::string FormOf(const std::string& text) {
  Faults faults;
  const std::optional<Experiment> experiment = Read(text, faults);
  std::string all;
  for (const Fault& fault : faults) all += fault.Format("e.yaml") + "\n";
  return experiment ? experiment->CanonicalJson() : all;
}

void ExpectSame(const std::string& with_units, const std::string& plain) {
  const std::string form = FormOf(plain);
  EXPECT_THAT(form, HasSubstr("\"experiment\":{")) << plain;
  EXPECT_EQ(FormOf(with_units), form) << with_units;
}

TEST(ReceptorUnitsTest, AWeightMayHaveTheUnitOfItsReceptor) {
  const std::string plain = Text(Synapses("currents", "weight: 5"));
  for (const char* weight : {"5 pA", "0.005 nA", "5e-12 A", "5pA"}) {
    ExpectSame(Text(Synapses("currents", absl::StrCat("weight: ", weight))),
               plain);
  }
  ExpectSame(Text(Synapses("conductances", "weight: 600 pS")),
             Text(Synapses("conductances", "weight: 0.6")));
  ExpectSame(Text(Synapses("'currents[0:10]'",
                           "receptor: inhibitory, "
                           "weight: -5 pA")),
             Text(Synapses("'currents[0:10]'",
                           "receptor: inhibitory, "
                           "weight: -5")));
}

TEST(ReceptorUnitsTest, SoMayTheNumbersOfADistribution) {
  ExpectSame(Text(Synapses("currents",
                           "weights: {type: normal, mean: 0.1 nA, "
                           "sd: 5 pA, low: 0 pA}")),
             Text(Synapses("currents",
                           "weights: {type: normal, mean: 100, "
                           "sd: 5, low: 0}")));
  ExpectSame(Text(Synapses("currents", "weights: 5 pA")),
             Text(Synapses("currents", "weights: 5")));
  // Delays have a unit of their own.
  EXPECT_THAT(FormOf(Text(Synapses("currents",
                                   "delays: {type: normal, mean: "
                                   "5 pA, low: 1}"))),
              HasSubstr("\"5 pA\" cannot be converted to ms"));
}

TEST(ReceptorUnitsTest, SoMayListedWeightsAndStimuli) {
  const auto listed = [](const std::string& weights) {
    return Text(
        absl::StrCat("projections: [{type: synapses, from: plain, to: "
                     "currents, connectivity: {type: explicit_list, pre: [0, "
                     "1], post: [1, 0], weights: [",
                     weights, "]}}]"));
  };
  ExpectSame(listed("1 nA, -20"), listed("1000, -20"));
  const auto driven = [](const std::string& weight, const std::string& steps) {
    return Text(absl::StrCat(
        "stimuli: [{type: poisson_input, to: conductances, weight: ", weight,
        "}, {type: step_current, to: currents, receptor: current, times: [0, "
        "5 ms], values: [",
        steps, "]}]"));
  };
  ExpectSame(driven("0.5 nS", "1 nA, 2 pA"), driven("0.5", "1000, 2"));
}

TEST(ReceptorUnitsTest, AnotherDimensionIsRefusedWithWhatIsExpected) {
  EXPECT_THAT(FormOf(Text(Synapses("currents", "weight: 5 nS"))),
              AllOf(HasSubstr("e.yaml:1: experiment.projections.e.weight: "
                              "\"5 nS\" cannot be converted to pA"),
                    HasSubstr("the unit of the receptor that it acts on")));
  EXPECT_THAT(FormOf(Text(Synapses("conductances",
                                   "weights: {type: uniform, "
                                   "low: 1 mV}"))),
              HasSubstr("e.weights.low: \"1 mV\" cannot be converted to nS"));
  EXPECT_THAT(FormOf(Text(Synapses("currents", "weight: 5 pX"))),
              HasSubstr("\"pX\" in \"5 pX\" is not a known unit; wanted pA"));
  EXPECT_THAT(FormOf(Text(Synapses("plain", "weight: 5 pA"))),
              HasSubstr("\"5 pA\" cannot be converted to a plain number"));
  EXPECT_THAT(FormOf(Text(Synapses("currents", "weight: 5 A"))),
              HasSubstr("weight = 5e+12 is outside [-1e+09, 1e+09] pA"));
}

TEST(ReceptorUnitsTest, AUnitThatCannotBeToldIsRefused) {
  EXPECT_THAT(FormOf(Text(Synapses("all", "weight: 5 pA"))),
              HasSubstr("some of its targets take pA, and conductances takes "
                        "nS; write a plain number"));
  EXPECT_THAT(FormOf(Text(Synapses("currents",
                                   "receptor: slow, "
                                   "weight: 5 pA"))),
              HasSubstr("has no receptor slow"));
  EXPECT_THAT(FormOf(Text(Synapses("curents", "weight: 5 pA"))),
              HasSubstr("did you mean currents?"));
}

TEST(ReceptorUnitsTest, ValuesOfAnAxisMayHaveIt) {
  const auto swept = [](const std::string& axis) {
    return Text(Synapses("currents", "weight: 1"), "sweep: {" + axis + "}");
  };
  const std::string path = "experiment.projections.e.weight: ";
  ExpectSame(swept(path + "[5 pA, 0.01 nA]"), swept(path + "[5, 10]"));
  EXPECT_THAT(FormOf(swept(path + "[5 pA, 1 nS]")),
              HasSubstr("\"1 nS\" cannot be converted to pA"));
  const std::string slot = "experiment.projections.e.weights: ";
  ExpectSame(swept(slot + "[{type: uniform, low: 1 pA}, 5 pA]"),
             swept(slot + "[{type: uniform, low: 1}, 5]"));
  // Inside what another axis sets.
  ExpectSame(swept(slot + "[{type: uniform, low: 1 nA}, {type: uniform, low: "
                          "-5 pA}], experiment.projections.e.weights.high: "
                          "[2 nA, 3000 pA]"),
             swept(slot + "[{type: uniform, low: 1000}, {type: uniform, low: "
                          "-5}], experiment.projections.e.weights.high: "
                          "[2000, 3000]"));
}

TEST(ReceptorUnitsTest, PointsShowNumbers) {
  Faults faults;
  const auto experiment =
      Read(Text(Synapses("currents", "weight: 1"),
                "sweep: {experiment.projections.e.weight: [5 pA, 0.01 nA]}"),
           faults);
  ASSERT_TRUE(experiment);
  const Point point = experiment->At(1);
  EXPECT_EQ(point.tree.Slots("projections")[0].Real("weight"), 10);
  EXPECT_EQ(std::get<double>(point.varying[0].second.data), 10);
}

TEST(ReceptorUnitsTest, AComputedAxisTakesPlainNumbers) {
  const auto swept = [](const std::string& ends) {
    return Text(Synapses("currents", "weight: 1"),
                "sweep: {experiment.projections.e.weight: {linear: [" + ends +
                    "], points: 3}}");
  };
  EXPECT_THAT(FormOf(swept("1, 5")), HasSubstr("\"values\":[1,3,5]"));
  EXPECT_THAT(FormOf(swept("1 pA, 5 pA")),
              HasSubstr("write a plain number here"));
}

// What was taken for pA must not be nS at another point.
TEST(ReceptorUnitsTest, ATargetThatIsSweptMustNotChangeTheUnit) {
  const auto swept = [](const std::string& weight, const std::string& to) {
    return FormOf(
        Text(Synapses("currents", "weight: " + weight),
             "sweep: {experiment.projections.e.to: [currents, " + to + "]}"));
  };
  EXPECT_THAT(swept("5 pA", "conductances"),
              AllOf(HasSubstr("experiment.projections.e: numbers here were "
                              "written for a receptor that takes pA"),
                    HasSubstr("it takes nS")));
  EXPECT_THAT(swept("5", "conductances"), HasSubstr("\"experiment\":{"));
  EXPECT_THAT(swept("5 pA", "'currents[0:5]'"), HasSubstr("\"experiment\":{"));
}

TEST(ReceptorUnitsTest, ACanonicalFormWithAUnitIsReadLikewise) {
  Faults faults;
  const auto plain = Read(Text(Synapses("currents", "weight: 5")), faults);
  ASSERT_TRUE(plain);
  const Component tree = plain->At(0).tree;
  std::string json = CanonicalJson(tree, 1);
  const size_t at = json.find("\"weight\":5");
  ASSERT_NE(at, std::string::npos);
  json.replace(at, 10, "\"weight\":\"5 pA\"");
  const auto read = FromCanonicalJson(json, BuiltinCatalog());
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(RunHash(read->first, 1), RunHash(tree, 1));
  json.replace(json.find("5 pA"), 4, "5 nS");
  EXPECT_THAT(
      std::string(FromCanonicalJson(json, BuiltinCatalog()).status().message()),
      HasSubstr("\"5 nS\" cannot be converted to pA"));
}

TEST(UnwrittenTypeTest, TheOnlyTypeOfAKindNeedNotBeSaid) {
  const std::string said = Text(Synapses("currents", "weight: 5"));
  ExpectSame(Text(Synapses("currents", "weight: 5", "")), said);
  ExpectSame(Text(Synapses("currents", "short_term: {use: 0.3}")),
             Text(Synapses("currents",
                           "short_term: {type: tsodyks_markram, use: "
                           "0.3}")));
  // A path leads through it.
  const std::string sweep = "sweep: {experiment.projections.e.delay: [1, 2]}";
  ExpectSame(Text(Synapses("currents", "weight: 5", ""), sweep),
             Text(Synapses("currents", "weight: 5"), sweep));
}

TEST(UnwrittenTypeTest, OneOfSeveralIsToBeSaid) {
  EXPECT_THAT(FormOf(Text("stimuli: [{to: currents}]")),
              HasSubstr("stimuli.0.type: a component needs its type; wanted a "
                        "stimulus: "));
  EXPECT_THAT(FormOf(Text("projections: [{type: synapse, from: all, to: all, "
                          "connectivity: {type: all_to_all}}]")),
              HasSubstr("there is no projection of type synapse; did you mean "
                        "synapses?"));
}

}  // namespace
}  // namespace engram
