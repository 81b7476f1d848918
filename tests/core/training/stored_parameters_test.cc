// Training that begins with what another run has left.

#include "core/training/stored_parameters.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "core/programs/builtin.h"
#include "core/programs/catalog.h"
#include "core/programs/state_array.h"
#include "tests/support/experiment_tree.h"
#include "tests/support/fake_inputs.h"

namespace engram {
namespace {

using testing::AllOf;
using testing::HasSubstr;

using Bytes = std::vector<std::byte>;
using Parameters = std::map<std::string, Bytes>;

struct Trained {
  MemoryRecorder record;
  Parameters parameters;
  std::string state, result_hash;

  double test_loss() const {
    return record.series.at("test_loss").points.back().second.value();
  }
};

class StoredParametersTest : public testing::Test {
 protected:
  static std::string Training(const std::string& network,
                              const std::string& more, int heads = 2,
                              int batch = 4) {
    return "{type: supervised_training, task: {type: n_parity}, batch: " +
           std::to_string(batch) +
           ", curriculum: {type: multi_head, heads: " + std::to_string(heads) +
           "}, epochs: 1, test_batches: 2, network: " + network + ", " + more +
           "}";
  }
  // Updates that change nothing.
  static std::string Still(const std::string& network,
                           const std::string& initial, int heads = 2) {
    return Training(
        network,
        "updates: 1, optimizer: {type: sgd, rate: 0}, initial: " + initial,
        heads);
  }
  static Component Read(const std::string& yaml) {
    return Tree(yaml, Kind::kProgram, "experiment", NamesAreDigests());
  }
  static std::string FaultOf(const std::string& yaml) {
    Faults faults;
    ReadTree(yaml, Kind::kProgram, "experiment", faults, NamesAreDigests());
    EXPECT_EQ(faults.size(), 1u) << yaml;
    return faults.empty() ? "" : faults[0].Format("tree");
  }

  static Parameters ParametersOf(Execution& execution) {
    Parameters parameters;
    for (const Execution::NamedArray& array : execution.StateArrays()) {
      if (!array.path.starts_with("network.")) continue;
      parameters[array.path.substr(8)] = {array.array.bytes.begin(),
                                          array.array.bytes.end()};
    }
    return parameters;
  }

  Trained Run(const std::string& yaml, int threads = 1) {
    Parallel parallel(threads);
    auto execution = *Execution::Make(Read(yaml), 1, {}, {parallel, inputs_});
    Trained trained;
    while (!execution->progress().finished) {
      EXPECT_TRUE(execution->Advance(1, trained.record, {}).ok());
    }
    trained.parameters = ParametersOf(*execution);
    trained.result_hash = execution->ResultHash();
    EXPECT_TRUE(execution->Checkpoint(&trained.state).ok());
    return trained;
  }
  absl::Status StatusOf(const std::string& yaml) {
    Parallel parallel(1);
    auto execution = *Execution::Make(Read(yaml), 1, {}, {parallel, inputs_});
    MemoryRecorder record;
    return execution->Advance(1000, record, {}).status();
  }
  std::string RefusalOf(const std::string& yaml) {
    const absl::Status status = StatusOf(yaml);
    EXPECT_TRUE(status.code() == absl::StatusCode::kInvalidArgument ||
                status.code() == absl::StatusCode::kNotFound)
        << status;
    return std::string(status.message());
  }

  void Keep(const std::string& name, const std::string& state) {
    const auto bytes = std::as_bytes(std::span(state));
    inputs_.Add(name, InputArray{ElementType::kUint8,
                                 ArrayOrder::kRowMajor,
                                 {std::ssize(state)},
                                 {bytes.begin(), bytes.end()}});
  }
  // Trained a little, and kept as "state".
  Trained Source(const std::string& network, const std::string& more = "") {
    Trained trained = Run(Training(network, "updates: 3" + more));
    Keep("state", trained.state);
    return trained;
  }

