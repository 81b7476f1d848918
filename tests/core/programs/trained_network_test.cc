// What a run of supervised_training has left, looked at as a dynamical system.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "tests/core/programs/small_tree.h"
#include "tests/support/fake_inputs.h"

namespace engram {
namespace {

using testing::HasSubstr;

class TrainedNetworkSystem : public testing::Test {
 protected:
  // Trains a little, and keeps the state as "state".
  void Train(const std::string& network) {
    auto execution = Execution::Make(
        Tree("{type: supervised_training, batch: 4, epochs: 1, updates: 3, "
             "test_batches: 1, task: {type: n_parity}, curriculum: {type: "
             "multi_head, heads: 2}, network: " +
             network + "}"),
        1, {}, {parallel_, inputs_});
    ASSERT_TRUE(execution.ok());
    MemoryRecorder record;
    ASSERT_TRUE((*execution)->Advance(1000, record, {}).ok());
    std::string state;
    ASSERT_TRUE((*execution)->Checkpoint(&state).ok());
    const auto bytes = std::as_bytes(std::span(state));
    inputs_.Add("state", InputArray{ElementType::kUint8,
                                    ArrayOrder::kRowMajor,
                                    {std::ssize(state)},
                                    {bytes.begin(), bytes.end()}});
    for (const Execution::NamedArray& a : (*execution)->StateArrays()) {
      if (!a.path.starts_with("network.")) continue;
      const auto* values = reinterpret_cast<const float*>(a.array.bytes.data());
      parameters_[a.path.substr(8)] =
          std::vector<double>(values, values + a.array.bytes.size() / 4);
    }
  }

  static std::string Look(const std::string& network,
                          const std::string& analyses,
                          const std::string& input = "[0.5]") {
    return "{type: dynamics_analysis, system: {type: trained_network, state: "
           "state, input: " +
           input + ", network: " + network + "}, analyses: [" + analyses + "]}";
  }

  absl::Status Run(const std::string& yaml) {
    Faults faults;
    const Component tree =
        ReadTree(yaml, Kind::kProgram, "experiment", faults, NamesAreDigests());
    for (const Fault& fault : faults) ADD_FAILURE() << fault.Format("tree");
    auto execution = Execution::Make(tree, 1, {}, {parallel_, inputs_});
    absl::Status status = execution.status();
    while (status.ok() && !(*execution)->progress().finished) {
      status = (*execution)->Advance(3, record_, {}).status();
    }
    return status;
  }

  static std::string FaultOf(const std::string& yaml) {
    Faults faults;
    ReadTree(yaml, Kind::kProgram, "experiment", faults, NamesAreDigests());
    return faults.empty() ? "" : faults[0].Format("tree");
  }

  double Summary(const std::string& name) const {
    return record_.summary.at(name).value.value();
  }

  const ScopedNumericEnvironment environment_;
  Parallel parallel_{2};
  FakeInputs inputs_;
  MemoryRecorder record_;
  std::map<std::string, std::vector<double>> parameters_;
};

// Written out: r = phi((1 - 1/tau) r + (w x + b_I + R r + b) / tau).
TEST_F(TrainedNetworkSystem, AFixedPointOfALeakyNetworkMapsToItself) {
  constexpr size_t kUnits = 6;
  const std::string network = "{type: leaky_rnn, units: 6}";
  Train(network);
  ASSERT_TRUE(
      Run(Look(network, "{type: fixed_points, starts: 12, low: -1, high: 1}"))
          .ok());
  EXPECT_GE(Summary("fixed_points"), 1);
  const auto& points = record_.arrays.at({"points", -1});
  const auto* x = reinterpret_cast<const double*>(points.bytes.data());
  for (size_t i = 0; i < kUnits; ++i) {
    double u = parameters_["input_weights"][i] * 0.5 +
               parameters_["input_bias"][i] + parameters_["bias"][i];
    for (size_t j = 0; j < kUnits; ++j) {
      u += parameters_["recurrent_weights"][j * kUnits + i] * x[j];
    }
    const double tau = std::max(parameters_["tau"][i], 1.0);
    const double z = (1 - 1 / tau) * x[i] + u / tau;
    EXPECT_NEAR(z > 0 ? z : 0.01 * z, x[i], 1e-6);
  }
  const auto& real = record_.arrays.at({"point_eigenvalues_real", -1});
  const auto& imaginary =
      record_.arrays.at({"point_eigenvalues_imaginary", -1});
  const auto& unstable = record_.arrays.at({"point_unstable_dimension", -1});
  const auto* re = reinterpret_cast<const double*>(real.bytes.data());
  const auto* im = reinterpret_cast<const double*>(imaginary.bytes.data());
  int64_t outside = 0;
  for (size_t i = 0; i < kUnits; ++i) outside += std::hypot(re[i], im[i]) > 1;
  EXPECT_EQ(reinterpret_cast<const int64_t*>(unstable.bytes.data())[0],
            outside);
}

// Gates around a half and small weights: an untrained network forgets, and all
// states fall to one.
TEST_F(TrainedNetworkSystem, AnUntrainedGatedNetworkHasOneAttractor) {
  for (const char* network :
       {"{type: lstm, units: 3}", "{type: gru, units: 4}",
        "{type: sublstm, units: 3}", "{type: vanilla_rnn, units: 4}"}) {
    Train(network);
    record_ = MemoryRecorder();
    ASSERT_TRUE(Run(Look(network,
                         "{type: fixed_points, starts: 10, low: -1, high: 1}, "
                         "{type: attractors, starts: 10, low: -1, high: 1}, "
                         "{type: phase_plane, grid: 4, trajectories: 2}"))
                    .ok());
    EXPECT_EQ(Summary("stable_points"), 1) << network;
    EXPECT_EQ(Summary("attractors"), 1) << network;
    EXPECT_EQ(Summary("unsettled"), 0) << network;
    EXPECT_LT(std::hypot(Summary("leading_real"), Summary("leading_imaginary")),
              1)
        << network;
  }
}

TEST_F(TrainedNetworkSystem, SaysWhatDoesNotFit) {
  Train("{type: leaky_rnn, units: 6}");
  const absl::Status other =
      Run(Look("{type: leaky_rnn, units: 5}", "{type: attractors}"));
  EXPECT_EQ(other.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(other.message()), HasSubstr("takes (5) of reals"));
  const absl::Status gated =
      Run(Look("{type: fix_sublstm, units: 6}", "{type: attractors}"));
  EXPECT_FALSE(gated.ok());
  const absl::Status inputs =
      Run(Look("{type: leaky_rnn, units: 6}", "{type: attractors}", "[0, 1]"));
  EXPECT_THAT(std::string(inputs.message()),
              HasSubstr("as many numbers of input"));
}

TEST_F(TrainedNetworkSystem, RefusesWhatHasNoMapOrNoTime) {
  EXPECT_THAT(
      FaultOf(Look("{type: recurrent_lif, units: 10}", "{type: attractors}")),
      HasSubstr("jumps with every spike"));
  EXPECT_THAT(
      FaultOf(Look("{type: feed_forward, units: 4}", "{type: attractors}")),
      HasSubstr("has no state"));
  EXPECT_THAT(FaultOf(Look("{type: gru, units: 4}", "{type: autocorrelation}")),
              HasSubstr("put network_timescales"));
  EXPECT_THAT(FaultOf(Look("{type: gru, units: 4}", "{type: motifs}")),
              HasSubstr("reads weights"));
}

}  // namespace
}  // namespace engram
