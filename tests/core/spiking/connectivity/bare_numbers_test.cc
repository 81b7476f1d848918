// A number where a distribution stands means {type: constant}, in the unit of
// the place.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/spec/experiment.h"
#include "tests/core/spiking/built_network.h"

namespace engram {
namespace {

std::string Network(const std::string& unit, const std::string& synapse) {
  return "{type: spiking_network, populations: [{type: "
         "lif_current_exponential, name: exc, units: 10" +
         unit +
         "}], projections: [{type: synapses, name: loop, from: exc, to: exc, "
         "connectivity: {type: all_to_all}" +
         synapse + "}]}";
}

std::string Canonical(const std::string& unit, const std::string& synapse) {
  return CanonicalJson(Tree(Network(unit, synapse)), 1);
}

std::string Faulty(const std::string& unit, const std::string& synapse) {
  Faults faults;
  ReadTree(Network(unit, synapse), Kind::kProgram, "experiment", faults);
  std::string all;
  for (const Fault& fault : faults) all += fault.Format("tree") + "\n";
  return all;
}

TEST(BareNumbersTest, MeanAConstantInEverySlot) {
  const std::string written =
      Canonical(", initial_v: {type: constant, value: -65}",
                ", weights: {type: constant, value: 0.5}, delays: {type: "
                "constant, value: 2}");
  EXPECT_EQ(Canonical(", initial_v: -65", ", weights: 0.5, delays: 2"),
            written);
  EXPECT_EQ(Canonical(", initial_v: -65 mV", ", weights: .5, delays: 2 ms"),
            written);
  EXPECT_EQ(
      Canonical(", initial_v: -0.065 V", ", weights: 5e-1, delays: 0.002 s"),
      written);
}

TEST(BareNumbersTest, ACanonicalFormReadsAsItself) {
  const std::string json = Canonical("", ", weights: 0.5, delays: 2 ms");
  const auto again = FromCanonicalJson(json, BuiltinCatalog());
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(CanonicalJson(again->first, again->second), json);
}

TEST(BareNumbersTest, NumbersOfADistributionHaveTheUnitOfItsSlot) {
  EXPECT_EQ(
      Canonical("", ", delays: {type: uniform, low: 1 ms, high: 0.003 s}"),
      Canonical("", ", delays: {type: uniform, low: 1, high: 3}"));
  EXPECT_EQ(
      Canonical(", initial_v: {type: normal, mean: -60 mV, sd: 5000 uV, "
                "high: -50 mV}",
                ""),
      Canonical(", initial_v: {type: normal, mean: -60, sd: 5, high: -50}",
                ""));
}

TEST(BareNumbersTest, FaultsSayWhatIsWanted) {
  const std::string wrong_unit = Faulty("", ", delays: 2 mV");
  EXPECT_NE(wrong_unit.find("experiment.projections.loop.delays.value"),
            std::string::npos)
      << wrong_unit;
  EXPECT_NE(wrong_unit.find("ms"), std::string::npos);
  EXPECT_NE(Faulty("", ", weights: unifrom")
                .find("wanted a distribution such as {type: constant} or a "
                      "number, got a single value"),
            std::string::npos);
  EXPECT_NE(Faulty("", ", short_term: 3")
                .find("wanted a short-term plasticity such as {type: "
                      "tsodyks_markram}, got a single value"),
            std::string::npos);
  EXPECT_NE(Faulty("", ", delays: 0.01").find("under one step"),
            std::string::npos);
}

TEST(BareNumbersTest, SweepsTakeThemAndGoInside) {
  ExperimentText text;
  text.text = "experiment: " + Network("", ", weights: 0.5") +
              "\nsweep:\n  experiment.projections.loop.weights: [1, 2]\n"
              "  experiment.populations.exc.initial_v: [-70 mV, -65]\n";
  Faults faults;
  auto swept =
      Experiment::Parse(text, BuiltinCatalog(), RefuseAll(), 1, faults);
  ASSERT_TRUE(faults.empty()) << faults.front().Format("text");
  ASSERT_EQ(swept->run_count(), 4);
  const Component tree = swept->At(3).tree;
  EXPECT_EQ(tree.Slots("projections")[0].Slot("weights").Real("value"), 2);
  EXPECT_EQ(tree.Slots("populations")[0].Slot("initial_v").Real("value"), -65);
  text.text = "experiment: " + Network("", ", weights: 0.5, delays: 1 ms") +
              "\nsweep: {experiment.projections.loop.weights.value: [3, 4], "
              "experiment.projections.loop.delays.value: [2 ms, 0.003 s]}\n";
  swept = Experiment::Parse(text, BuiltinCatalog(), RefuseAll(), 1, faults);
  ASSERT_TRUE(faults.empty()) << faults.front().Format("text");
  const Component inside = swept->At(3).tree;
  EXPECT_EQ(inside.Slots("projections")[0].Slot("weights").Real("value"), 4);
  EXPECT_EQ(inside.Slots("projections")[0].Slot("delays").Real("value"), 3);
}

TEST(BareNumbersTest, OneWeightForAllIsNotStoredASynapse) {
  const std::string start =
      "populations: [{type: lif_current_exponential, name: exc, units: 10}], "
      "projections: [{type: synapses, from: exc, to: exc, connectivity: {type: "
      "all_to_all}, ";
  BuiltNetwork<double> drawn(start + "weights: 0.5}]");
  BuiltNetwork<double> given(start + "weight: 0.5}]");
  for (auto* net : {&drawn, &given}) {
    const Projection<double>& projection = (*net)->projections().front();
    EXPECT_EQ(projection.tables().front().weight.size(), 0);
    EXPECT_EQ(projection.one_weight(), 0.5);
  }
}

}  // namespace
}  // namespace engram