  const ScopedNumericEnvironment environment_;
  FakeInputs inputs_;
};

constexpr char kAll[] = "[{type: stored_parameters, state: state}]";

// The same trials test both, so a network that is the same has the same loss,
// to the bit.
TEST_F(StoredParametersTest, BeginsWhereTheOtherRunEnded) {
  for (const char* network :
       {"{type: leaky_rnn, units: 6}", "{type: lstm, units: 5}",
        "{type: layer_stack, layers: [{type: gru, units: 5}, {type: "
        "feed_forward, units: 4}]}",
        "{type: recurrent_lif, units: 10}"}) {
    const Trained source = Source(network);
    const Trained untrained = Run(Still(network, "[]"));
    EXPECT_NE(untrained.parameters, source.parameters) << network;
    const Trained taken = Run(Still(network, kAll));
    EXPECT_EQ(taken.parameters, source.parameters) << network;
    EXPECT_EQ(taken.test_loss(), source.test_loss()) << network;
    EXPECT_NE(taken.test_loss(), untrained.test_loss()) << network;
  }
}

// In the first update already: what is trained is what was taken.
TEST_F(StoredParametersTest, TheFirstLossIsTheStoredNetworks) {
  const std::string network = "{type: gru, units: 6}";
  Source(network);
  const auto first = [&](const std::string& initial) {
    const Trained run =
        Run(Training(network, "updates: 2, initial: " + initial));
    return run.record.series.at("training_loss").points.front().second.value();
  };
  // The same parameters under the same trials as another run's first update.
  const Trained still = Run(Still(network, kAll));
  EXPECT_EQ(first(kAll),
            still.record.series.at("training_loss").points[0].second.value());
  EXPECT_NE(first(kAll), first("[]"));
}

TEST_F(StoredParametersTest, WhatIsNotTakenIsDrawnAsEver) {
  const std::string network = "{type: leaky_rnn, units: 6}";
  const Trained source = Source(network);
  const Trained drawn = Run(Still(network, "[]", 5));
  const Trained taken = Run(Still(
      network, "[{type: stored_parameters, state: state, of: [layers]}]", 5));
  for (const auto& [name, bytes] : taken.parameters) {
    const bool is_fresh = name.starts_with("readout_");
    EXPECT_EQ(bytes,
              is_fresh ? drawn.parameters.at(name) : source.parameters.at(name))
        << name;
  }
  EXPECT_EQ(taken.parameters.size(), source.parameters.size());
}

// A name goes before its layer, and a layer before all of them.
TEST_F(StoredParametersTest, TheClosestEntryCounts) {
  const std::string stack =
      "{type: layer_stack, layers: [{type: gru, units: 5}, {type: gru, units: "
      "5}]}";
  const Trained first = Source(stack);
  Keep("first", first.state);
  const Trained second = Source(stack, ", optimizer: {type: sgd, rate: 0.3}");
  const Trained taken = Run(Still(
      stack,
      "[{type: stored_parameters, state: first}, {type: stored_parameters, "
      "state: state, of: [layer_2]}, {type: initial_weights, of: layer_2.bias, "
      "distribution: 0.25}]"));
  const float quarter = 0.25f;
  for (const auto& [name, bytes] : taken.parameters) {
    if (name == "layer_2.bias") {
      EXPECT_EQ(std::memcmp(bytes.data(), &quarter, sizeof quarter), 0);
    } else if (name.starts_with("layer_2.")) {
      EXPECT_EQ(bytes, second.parameters.at(name)) << name;
    } else {
      EXPECT_EQ(bytes, first.parameters.at(name)) << name;
    }
  }
}

TEST_F(StoredParametersTest, ASnapshotGivesOneParameter) {
  const std::string network = "{type: leaky_rnn, units: 6}";
  const Trained source = Source(network);
  inputs_.Add("tau", InputArray{ElementType::kFloat32,
                                ArrayOrder::kColumnMajor,
                                {6},
                                source.parameters.at("tau")});
  const Trained taken =
      Run(Still(network, "[{type: stored_parameters, state: tau, of: [tau]}]"));
  EXPECT_EQ(taken.parameters.at("tau"), source.parameters.at("tau"));
  EXPECT_NE(taken.parameters.at("bias"), source.parameters.at("bias"));
  EXPECT_THAT(
      RefusalOf(Still(
          network, "[{type: stored_parameters, state: tau, of: [tau, bias]}]")),
      HasSubstr("it is a single array, and 2 parameters are taken from it"));
}

// Single precision is exact in double; back again it is the same number.
TEST_F(StoredParametersTest, PrecisionsMix) {
  const std::string network = "{type: lstm, units: 5}";
  const Trained source = Source(network);
  const Trained wide =
      Run(Still(network, std::string(kAll) + ", precision: double"));
  Keep("state", wide.state);
  const Trained narrow = Run(Still(network, kAll));
  EXPECT_EQ(narrow.parameters, source.parameters);
  for (const auto& [name, bytes] : wide.parameters) {
    const Bytes& single = source.parameters.at(name);
    ASSERT_EQ(bytes.size(), 2 * single.size());
    for (size_t i = 0; i < single.size() / 4; ++i) {
      float x = 0;
      double y = 0;
      std::memcpy(&x, single.data() + 4 * i, 4);
      std::memcpy(&y, bytes.data() + 8 * i, 8);
      EXPECT_EQ(y, static_cast<double>(x));
    }
  }
}

// What is taken satisfies this run's constraints.
TEST_F(StoredParametersTest, ConstraintsHoldFromTheStart) {
  const std::string network = "{type: leaky_rnn, units: 6}";
  Source(network);
  const Trained taken = Run(
      Still(network, std::string(kAll) +
                         ", constraints: [{type: weight_clip, of: tau, low: "
                         "1.25, high: 1.25}]"));
  const Bytes& tau = taken.parameters.at("tau");
  for (size_t i = 0; i < tau.size() / 4; ++i) {
    float x = 0;
    std::memcpy(&x, tau.data() + 4 * i, 4);
    EXPECT_EQ(x, 1.25f);
  }
}

TEST_F(StoredParametersTest, TheSameSourceGivesTheSameBits) {
  const std::string network = "{type: lstm, units: 5}";
  Source(network);
  const std::string yaml =
      Training(network, std::string("updates: 4, initial: ") + kAll, 2, 40);
  const std::string hash = Run(yaml).result_hash;
  for (int threads : {2, 3}) EXPECT_EQ(Run(yaml, threads).result_hash, hash);
}

// What a checkpoint holds has been trained since.
TEST_F(StoredParametersTest, AResumedRunGoesOnFromItsOwnParameters) {
  const std::string network = "{type: leaky_rnn, units: 6}";
  Source(network);
  const Component tree =
      Read(Training(network, std::string("updates: 4, initial: ") + kAll));
  const std::string whole =
      Run(Training(network, std::string("updates: 4, initial: ") + kAll))
          .result_hash;
  Parallel parallel(1);
  for (int64_t at : {0, 1, 3, 5}) {
    MemoryRecorder record;
    std::string saved;
    {
      auto first = *Execution::Make(tree, 1, {}, {parallel, inputs_});
      if (at > 0) {
        ASSERT_TRUE(first->Advance(at, record, {}).ok());
      }
      ASSERT_TRUE(first->Checkpoint(&saved).ok());
    }
    auto second = *Execution::Make(tree, 1, {}, {parallel, inputs_});
    ASSERT_TRUE(second->Restore(saved).ok());
    while (!second->progress().finished) {
      ASSERT_TRUE(second->Advance(10, record, {}).ok());
    }
    EXPECT_EQ(second->ResultHash(), whole) << "from tick " << at;
  }
}

TEST_F(StoredParametersTest, SaysWhatDoesNotFitWithBothShapes) {
  Source("{type: leaky_rnn, units: 6}");
  EXPECT_THAT(RefusalOf(Still("{type: leaky_rnn, units: 7}", kAll)),
              AllOf(HasSubstr("experiment.initial.0.state: network."),
                    HasSubstr("has shape (6) of float32, and the network "
                              "takes (7) of reals"),
                    HasSubstr("or take less: of names what is taken")));
  EXPECT_THAT(
      RefusalOf(Still("{type: leaky_rnn, units: 6}", kAll, 3)),
      AllOf(HasSubstr("network.readout_weights has shape (4, 6) of float32, "
                      "and the network takes (6, 6)"),
            HasSubstr("readout_weights is drawn where it does not")));
  EXPECT_THAT(RefusalOf(Still("{type: lstm, units: 6}", kAll)),
              AllOf(HasSubstr("network."), HasSubstr("give the network of")));
  EXPECT_THAT(RefusalOf(Still("{type: leaky_rnn, units: 6, layers: 2}", kAll)),
              HasSubstr("the saved state has no array network.layer_1."));
}

TEST_F(StoredParametersTest, SaysWhenThereIsNothingToTake) {
  const std::string network = "{type: leaky_rnn, units: 6}";
  EXPECT_THAT(RefusalOf(Still(network, kAll)),
              HasSubstr("give state@final of a run of supervised_training"));
  Keep("state", "engram checkpoint 1\n");
  EXPECT_THAT(RefusalOf(Still(network, kAll)),
              AllOf(HasSubstr("experiment.initial.0.state: the saved state "),
                    HasSubstr("cannot be read")));
  const std::string tau = "[{type: stored_parameters, state: tau, of: [tau]}]";
  const float infinity = std::numeric_limits<float>::infinity();
  Bytes bytes(24);
  std::memcpy(bytes.data() + 8, &infinity, 4);
  inputs_.Add(
      "tau",
      InputArray{ElementType::kFloat32, ArrayOrder::kColumnMajor, {6}, bytes});
  EXPECT_THAT(RefusalOf(Still(network, tau)),
              HasSubstr("network.tau holds numbers that are not finite"));
  // Finite, but not in single precision.
  Array<double> huge(6);
  huge.Fill(1e300);
  const std::span<const std::byte> wide = huge.bytes();
  inputs_.Add("tau", InputArray{ElementType::kFloat64,
                                ArrayOrder::kColumnMajor,
                                {6},
                                {wide.begin(), wide.end()}});
  EXPECT_THAT(RefusalOf(Still(network, tau)),
              HasSubstr("not finite in float32"));
  inputs_.Add(
      "tau",
      InputArray{
          ElementType::kInt32, ArrayOrder::kColumnMajor, {6}, Bytes(24)});
  EXPECT_THAT(RefusalOf(Still(network, tau)),
              HasSubstr("has shape (6) of int32, and the network takes (6) of "
                        "reals"));
}

TEST_F(StoredParametersTest, RefusesWhatIsUnclearBeforeItIsQueued) {
  const std::string network = "{type: leaky_rnn, units: 6}";
  const auto of = [&](const std::string& names) {
    return "{type: stored_parameters, state: state, of: " + names + "}";
  };
  EXPECT_THAT(FaultOf(Still(network, "[" + of("[tua]") + "]")),
              HasSubstr("experiment.initial.0.of: the network has no parameter "
                        "tua; did you mean tau?"));
  EXPECT_THAT(FaultOf(Still(network, "[" + of("[layer]") + "]")),
              HasSubstr("did you mean layers?"));
  EXPECT_THAT(FaultOf(Still(network, "[" + of("[]") + "]")),
              HasSubstr("of is empty"));
  EXPECT_THAT(
      FaultOf(Still(network, "[" + of("[layers]") + ", " +
                                 of("[readout, layers]") + "]")),
      AllOf(HasSubstr("experiment.initial.1.of: how "),
            HasSubstr("is said twice, by experiment.initial.0 as well")));
  EXPECT_THAT(
      FaultOf(Still(
          network, "[" + of("[tau]") +
                       ", {type: initial_weights, of: tau, distribution: 2}]")),
      HasSubstr("how tau begins is said twice"));
  EXPECT_THAT(FaultOf(Still(network, "[{type: stored_parameters}]")),
              HasSubstr("state"));
}

// At every point of a sweep, which may change the shapes.
TEST_F(StoredParametersTest, WhatDoesNotFitIsNotQueued) {
  Source("{type: leaky_rnn, units: 6}");
  const auto submitted = [&](const std::string& units, bool has_bytes,
                             const std::string& initial) {
    Faults faults;
    Experiment::Parse(
        {.text = "experiment:\n  " +
                 Still("{type: leaky_rnn, units: 6}", initial) +
                 "\nseed: 1\nsweep: {network.units: " + units + "}\n"},
        BuiltinCatalog(),
        SeenInputs(inputs_, has_bytes ? std::set<std::string>{"state", "tau"}
                                      : std::set<std::string>{}),
        1, faults);
    std::string text;
    for (const Fault& fault : faults) text += fault.Format("x.yaml") + "\n";
    return text;
  };
  EXPECT_EQ(submitted("[6]", true, kAll), "");
  EXPECT_THAT(submitted("[6, 7]", true, kAll),
              AllOf(HasSubstr("x.yaml:2: experiment.initial.0.state: network."),
                    HasSubstr("has shape (6) of float32, and the network "
                              "takes (7) of reals")));
  // Of a state that is too large to be looked at the start says it.
  EXPECT_EQ(submitted("[6, 7]", false, kAll), "");
  Array<double> tau(6);
  tau.Fill(1.5);
  inputs_.Add("tau", InputArray{ElementType::kFloat64,
                                ArrayOrder::kColumnMajor,
                                {6},
                                {tau.bytes().begin(), tau.bytes().end()}});
  const auto taking = [](const std::string& names) {
    return "[{type: stored_parameters, state: tau, of: [" + names + "]}]";
  };
  EXPECT_EQ(submitted("[6]", true, taking("tau")), "");
  EXPECT_THAT(submitted("[6]", true, taking("tau, bias")),
              HasSubstr("2 parameters are taken from it"));
}

// A source in double precision with two moments a parameter.
TEST_F(StoredParametersTest, TheMemoryOfTheSourceIsEstimated) {
  const std::string network = "{type: lstm, units: 500}";
  const auto memory = [&](const std::string& initial) {
    return EstimateProgram(Read(Still(network, initial))).memory_bytes;
  };
  const int64_t parameters = 4 * 500 * (500 + 1 + 1) + 500 * 4 + 4;
  EXPECT_GE(memory(kAll) - memory("[]"), 3 * 8 * parameters);
}

}  // namespace
}  // namespace engram
