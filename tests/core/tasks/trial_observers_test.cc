// What those who know a task best can reach: their accuracy follows from the
// noise, and says that trials have the signal and the noise they should.

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/core/tasks/drawn_trials.h"

namespace engram {
namespace {

double Phi(double x) { return 0.5 * std::erfc(-x / std::sqrt(2.0)); }

// Who sums both channels of a stimulus and takes the larger one. The difference
// grows by c / 100 a step and scatters by sigma sqrt(2 / dt), so over T ms
// P = Phi(c / 100 sqrt(T / 2) / sigma).
double ByDifference(const std::string& yaml, int64_t trials, int64_t first) {
  return DrawnTrials(yaml).Share(trials, [first](const Trial& trial) {
    return IsRight(trial, SumOf(trial, "stimulus", first) -
                              SumOf(trial, "stimulus", first + 1));
  });
}

struct Ideal {
  std::string yaml;
  double accuracy;
};

void Holds(const Ideal& ideal, int64_t trials, int64_t first = 1) {
  EXPECT_NEAR(ByDifference(ideal.yaml, trials, first), ideal.accuracy,
              FourErrors(ideal.accuracy, trials))
      << ideal.yaml;
}

TEST(PerceptualDecisionMakingTest, IdealObserverDependsOnCoherenceAndTime) {
  const std::string dots = "{type: perceptual_decision_making, ";
  EXPECT_NEAR(Phi(0.064 * std::sqrt(1000.0)), 0.97851, 1e-5);
  for (const Ideal& ideal : {Ideal{dots + "cohs: [0]}", 0.5},
                             {dots + "cohs: [6.4]}", 0.97851},
                             {dots + "cohs: [12.8]}", 0.99997},
                             {dots + "cohs: [25.6]}", 1},
                             {dots + "cohs: [51.2]}", 1}}) {
    Holds(ideal, 2000);
  }
  Holds({dots + "dt: 100}", 0.89570}, 10000);
  // Twice the noise counts as a quarter of the time.
  Holds({dots + "cohs: [6.4], sigma: 2}", Phi(0.064 * std::sqrt(250.0))}, 2000);
}

TEST(PerceptualDecisionMakingTest, IdealObserverDoesNotDependOnTheStep) {
  for (const int dt : {10, 40, 400}) {
    Holds({absl::StrCat("{type: perceptual_decision_making, fixation: 400, "
                        "decision: 400, cohs: [3.2], dt: ",
                        dt, "}"),
           Phi(0.032 * std::sqrt(1000.0))},
          2000);
  }
}

// 1150 ms are eleven steps of 100 ms.
TEST(PerceptualDecisionMakingTest, WithDelayedResponseTimeIsRoundedDown) {
  const std::string dots = "{type: perceptual_decision_making_delay_response, ";
  for (const Ideal& ideal : {Ideal{dots + "cohs: [0]}", 0.5},
                             {dots + "cohs: [6.4]}", 0.93331},
                             {dots + "cohs: [12.8]}", 0.99866},
                             {dots + "cohs: [25.6]}", 1},
                             {dots + "cohs: [6.4], stim_scale: 2}", 0.99866}}) {
    Holds(ideal, 2000);
  }
  Holds({dots + "dt: 100}", 0.88639}, 8000);
}

TEST(ContextDecisionMakingTest, IdealObserverReadsTheModalityThatCounts) {
  const std::string dots = "{type: context_decision_making, ";
  for (const Ideal& ideal : {Ideal{dots + "cohs: [5]}", 0.82521},
                             {dots + "cohs: [15]}", 0.99749},
                             {dots + "cohs: [50]}", 1},
                             {dots + "cohs: [5], dt: 10}", 0.8335}}) {
    Holds(ideal, 2000);
  }
  Holds({dots + "dt: 100}", 0.94090}, 6000);
  Holds({dots + "impl_context_modality: 1}", 0.94090}, 3000, 3);
  // The other one says nothing.
  Holds({dots + "dt: 100}", 0.5}, 3000, 3);
}

TEST(ContextDecisionMakingTest, TheContextThatIsShownSaysWhichModalityCounts) {
  const DrawnTrials trials(
      "{type: context_decision_making, use_expl_context: true}");
  const double right = trials.Share(4000, [](const Trial& trial) {
    const int64_t first = trial.observation(5, 0) == 1 ? 1 : 3;
    return IsRight(trial, SumOf(trial, "stimulus", first) -
                              SumOf(trial, "stimulus", first + 1));
  });
  EXPECT_NEAR(right, 0.94090, FourErrors(0.94090, 4000));
}

// Both senses added have the whole coherence and twice the variance: P =
// Phi(c / 100 sqrt(T) / 2), of 700 ms.
TEST(MultiSensoryIntegrationTest, BothSensesAddedHaveTheWholeCoherence) {
  for (const double coh : {5.0, 15.0}) {
    const DrawnTrials trials(
        absl::StrCat("{type: multi_sensory_integration, cohs: [", coh, "]}"));
    const double wanted = Phi(coh / 100 * std::sqrt(700.0) / 2);
    const double right = trials.Share(3000, [](const Trial& trial) {
      const auto sum = [&](int64_t i) { return SumOf(trial, "stimulus", i); };
      return IsRight(trial, sum(1) + sum(3) - sum(2) - sum(4));
    });
    EXPECT_NEAR(right, wanted, FourErrors(wanted, 3000));
  }
}

// Levels differ by 8 / 24 / 2 = 1/6, each is seen five times with noise of
// 0.1: Phi(1 / 6 / (0.1 sqrt(2 / 5))) = Phi(2.635).
TEST(DelayComparisonTest, IdealObserverSubtractsBothFrequencies) {
  const double wanted = Phi(1.0 / 6 / (0.1 * std::sqrt(0.4)));
  EXPECT_NEAR(wanted, 0.9958, 1e-4);
  const double right =
      DrawnTrials("{type: delay_comparison}")
          .Share(10000, [](const Trial& trial) {
            return IsRight(trial, SumOf(trial, "stimulus1", 1) -
                                      SumOf(trial, "stimulus2", 1));
          });
  EXPECT_NEAR(right, wanted, FourErrors(wanted, 10000));
}

// Counts of both sides are Poisson, their difference is Skellam; P(> 0) + P(=
// 0) / 2 by summing its terms.
TEST(PoissonClicksTest, CountsOfClicksAreSkellam) {
  struct Case {
    int ms;
    double gamma, accuracy;
  };
  for (const Case& c :
       {Case{500, 0.5, 0.8636}, Case{500, 1, 0.9827}, Case{500, 1.5, 0.9986},
        Case{200, 0.5, 0.7538}, Case{200, 1, 0.9069}, Case{200, 1.5, 0.9693},
        Case{1000, 0.5, 0.9401}}) {
    const DrawnTrials trials(
        absl::StrCat("{type: poisson_clicks, answer: rate, stimulus: ", c.ms,
                     ", gamma: [", c.gamma, "]}"));
    const double right = trials.Share(2000, [](const Trial& trial) {
      return IsRight(trial,
                     SumOf(trial, "stimulus", 1) - SumOf(trial, "stimulus", 2));
    });
    EXPECT_NEAR(right, c.accuracy, FourErrors(c.accuracy, 2000)) << c.gamma;
  }
}

// 24.90 and 15.10 clicks a second: of 2000 s the counts scatter by their
// roots, in steps of 10 and of 100 ms alike.
TEST(PoissonClicksTest, RatesAddUpToTheTotal) {
  for (const char* dt : {"10", "100"}) {
    const DrawnTrials trials(absl::StrCat(
        "{type: poisson_clicks, answer: rate, stimulus: 1000, gamma: [0.5], "
        "dt: ",
        dt, "}"));
    double more = 0, less = 0;
    for (int64_t k = 0; k < 2000; ++k) {
      const Trial trial = trials[k];
      const int64_t better = AnswerOf(trial);
      more += SumOf(trial, "stimulus", better);
      less += SumOf(trial, "stimulus", 3 - better);
    }
    EXPECT_NEAR(more / 2000, 24.898, 4 * std::sqrt(24.9 / 2000));
    EXPECT_NEAR(less / 2000, 15.102, 4 * std::sqrt(15.1 / 2000));
  }
}

TEST(PoissonClicksTest, TheSideWithMoreClicksIsRightByDefault) {
  const DrawnTrials trials("{type: poisson_clicks, gamma: [0.2]}");
  for (int64_t k = 0; k < 500; ++k) {
    const Trial trial = trials[k];
    const double lead =
        SumOf(trial, "stimulus", 1) - SumOf(trial, "stimulus", 2);
    if (lead != 0) {
      EXPECT_EQ(AnswerOf(trial), lead > 0 ? 1 : 2);
    }
  }
}

// 1 when the shares of pulses say so; a tie of 6 bins with 0.3 and 0.7 is
// answered by a coin. P(n1 > n2) of binomial numbers by summing.
TEST(PulseDecisionMakingTest, TheLikelierSideHasMorePulses) {
  const auto binomial = [](int k, double p) {
    return std::tgamma(7) / std::tgamma(k + 1) / std::tgamma(7 - k) *
           std::pow(p, k) * std::pow(1 - p, 6 - k);
  };
  double lead = 0;
  for (int a = 0; a <= 6; ++a) {
    for (int b = 0; b <= 6; ++b) {
      const double p = binomial(a, 0.7) * binomial(b, 0.3);
      lead += a > b ? p : (a == b ? p / 2 : 0);
    }
  }
  const DrawnTrials trials(
      "{type: pulse_decision_making, p_pulse: [0.7, 0.3]}");
  double right = 0, ties = 0;
  for (int64_t k = 0; k < 2000; ++k) {
    const Trial trial = trials[k];
    double counts[2] = {0, 0};
    for (int side = 0; side < 2; ++side) {
      for (int bin = 0; bin < 6; ++bin) {
        counts[side] +=
            SumOf(trial, absl::StrCat("cue", bin).c_str(), 1 + side);
      }
    }
    ties += counts[0] == counts[1] ? 1 : 0;
    if (counts[0] != counts[1]) {
      EXPECT_EQ(AnswerOf(trial), counts[0] > counts[1] ? 1 : 2);
    }
    right += counts[0] + counts[1];
  }
  // Six bins with 0.3 + 0.7 pulses.
  EXPECT_NEAR(right / 2000, 6, 4 * std::sqrt(12 * 0.21 / 2000));
  double tie = 0;
  for (int a = 0; a <= 6; ++a) tie += binomial(a, 0.7) * binomial(a, 0.3);
  EXPECT_NEAR(ties / 2000, tie, FourErrors(tie, 2000));
  EXPECT_GT(lead, 0.9);
}

// Whoever adds weights is right with 1 / (1 + 10^-|sum|), in the mean over all
// 10^4 combinations of shapes.
TEST(ProbabilisticReasoningTest, WhoAddsWeightsIsRightAsOftenAsOddsSay) {
  const std::array<double, 10> weights = {-10, -0.9, -0.7, -0.5, -0.3,
                                          0.3, 0.5,  0.7,  0.9,  10};
  double wanted = 0;
  for (int k = 0; k < 10000; ++k) {
    const double sum = weights[static_cast<size_t>(k % 10)] +
                       weights[static_cast<size_t>(k / 10 % 10)] +
                       weights[static_cast<size_t>(k / 100 % 10)] +
                       weights[static_cast<size_t>(k / 1000)];
    wanted += 1 / (1 + std::pow(10.0, -std::abs(sum))) / 10000;
  }
  const double right = DrawnTrials("{type: probabilistic_reasoning}")
                           .Share(4000, [&](const Trial& trial) {
                             const int64_t last = trial.At("delay").begin - 1;
                             double sum = 0;
                             for (int64_t i = 0; i < 40; ++i) {
                               sum += trial.observation(1 + i, last) *
                                      weights[static_cast<size_t>(i % 10)];
                             }
                             return IsRight(trial, -std::round(sum * 10));
                           });
  EXPECT_NEAR(right, wanted, FourErrors(wanted, 4000));
}

// P(tie) and the best constant answer, of 45 steps with a puff in three of ten.
TEST(EvidenceAccumulationTest, TiesAndConstantAnswers) {
  const DrawnTrials trials("{type: evidence_accumulation}");
  EXPECT_EQ(trials.task().most_steps(), 50);
  std::array<double, 3> shares = {};
  for (int64_t k = 0; k < 10000; ++k) {
    const Trial trial = trials[k];
    const double lead =
        SumOf(trial, "stimulus", 1) - SumOf(trial, "stimulus", 0);
    EXPECT_EQ(AnswerOf(trial), lead == 0 ? 0 : (lead < 0 ? 1 : 2));
    EXPECT_FALSE(trial.is_asked(48));
    shares[static_cast<size_t>(AnswerOf(trial))] += 1e-4;
  }
  EXPECT_NEAR(shares[0], 0.1087, FourErrors(0.1087, 10000));
  EXPECT_NEAR(shares[1], 0.4457, FourErrors(0.4457, 10000));
  EXPECT_NEAR(shares[2], 0.4457, FourErrors(0.4457, 10000));
}

// Without looking at the stimulus one answer is as good as the other.
TEST(TrialsTest, AnswersAreDrawnWithEqualShares) {
  for (const char* type :
       {"perceptual_decision_making", "delay_match_sample", "delay_comparison",
        "context_decision_making", "pulse_decision_making", "go_nogo",
        "delay_paired_association", "delay_match_category",
        "probabilistic_reasoning", "post_decision_wager", "poisson_clicks"}) {
    const DrawnTrials trials(absl::StrCat("{type: ", type, "}"));
    const double share = trials.Share(
        1000, [](const Trial& trial) { return AnswerOf(trial) == 1 ? 1 : 0; });
    EXPECT_NEAR(share, 0.5, FourErrors(0.5, 1000)) << type;
  }
}

}  // namespace
}  // namespace engram
