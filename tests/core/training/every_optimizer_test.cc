// Steps of every optimizer by hand, from equations written here in another
// form, and what optimizers share.

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "core/optimizers/optimizer.h"
#include "tests/support/experiment_tree.h"

namespace engram {
namespace {

Component Optimizer_(const std::string& yaml) {
  return Tree(yaml, Kind::kOptimizer, "experiment.optimizer");
}

// Parameters after each of the steps with these gradients, from theta = 1.
std::vector<double> Course(const std::string& yaml,
                           const std::vector<double>& gradients) {
  const ScopedNumericEnvironment environment;
  const Component component = Optimizer_(yaml);
  const auto optimizer = MakeOptimizer<double>(component);
  double theta = 1, moments[2] = {0, 0};
  std::vector<double> course;
  for (size_t k = 0; k < gradients.size(); ++k) {
    OptimizerStretch<double> stretch{.size = 1,
                                     .gradient = &gradients[k],
                                     .parameters = &theta,
                                     .moments = {&moments[0], &moments[1]}};
    const auto update = static_cast<int64_t>(k) + 1;
    optimizer->Step(update, RateAt(component, update), stretch);
    course.push_back(theta);
  }
  return course;
}

const std::vector<double> kGradients = {0.5, -0.25, 2.0};

void ExpectCourse(const std::string& yaml, const std::vector<double>& wanted) {
  const std::vector<double> course = Course(yaml, kGradients);
  for (size_t k = 0; k < wanted.size(); ++k) {
    EXPECT_NEAR(course[k], wanted[k], 1e-12) << yaml << " step " << k + 1;
  }
}

TEST(SgdTest, GoesDownTheGradient) {
  ExpectCourse("{type: sgd, rate: 0.1}", {0.95, 0.975, 0.775});
  // 1 - 0.1 (0.5 + 0.2 1) = 0.93; 0.93 - 0.1 (-0.25 + 0.186) = 0.9364.
  ExpectCourse("{type: sgd, rate: 0.1, weight_decay: 0.2}", {0.93, 0.9364});
}

// v = 0.5; 0.9 0.5 - 0.25 = 0.2; 0.18 + 2 = 2.18.
TEST(MomentumTest, RemembersItsSteps) {
  ExpectCourse("{type: momentum, rate: 0.1, mu: 0.9}", {0.95, 0.93, 0.712});
}

// v as above; steps 0.1 (g + 0.9 v) = 0.095, -0.007, 0.3962.
TEST(NesterovTest, LooksAheadInBothForms) {
  ExpectCourse("{type: nesterov, rate: 0.1, mu: 0.9}", {0.905, 0.912, 0.5158});
  ExpectCourse("{type: nesterov, rate: 0.1, mu: 0.9, rate_is: inside}",
               {0.905, 0.912, 0.5158});
}

// The rate halves after the first step: what was gathered at the old rate
// keeps it inside, and takes the new one outside.
TEST(NesterovTest, FormsDifferWhereTheRateChanges) {
  const std::string schedule =
      "schedule: [{type: step_schedule, every: 1, factor: 0.5}]}";
  const std::vector<double> outside =
      Course("{type: nesterov, rate: 0.1, mu: 0.9, " + schedule, {0.5, 0.0});
  const std::vector<double> inside = Course(
      "{type: nesterov, rate: 0.1, mu: 0.9, rate_is: inside, " + schedule,
      {0.5, 0.0});
  EXPECT_NEAR(outside[1], 0.905 - 0.05 * 0.81 * 0.5, 1e-12);
  EXPECT_NEAR(inside[1], 0.905 - 0.1 * 0.81 * 0.5, 1e-12);
}

// s = 0.25, 0.3125, 4.3125.
TEST(AdaGradTest, DividesByAllGradients) {
  ExpectCourse(
      "{type: adagrad, rate: 0.1, epsilon: 1e-15}",
      {0.9, 0.9 + 0.1 * 0.25 / std::sqrt(0.3125),
       0.9 + 0.1 * 0.25 / std::sqrt(0.3125) - 0.1 * 2 / std::sqrt(4.3125)});
}

// s = 0.1 0.25 = 0.025, 0.9 0.025 + 0.1 0.0625 = 0.02875.
TEST(RmsPropTest, DividesByRecentGradients) {
  const double first = 0.5 / std::sqrt(0.025);
  const double second = -0.25 / std::sqrt(0.02875);
  ExpectCourse("{type: rmsprop, rate: 0.01, alpha: 0.9, epsilon: 1e-14}",
               {1 - 0.01 * first, 1 - 0.01 * (first + second)});
  ExpectCourse(
      "{type: rmsprop, rate: 0.01, alpha: 0.9, mu: 0.5, epsilon: 1e-14}",
      {1 - 0.01 * first, 1 - 0.01 * (first + 0.5 * first + second)});
}

// s = 0.25, max(0.9 0.25, 0.0625) = 0.225, max(0.2025, 4) = 4.
TEST(RMaxPropTest, DividesByTheLargestRecentGradient) {
  const double second = 0.9 + 0.1 * 0.25 / std::sqrt(0.225);
  ExpectCourse("{type: rmaxprop, rate: 0.1, gamma: 0.9}",
               {0.9, second, second - 0.1});
}

// The first step is the rate, whatever the gradient's size.
TEST(AdamTest, CorrectsTheBiasOfItsMoments) {
  EXPECT_NEAR(Course("{type: adam, rate: 0.1}", {1e-3})[0], 0.9, 1e-5);
  EXPECT_NEAR(Course("{type: adam, rate: 0.1}", {-5})[0], 1.1, 1e-8);
  // m = 0.05, 0.02; m / (1 - 0.9^k) = 0.5, 0.02 / 0.19; s / (1 - 0.999^k) =
  // 0.25, (0.999 0.00025 + 0.001 0.0625) / 0.001999.
  const double m = 0.02 / 0.19;
  const double s = (0.999 * 0.00025 + 0.001 * 0.0625) / 0.001999;
  ExpectCourse("{type: adam, rate: 0.1, epsilon: 1e-15}",
               {0.9, 0.9 - 0.1 * m / std::sqrt(s)});
}

TEST(AdamTest, EpsilonStandsBesideTheCorrectedRoot) {
  EXPECT_NEAR(Course("{type: adam, rate: 0.1, epsilon: 0.5}", {0.5})[0],
              1 - 0.1 * 0.5 / (0.5 + 0.5), 1e-12);
}

// adam adds the decay to the gradient, where the division takes it away again;
// adamw shrinks theta beside it.
TEST(AdamWTest, DecaysBesideTheGradient) {
  EXPECT_NEAR(Course("{type: adamw, rate: 0.1, weight_decay: 0.5}", {0.5})[0],
              0.95 - 0.1, 1e-8);
  EXPECT_NEAR(Course("{type: adam, rate: 0.1, weight_decay: 0.5}", {0.5})[0],
              0.9, 1e-8);
}

TEST(ScheduleTest, FactorsAreThoseOfTheirEquations) {
  const ScopedNumericEnvironment environment;
  const auto rate = [](const std::string& schedule, int64_t update) {
    return RateAt(
        Optimizer_("{type: sgd, rate: 2, schedule: [" + schedule + "]}"),
        update);
  };
  const std::string step = "{type: step_schedule, every: 10, factor: 0.5}";
  EXPECT_DOUBLE_EQ(rate(step, 10), 2);
  EXPECT_DOUBLE_EQ(rate(step, 11), 1);
  EXPECT_DOUBLE_EQ(rate(step, 21), 0.5);
  EXPECT_DOUBLE_EQ(rate("{type: exponential_schedule, factor: 0.9}", 3), 1.62);
  const std::string cosine = "{type: cosine_schedule, updates: 8, floor: 0.2}";
  EXPECT_DOUBLE_EQ(rate(cosine, 1), 2);
  EXPECT_DOUBLE_EQ(rate(cosine, 5), 1.2);
  EXPECT_DOUBLE_EQ(rate(cosine, 9), 0.4);
  EXPECT_DOUBLE_EQ(rate(cosine, 900), 0.4);
  const std::string warmup = "{type: warmup_schedule, updates: 4}";
  EXPECT_DOUBLE_EQ(rate(warmup, 1), 0.5);
  EXPECT_DOUBLE_EQ(rate(warmup, 5), 2);
  EXPECT_DOUBLE_EQ(rate(warmup + ", " + step, 11), 1);
}

class EveryOptimizer : public testing::TestWithParam<std::string> {};

// A quadratic bowl with axes of 1 and 0.1.
TEST_P(EveryOptimizer, FindsTheBottomOfABowl) {
  const ScopedNumericEnvironment environment;
  const Component component =
      Optimizer_("{type: " + GetParam() +
                 ", rate: 0.05, schedule: [{type: cosine_schedule, updates: "
                 "2000}]}");
  const auto optimizer = MakeOptimizer<double>(component);
  std::vector<double> theta = {1, -1}, gradient(2), a(2), b(2);
  for (int64_t update = 1; update <= 2000; ++update) {
    gradient = {theta[0], 0.1 * theta[1]};
    optimizer->Step(update, RateAt(component, update),
                    {.size = 2,
                     .gradient = gradient.data(),
                     .parameters = theta.data(),
                     .moments = {a.data(), b.data()}});
  }
  EXPECT_NEAR(theta[0], 0, 1e-2);
  EXPECT_NEAR(theta[1], 0, 5e-2);
}

TEST_P(EveryOptimizer, StretchesMayBeSteppedApart) {
  const ScopedNumericEnvironment environment;
  const Component component = Optimizer_("{type: " + GetParam() + "}");
  const auto optimizer = MakeOptimizer<float>(component);
  constexpr int64_t kSize = 37;
  const auto run = [&](int64_t cut) {
    std::vector<float> theta(kSize, 1), gradient(kSize), a(kSize), b(kSize);
    for (int64_t update = 1; update <= 5; ++update) {
      for (int64_t i = 0; i < kSize; ++i) {
        gradient[static_cast<size_t>(i)] =
            static_cast<float>(i - 11) * 0.1f * static_cast<float>(update);
      }
      for (const auto& [begin, end] :
           {std::pair<int64_t, int64_t>{cut, kSize}, {0, cut}}) {
        optimizer->Step(update, RateAt(component, update),
                        {.size = end - begin,
                         .gradient = gradient.data() + begin,
                         .parameters = theta.data() + begin,
                         .moments = {a.data() + begin, b.data() + begin}});
      }
    }
    return theta;
  };
  EXPECT_EQ(run(0), run(16));
  EXPECT_EQ(run(0), run(5));
}

std::vector<std::string> Types() {
  std::vector<std::string> types;
  for (const OptimizerRow& row : OptimizerRows()) {
    types.push_back(row.spec.type);
  }
  return types;
}

INSTANTIATE_TEST_SUITE_P(Optimizers, EveryOptimizer, testing::ValuesIn(Types()),
                         [](const testing::TestParamInfo<std::string>& of) {
                           return of.param;
                         });

}  // namespace
}  // namespace engram
