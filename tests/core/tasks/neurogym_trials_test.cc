// Trials step by step as NeuroGym makes them.

#include "tests/core/tasks/neurogym_trials.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "tests/core/tasks/drawn_trials.h"

namespace engram {
namespace {

std::string StepText(const Trial& trial, int64_t t) {
  std::string text;
  for (int64_t i = 0; i < trial.shape().channels; ++i) {
    const double x = trial.observation(i, t);
    absl::StrAppend(&text, i == 0 ? "" : " ",
                    std::abs(x) < 5e-5 ? "0" : absl::StrFormat("%.4g", x));
  }
  return absl::StrCat("[", text, " -> ", trial.action(t), "]");
}

// Like steps together.
std::string TextOf(const Trial& trial) {
  std::string text;
  for (int64_t t = 0; t < trial.steps();) {
    const std::string step = StepText(trial, t);
    int64_t last = t;
    while (last < trial.steps() && StepText(trial, last) == step) ++last;
    absl::StrAppend(&text, text.empty() ? "" : " ", last - t, "x", step);
    t = last;
  }
  return text;
}

struct Golden {
  std::string yaml;
  std::set<std::string> trials;
};

std::vector<Golden> Goldens() {
  std::vector<Golden> goldens;
  for (absl::string_view line :
       absl::StrSplit(kNeurogymTrials, '\n', absl::SkipEmpty())) {
    if (line.substr(0, 3) == "## ") {
      const std::string head(line.substr(3));
      goldens.push_back({head.substr(0, head.rfind('}') + 1), {}});
    } else {
      goldens.back().trials.insert(std::string(line));
    }
  }
  return goldens;
}

// Conditions of a task have equal shares, except for a rare one of
// probabilistic_reasoning, 1 in 400: of 4000 trials none misses it.
TEST(NeurogymTrialsTest, ObservationsAndAnswersAreTheSameInEveryCondition) {
  const std::vector<Golden> goldens = Goldens();
  EXPECT_EQ(goldens.size(), 21u);
  for (const Golden& golden : goldens) {
    const DrawnTrials trials(golden.yaml);
    const bool has_rare = golden.trials.size() == 16;
    std::set<std::string> drawn;
    for (int64_t k = 0; k < (has_rare ? 4000 : 400); ++k) {
      drawn.insert(TextOf(trials[k]));
    }
    EXPECT_EQ(drawn, golden.trials) << golden.yaml;
  }
}

}  // namespace
}  // namespace engram
