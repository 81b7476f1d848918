// Integrate-and-fire layers: their steps by hand, surrogates by value, and the
// way back against finite differences and against automatic differentiation.

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "core/training/readout.h"
#include "core/training/spiking/surrogate.h"
#include "tests/bench/training/shared_numbers.h"
#include "tests/core/training/training_fixture.h"

namespace engram {
namespace {

using bench::SharedUniform;

Component Network(const std::string& yaml) {
  return Tree(yaml, Kind::kTrainedNetwork, "network");
}

// A network whose matrices and inputs a test sets by name.
struct Course {
  Course(const std::string& yaml, const std::string& read, NetworkShape shape,
         int64_t samples, int64_t steps, int64_t first_scored)
      : readout(Network(read)), network(Network(yaml), shape, 1, &readout) {
    parameters = Array<double>(network.layout().size());
    block.samples = block.batch_samples = samples;
    block.steps = steps;
    block.first_scored = first_scored;
    Resize(shape.inputs, shape.outputs, block);
    // Asked at the last step alone.
    block.weights.Fill(0);
    for (int64_t k = 0; k < samples; ++k) {
      block.weights[block.scored_columns() - samples + k] = 1;
      block.labels[block.scored_columns() - samples + k] =
          static_cast<int32_t>(k % shape.outputs);
    }
    block.total_weight = static_cast<double>(samples);
    AddTerm("{type: cross_entropy}");
  }

  void AddTerm(const std::string& yaml) {
    loss.push_back(MakeLossTerm<double>(Tree(yaml, Kind::kLoss, "loss")));
  }
  double& At(const std::string& name, int64_t i, int64_t j) {
    const ParameterMatrix* matrix = network.layout().Find(name);
    return parameters[matrix->offset + i + matrix->rows * j];
  }
  // Rows by rows, uniform in [low, high).
  void Draw(const std::string& name, uint64_t stream, double low, double high) {
    const ParameterMatrix* matrix = network.layout().Find(name);
    for (int64_t i = 0; i < matrix->rows; ++i) {
      for (int64_t j = 0; j < matrix->cols; ++j) {
        At(name, i, j) =
            low + (high - low) *
                      SharedUniform(
                          stream, static_cast<uint64_t>(i * matrix->cols + j));
      }
    }
  }
  void DrawSpikes(uint64_t stream, double share) {
    for (size_t i = 0; i < block.inputs.size(); ++i) {
      block.inputs[static_cast<int64_t>(i)] =
          SharedUniform(stream, i) < share ? 1 : 0;
    }
  }
  double Loss() {
    network.Resize(block, pass);
    network.DrawState(block, pass);
    return ForwardLoss(network, loss, parameters.data(), block, pass);
  }
  Array<double> Gradient() {
    Loss();
    Array<double> gradient(network.layout().size());
    BackwardLoss(network, loss, parameters.data(), block, pass,
                 gradient.data());
    return gradient;
  }
  // Of one matrix, row by row.
  std::vector<double> GradientOf(const std::string& name) {
    const Array<double> gradient = Gradient();
    const ParameterMatrix* matrix = network.layout().Find(name);
    std::vector<double> rows;
    for (int64_t i = 0; i < matrix->rows; ++i) {
      for (int64_t j = 0; j < matrix->cols; ++j) {
        rows.push_back(gradient[matrix->offset + i + matrix->rows * j]);
      }
    }
    return rows;
  }
  // Of unit 0 in sample 0, from its initial state on.
  std::vector<double> Potential() {
    Loss();
    const LayerCourse<double>& course = pass.courses[0];
    std::vector<double> u;
    for (int64_t t = 0; t <= block.steps; ++t) {
      u.push_back(course.cells[t * block.samples * course.cells.rows()]);
    }
    return u;
  }

