#include "core/analyses/training/answers.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "core/analyses/training/driven_network.h"
#include "core/base/contract.h"
#include "core/curricula/curriculum.h"
#include "core/tasks/supervised/binary_memory.h"

namespace engram {
namespace {

constexpr int64_t kClasses = 2;
// A baseline nearer to chance than this answers nothing.
constexpr double kLeastAboveChance = 0.05;

int64_t HoldOf(const Component& task) {
  return task.Has("hold_low") ? task.Integer("hold_low") : 1;
}

// The largest n that may be asked about.
int64_t LargestAsked(const Component& analysis, const Component& root) {
  const int64_t beyond =
      analysis.parameters.contains("beyond") ? analysis.Integer("beyond") : 0;
  if (analysis.Integer("n") > 0) return analysis.Integer("n") + beyond;
  const Component* curriculum = root.Find("curriculum");
  if (curriculum == nullptr) return 1;
  const int64_t offered = ShapeOfTask(root.Slot("task")).largest_n;
  return ReachOf(*curriculum, offered).largest_n + beyond;
}

}  // namespace

Question QuestionOf(const Stage& stage, int64_t passed, int64_t n) {
  const auto head_of = [&](int64_t wanted) {
    const auto at = std::ranges::find(stage.n, wanted);
    return at == stage.n.end() ? stage.heads() - 1 : at - stage.n.begin();
  };
  if (n > 0) return {head_of(n), n};
  int64_t best = *std::ranges::min_element(stage.n);
  for (const int64_t asked : stage.n) {
    if (asked <= passed) best = std::max(best, asked);
  }
  return {head_of(best), best};
}

template <class Real>
Answers<Real>::Answers(const TrainedSubject& subject)
    : task_(subject.root.Slot("task")),
      repeats_(subject.analysis.Integer("repeats")),
      warm_up_(subject.analysis.Integer("warm_up")),
      bits_of_a_stream_(warm_up_ + subject.analysis.Integer("steps")),
      hold_(HoldOf(task_)),
      low_(task_.Real("low")),
      draws_share_(subject.analysis.Text("share") == "drawn"),
      shares_(subject.seed, subject.analysis.path, "shares of ones"),
      bits_(subject.seed, subject.analysis.path, "bits") {}

template <class Real>
void Answers<Real>::Fill(const TrainedState<Real>& trained, int64_t heads,
                         int64_t first, int64_t last) {
  block_.part = Part::kTest;
  block_.samples = block_.batch_samples = last - first;
  block_.steps = bits_of_a_stream_ * hold_;
  block_.first_scored = warm_up_ * hold_;
  block_.first_trial = kTrialsOfAnalyses + first;
  block_.heads = heads;
  block_.hold = hold_;
  Resize(1, trained.task.shape().outputs, block_);
  ones_.assign(static_cast<size_t>(last - first), {});
  for (int64_t k = 0; k < last - first; ++k) {
    const double share = draws_share_ ? shares_.Uniform(first + k, 0) : 0.5;
    const TrialView view = ViewOfTrial(block_, k);
    for (int64_t bit = 0; bit < bits_of_a_stream_; ++bit) {
      const bool one = bits_.Uniform(first + k, bit) < share;
      ones_[static_cast<size_t>(k)].push_back(one ? 1 : 0);
      for (int64_t step = bit * hold_; step < (bit + 1) * hold_; ++step) {
        view.SetInput(0, step, one ? 1 : low_);
      }
    }
  }
}

template <class Real>
std::vector<double> Answers<Real>::Shares(
    const TrainedState<Real>& trained, const Real* parameters,
    const std::vector<Question>& questions, int64_t first, int64_t last) {
  int64_t heads = 1;
  for (const Question& q : questions) heads = std::max(heads, q.head + 1);
  Fill(trained, heads, first, last);
  trained.network.Resize(block_, pass_);
  trained.network.DrawState(block_, pass_);
  trained.network.Forward(parameters, block_, pass_);
  std::vector<double> shares;
  for (size_t k = 0; k < questions.size(); ++k) {
    shares.push_back(Count(questions[k], k == 0));
  }
  return shares;
}

template <class Real>
double Answers<Real>::Count(const Question& question, bool keeps_bits) {
  const int64_t rows = block_.heads * kClasses;
  const int64_t scored = bits_of_a_stream_ - warm_up_;
  std::vector<double> right(static_cast<size_t>(scored));
  for (int64_t k = 0; k < block_.samples; ++k) {
    const std::span<const uint8_t> ones = ones_[static_cast<size_t>(k)];
    for (int64_t bit = 0; bit < scored; ++bit) {
      const int64_t column = ((bit + 1) * hold_ - 1) * block_.samples + k;
      const Real* y =
          pass_.outputs.data() + rows * column + kClasses * question.head;
      const int32_t answer = y[1] > y[0] ? 1 : 0;
      const auto seen = static_cast<size_t>(warm_up_ + bit + 1);
      right[static_cast<size_t>(bit)] +=
          answer == LabelOfBits(task_, ones.first(seen), question.n);
    }
  }
  double sum = 0;
  for (double& r : right) {
    sum += r;
    r /= static_cast<double>(block_.samples);
  }
  if (keeps_bits) at_bit_ = std::move(right);
  return sum / static_cast<double>(scored * block_.samples);
}

template class Answers<float>;
template class Answers<double>;

std::vector<ParameterSpec> AnswerParameters(const char* share) {
  return {Integer("n", 0, 0, 10000,
                  "that is asked about; 0: the largest that was passed"),
          Integer("steps", 1000, 1, 1000000, "bits after which is asked"),
          Integer("warm_up", 100, 0, 1000000, "bits before them"),
          Integer("repeats", 10, 1, 10000, "streams of bits"),
          Choice("share", share, {"half", "drawn"},
                 "of ones in a stream: one half, or drawn uniformly")};
}

std::string RefuseAnswers(const Component& analysis, const Component& root) {
  const Component& task = root.Slot("task");
  if (!IsBinaryMemory(task)) {
    return absl::StrCat(analysis.type,
                        " asks about the last n bits of a stream after every "
                        "bit, which n_parity and n_dms can answer; ",
                        task.type, " cannot: leave the analysis out");
  }
  const std::string& readout = root.Slot("readout").type;
  if (readout != "linear_readout") {
    return absl::StrCat(analysis.type, " reads a readout at every step; ",
                        readout,
                        " gives one answer for a trial: take linear_readout");
  }
  const int64_t largest = LargestAsked(analysis, root);
  if (analysis.Integer("warm_up") + 1 >= largest) return "";
  return absl::StrCat("warm_up = ", analysis.Integer("warm_up"),
                      " bits are fewer than n - 1 = ", largest - 1,
                      ", so the first questions would be about bits that never "
                      "came; make warm_up larger");
}

double ColumnsOfAnswers(const Component& analysis, const Component& root) {
  return static_cast<double>(
      (analysis.Integer("warm_up") + analysis.Integer("steps")) *
      analysis.Integer("repeats") * HoldOf(root.Slot("task")));
}

Measured RelativeAccuracy(double accuracy, double baseline) {
  if (baseline < 0.5 + kLeastAboveChance) {
    return Measured::Absent("the network answers hardly above chance");
  }
  return Measured::Of((accuracy - 0.5) / (baseline - 0.5));
}

}  // namespace engram