  const ScopedNumericEnvironment environment;
  const Component readout;
  TrainedNetwork<double> network;
  Array<double> parameters;
  TrainingBlock<double> block;
  NetworkPass<double> pass;
  engram::Loss<double> loss;
};

double Norm(const std::vector<double>& values) {
  double sum = 0;
  for (const double x : values) sum += x * x;
  return std::sqrt(sum);
}

TEST(SurrogateTest, FastSigmoidHasItsPublishedValues) {
  const auto at = [](double x) {
    return SurrogateDerivative<Surrogate::kFastSigmoid>(x, 100.0);
  };
  EXPECT_DOUBLE_EQ(at(0), 1);
  EXPECT_DOUBLE_EQ(at(0.01), 0.25);
  EXPECT_DOUBLE_EQ(at(-0.1), 1.0 / 121);
}

TEST(SurrogateTest, TheOthersHaveTheirClosedForms) {
  EXPECT_DOUBLE_EQ((SurrogateDerivative<Surrogate::kSuperSpike>(0.5, 2.0)),
                   0.5);
  EXPECT_DOUBLE_EQ((SurrogateDerivative<Surrogate::kTriangle>(-0.3, 2.0)), 0.4);
  EXPECT_EQ((SurrogateDerivative<Surrogate::kTriangle>(0.6, 2.0)), 0);
  EXPECT_DOUBLE_EQ(
      (SurrogateDerivative<Surrogate::kArctangent>(2 / (M_PI * 3), 3.0)), 0.5);
  EXPECT_DOUBLE_EQ((SurrogateDerivative<Surrogate::kGaussian>(0.5, 2.0)),
                   std::exp(-0.5));
  EXPECT_EQ((SurrogateDerivative<Surrogate::kNone>(0.0, 1.0)), 0);
}

TEST(SurrogateTest, TheRelaxedSpikeHasTheFastSigmoidAsItsDerivative) {
  for (const double x : {-0.7, -0.02, 0.001, 0.3}) {
    constexpr double kStep = 1e-6;
    const double slope =
        (RelaxedSpike(x + kStep, 10.0) - RelaxedSpike(x - kStep, 10.0)) /
        (2 * kStep);
    EXPECT_NEAR(slope, (SurrogateDerivative<Surrogate::kFastSigmoid>(x, 10.0)),
                1e-8);
  }
}

// A spike into a weight of 1.5 at step 0 and beta = alpha = 1/2, which the time
// constants give: I = 1.5, 0.75, ... from step 1 on, U one step behind it,
// reset in the step after U > 1.
constexpr char kHalving[] =
    "units: 1, tau_mem: 1.4426950408889634, tau_syn: 1.4426950408889634";

TEST(LifLayerTest, TakesTheCurrentOfTheStepBefore) {
  Course course(std::string("{type: feedforward_lif, ") + kHalving + "}",
                "{type: leaky_readout}", {1, 2, 1}, 1, 6, 0);
  course.At("input_weights", 0, 0) = 1.5;
  course.block.inputs[0] = 1;
  // U: 0, 0, 1.5 (spikes, is reset), 0, then I(3) = 0.375 and so on.
  const std::vector<double> u = course.Potential();
  const std::vector<double> wanted = {0, 0, 1.5, 0, 0.375, 0.375, 0.28125};
  for (size_t t = 0; t < wanted.size(); ++t)
    EXPECT_NEAR(u[t], wanted[t], 1e-15);
  EXPECT_EQ(course.pass.courses[0].outputs[3], 1);  // S(2)
  EXPECT_EQ(course.pass.courses[0].outputs[2], 0);
}

TEST(LifLayerTest, OrThePresentOne) {
  Course course(std::string("{type: feedforward_lif, current: present, ") +
                    kHalving + "}",
                "{type: leaky_readout}", {1, 2, 1}, 1, 5, 0);
  course.At("input_weights", 0, 0) = 1.5;
  course.block.inputs[0] = 1;
  const std::vector<double> u = course.Potential();
  const std::vector<double> wanted = {0, 1.5, 0, 0.375, 0.375, 0.28125};
  for (size_t t = 0; t < wanted.size(); ++t)
    EXPECT_NEAR(u[t], wanted[t], 1e-15);
}

TEST(LifLayerTest, InhibitionIsTakenOffWithItsOwnTimeConstant) {
  Course course(std::string("{type: feedforward_lif, current: present, "
                            "inhibitory_inputs: 0.5, tau_inh: 20, ") +
                    kHalving + "}",
                "{type: leaky_readout}", {2, 2, 1}, 1, 3, 0);
  course.At("input_weights", 0, 0) = 0.8;
  course.At("inhibitory_input_weights", 0, 0) = 0.3;
  course.block.inputs[0] = course.block.inputs[1] = 1;
  const std::vector<double> u = course.Potential();
  const double slow = std::exp(-1.0 / 20);
  EXPECT_NEAR(u[1], 0.5, 1e-15);
  EXPECT_NEAR(u[2], 0.25 + 0.4 - 0.3 * slow, 1e-15);
  EXPECT_NEAR(u[3], 0.5 * u[2] + 0.2 - 0.3 * slow * slow, 1e-15);
}

// The transmitted spike replaced by x / (1 + kappa |x|), the reset kept as it
// is: the surrogate is then the derivative, and every gradient equals central
// differences. Their error is the truncation, step^2 L''' / 6, in which kappa
// enters squared, and rounding, 1e-16 / step.
class GradientIdentity : public testing::TestWithParam<std::string> {};

TEST_P(GradientIdentity, TheRelaxedNetworkGoesBackAsItWentThere) {
  Course course(GetParam(), "{type: leaky_readout}", {4, 2, 1}, 3, 40, 0);
  uint64_t stream = 10;
  for (const ParameterMatrix& matrix : course.network.layout().matrices()) {
    course.Draw(matrix.name, ++stream, matrix.low < 0 ? -1 : 0, 1);
  }
  course.DrawSpikes(9, 0.3);
  course.AddTerm("{type: spike_count_l2, weight: 0.01}");
  const Array<double> gradient = course.Gradient();
  double size = 0;
  for (const double g : gradient.span()) size = std::max(size, std::abs(g));
  ASSERT_GT(size, 1e-2);
  constexpr double kStep = 1e-6;
  for (size_t i = 0; i < gradient.size(); ++i) {
    const auto at = static_cast<int64_t>(i);
    const double here = course.parameters[at];
    course.parameters[at] = here + kStep;
    const double above = course.Loss();
    course.parameters[at] = here - kStep;
    const double below = course.Loss();
    course.parameters[at] = here;
    EXPECT_NEAR(gradient[at], (above - below) / (2 * kStep), 1e-5 * size) << i;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Lif, GradientIdentity,
    testing::Values(
        "{type: feedforward_lif, units: 5, relaxed: true, kappa: 5}",
        "{type: feedforward_lif, units: 3, layers: 2, relaxed: true, kappa: 5}",
        "{type: recurrent_lif, units: 5, relaxed: true, kappa: 5}",
        "{type: recurrent_lif, units: 10, relaxed: true, kappa: 5, current: "
        "present, inhibitory_inputs: 0.5, inhibitory_units: 0.2, tau_inh: "
        "20}"));

// Loss, spikes and gradients of PyTorch 1.13 in double precision, by its
// automatic differentiation of the same equations with the spike's derivative
// replaced (torch.autograd.Function), from the same numbers.
TEST(LifLayerTest, AgreesWithAutomaticDifferentiation) {
  Course course("{type: recurrent_lif, units: 4, kappa: 10}",
                "{type: leaky_readout}", {3, 2, 1}, 2, 30, 0);
  course.Draw("input_weights", 1, -1.5, 1.5);
  course.Draw("recurrent_weights", 2, -1, 1);
  course.Draw("readout_weights", 3, -1, 1);
  course.DrawSpikes(4, 0.3);
  EXPECT_NEAR(course.Loss(), 11.821905837239, 1e-11);
  double spikes = 0;
  const Array<double>& s = course.pass.courses[0].outputs;
  for (int64_t i = 0; i < 4 * 2 * 31; ++i) spikes += s[i];
  EXPECT_EQ(spikes, 30);
  const std::vector<double> w = course.GradientOf("input_weights");
  EXPECT_NEAR(Norm(w), 2.2804608056912, 1e-11);
  EXPECT_NEAR(w[0], 1.33585072, 1e-8);
  EXPECT_NEAR(w[5], 0.0455236813801, 1e-11);
  const std::vector<double> r = course.GradientOf("recurrent_weights");
  EXPECT_NEAR(Norm(r), 1.38971054979363, 1e-11);
  EXPECT_NEAR(r[3], 0.59276223458, 1e-10);
  EXPECT_EQ(r[1], 0);
  EXPECT_NEAR(Norm(course.GradientOf("readout_weights")), 12.4127601431153,
              1e-10);
}

struct Differentiated {
  std::string network, surrogate;
  double loss, spikes;
  double input_norm, first, last;  // of dL/d input_weights; two of its numbers
  double recurrent_norm;           // 0 without recurrent weights
  double readout_norm;
};

class AutomaticDifferentiation : public testing::TestWithParam<Differentiated> {
};

// The same of every surrogate, by PyTorch 2.6 in double precision. A bump that
// reaches far gives every potential some error; that of the triangle is 0 from
// 1/kappa on.
TEST_P(AutomaticDifferentiation, SaysTheSame) {
  const Differentiated& wanted = GetParam();
  Course course("{type: " + wanted.network +
                    ", units: 4, kappa: 10, surrogate: " + wanted.surrogate +
                    "}",
                "{type: leaky_readout}", {3, 2, 1}, 2, 30, 0);
  course.Draw("input_weights", 1, -1.5, 1.5);
  course.Draw("readout_weights", 3, -1, 1);
  const bool is_recurrent = wanted.network == "recurrent_lif";
  if (is_recurrent) course.Draw("recurrent_weights", 2, -1, 1);
  course.DrawSpikes(4, 0.3);
  EXPECT_NEAR(course.Loss(), wanted.loss, 1e-10);
  double spikes = 0;
  const Array<double>& s = course.pass.courses[0].outputs;
  for (int64_t i = 0; i < 4 * 2 * 31; ++i) spikes += s[i];
  EXPECT_EQ(spikes, wanted.spikes);
  const std::vector<double> w = course.GradientOf("input_weights");
  EXPECT_NEAR(Norm(w), wanted.input_norm, 1e-10);
  EXPECT_NEAR(w[0], wanted.first, 1e-10);
  EXPECT_NEAR(w[5], wanted.last, 1e-10);
  if (is_recurrent) {
    EXPECT_NEAR(Norm(course.GradientOf("recurrent_weights")),
                wanted.recurrent_norm, 1e-10);
  }
  EXPECT_NEAR(Norm(course.GradientOf("readout_weights")), wanted.readout_norm,
              1e-10);
}

constexpr double kLoss = 17.210205060058, kReadout = 16.6520068301064;
constexpr double kLossBack = 11.821905837239, kReadoutBack = 12.4127601431153;

INSTANTIATE_TEST_SUITE_P(
    PyTorch, AutomaticDifferentiation,
    testing::Values(
        Differentiated{"feedforward_lif", "fast_sigmoid", kLoss, 41,
                       4.70936321902274, 2.05931464626819, 0.0154548639490493,
                       0, kReadout},
        Differentiated{"feedforward_lif", "super_spike", kLoss, 41,
                       47.0936321902274, 20.5931464626819, 0.154548639490493, 0,
                       kReadout},
        Differentiated{"feedforward_lif", "triangle", kLoss, 41,
                       3.16191963057273, 1.38505232433089, 0, 0, kReadout},
        Differentiated{"feedforward_lif", "arctangent", kLoss, 41,
                       5.65127952607696, 2.57035417316943, 0.00641516228985431,
                       0, kReadout},
        Differentiated{"feedforward_lif", "gaussian", kLoss, 41,
                       8.57472848297195, 4.18683900562942, 0, 0, kReadout},
        Differentiated{"recurrent_lif", "fast_sigmoid", kLossBack, 30,
                       2.2804608056912, 1.33585072000054, 0.0455236813801153,
                       1.38971054979363, kReadoutBack},
        Differentiated{"recurrent_lif", "super_spike", kLossBack, 30,
                       7.55364951769955, -3.2462190706344, 0.89794194740625,
                       8.05505031732416, kReadoutBack},
        Differentiated{"recurrent_lif", "triangle", kLossBack, 30,
                       1.65414004925783, 1.07702062361944, 0, 0.45394759903867,
                       kReadoutBack},
        Differentiated{"recurrent_lif", "arctangent", kLossBack, 30,
                       2.453966976281, 1.49864671089229, 0.0187371208490226,
                       1.26335521013656, kReadoutBack},
        Differentiated{"recurrent_lif", "gaussian", kLossBack, 30,
                       2.71202022865607, 1.61604403986819, 0, 1.51754246089022,
                       kReadoutBack}),
    [](const testing::TestParamInfo<Differentiated>& of) {
      return of.param.network + "_" + of.param.surrogate;
    });

TEST(LifLayerTest, OneUnitWithTwoSynapsesAgreesToo) {
  Course course(
      "{type: feedforward_lif, units: 1, kappa: 10, current: present, "
      "inhibitory_inputs: 0.5, tau_inh: 50}",
      "{type: spike_count_readout, gain: 0.5, threshold: 4}", {6, 2, 1}, 2, 40,
      20);
  course.Draw("input_weights", 5, 0.6, 1);
  course.Draw("inhibitory_input_weights", 6, 0.1, 0.3);
  course.DrawSpikes(7, 0.1);
  course.AddTerm("{type: rate_ceiling, weight: 0.001, ceiling: 10}");
  EXPECT_NEAR(course.Loss(), 7.9450948492806, 1e-11);
  const std::vector<double> e = course.GradientOf("input_weights");
  const std::vector<double> e_wanted = {7.6601735664, 4.27076635101,
                                        11.6204864944};
  const std::vector<double> i = course.GradientOf("inhibitory_input_weights");
  const std::vector<double> i_wanted = {-34.3362542704, -23.7370943078,
                                        -12.3701188282};
  for (size_t k = 0; k < 3; ++k) {
    EXPECT_NEAR(e[k], e_wanted[k], 1e-9);
    EXPECT_NEAR(i[k], i_wanted[k], 1e-9);
  }
}

TEST(LifLayerTest, TheTrueGradientReachesNoWeightBehindASpike) {
  Course course("{type: recurrent_lif, units: 4, surrogate: none}",
                "{type: leaky_readout}", {3, 2, 1}, 2, 30, 0);
  course.Draw("input_weights", 1, -1.5, 1.5);
  course.Draw("recurrent_weights", 2, -1, 1);
  course.Draw("readout_weights", 3, -1, 1);
  course.DrawSpikes(4, 0.3);
  EXPECT_EQ(Norm(course.GradientOf("input_weights")), 0);
  EXPECT_EQ(Norm(course.GradientOf("recurrent_weights")), 0);
  EXPECT_GT(Norm(course.GradientOf("readout_weights")), 1);
}

// One spike of an input that a layer of one unit passes on at once: the
// potential of the readout is the difference of two exponentials.
TEST(LeakyReadoutTest, AnswersASpikeWithTwoExponentials) {
  Course course(std::string("{type: feedforward_lif, ") + kHalving + "}",
                "{type: leaky_readout, tau_mem: 10, tau_syn: 5, reads: "
                "potential}",
                {1, 2, 1}, 1, 30, 0);
  course.At("input_weights", 0, 0) = 1.5;  // spikes once, in step 2
  course.At("readout_weights", 1, 0) = 0.7;
  course.block.inputs[0] = 1;
  course.Loss();
  const double a = std::exp(-1.0 / 5), b = std::exp(-1.0 / 10);
  for (int64_t t = 3; t < 30; ++t) {
    const auto n = static_cast<double>(t - 2);
    const double wanted = 0.7 * (std::pow(b, n) - std::pow(a, n)) / (b - a);
    EXPECT_NEAR(course.pass.outputs(1, t), wanted, 1e-14);
    EXPECT_EQ(course.pass.outputs(0, t), 0);
  }
}

TEST(LeakyReadoutTest, ItsMaximumStaysAndANegativeOneHasNoGradient) {
  Course course(std::string("{type: feedforward_lif, ") + kHalving + "}",
                "{type: leaky_readout}", {1, 2, 1}, 1, 30, 0);
  course.At("input_weights", 0, 0) = 1.5;
  course.At("readout_weights", 0, 0) = 0.7;
  course.At("readout_weights", 1, 0) = -0.7;
  course.block.inputs[0] = 1;
  const std::vector<double> gradient = course.GradientOf("readout_weights");
  double largest = 0;
  for (int64_t t = 0; t < 30; ++t) {
    EXPECT_GE(course.pass.outputs(0, t), largest);
    largest = course.pass.outputs(0, t);
    EXPECT_EQ(course.pass.outputs(1, t), 0);
  }
  EXPECT_NE(gradient[0], 0);
  EXPECT_EQ(gradient[1], 0);
}

TEST(SpikeCountReadoutTest, GivesTheLogitOfACountOverTheScoredSteps) {
  Course course(
      "{type: feedforward_lif, units: 1, current: present, tau_mem: "
      "0.05, tau_syn: 0.05}",
      "{type: spike_count_readout, gain: 2, threshold: 1.5}", {1, 2, 1}, 1, 12,
      6);
  course.At("input_weights", 0, 0) = 2;
  // Inputs at steps 1, 4, 7, 9 give spikes one step behind: two of them from
  // step 6 on.
  for (const int64_t t : {1, 4, 7, 9}) course.block.inputs[t] = 1;
  const double loss = course.Loss();
  EXPECT_NEAR(course.pass.outputs(1, 5), 2 * (2 - 1.5), 1e-15);
  EXPECT_EQ(course.pass.outputs(0, 5), 0);
  // Its label is class 0: -log(1 - p), p = 1 / (1 + exp(-1)).
  EXPECT_NEAR(loss, std::log(1 + std::exp(1.0)), 1e-14);
}

TEST(CountLossTest, CeilingAndCountsHaveTheirClosedForms) {
  const std::string lif =
      "{type: feedforward_lif, units: 1, current: present, tau_mem: 0.05, "
      "tau_syn: 0.05}";
  const auto term_of = [&](const std::string& term) {
    Course course(lif, "{type: leaky_readout}", {1, 2, 1}, 2, 100, 0);
    course.At("input_weights", 0, 0) = 2;
    // Sample 0 spikes 5 times in 100 ms, 50 Hz; sample 1 once, 10 Hz.
    for (const int64_t t : {1, 11, 21, 31, 41}) course.block.inputs[2 * t] = 1;
    course.block.inputs[2 * 50 + 1] = 1;
    const double plain = course.Loss();
    course.AddTerm(term);
    return course.Loss() - plain;
  };
  EXPECT_NEAR(term_of("{type: rate_ceiling, weight: 0.01, ceiling: 20}"),
              0.01 * 30 * 30 / 2, 1e-12);
  EXPECT_NEAR(term_of("{type: spike_count_l1, weight: 0.5}"), 0.5 * 6 / 2,
              1e-12);
  EXPECT_NEAR(term_of("{type: spike_count_l2, weight: 0.5}"), 0.5 * 26 / 2,
              1e-12);
}

}  // namespace
}  // namespace engram
