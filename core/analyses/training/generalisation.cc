// What a trained network answers beyond what it was asked: about smaller and
// larger n, and after longer streams.
//
// Source: after Khajehabdollahi et al. (2024), ICLR, arXiv:2309.12927.

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "core/analyses/training/answers.h"
#include "core/analyses/training/catalog.h"
#include "core/base/array.h"

namespace engram {
namespace {

constexpr int64_t kPlaces = 10;  // of the answers over length

template <class Real>
class Generalisation final : public TrainedAnalysis<Real> {
 public:
  explicit Generalisation(const TrainedSubject& subject)
      : n_(subject.analysis.Integer("n")),
        beyond_(subject.analysis.Integer("beyond")),
        warm_up_(subject.analysis.Integer("warm_up")),
        answers_(subject) {}

  void Finish(const TrainedState<Real>& trained, AnalysisOutput& out) override {
    const Question judged = QuestionOf(trained.stage, trained.passed, n_);
    std::vector<Question> questions = {judged};
    const int64_t least = std::max<int64_t>(
        1, std::min(*std::ranges::min_element(trained.stage.n), judged.n - 1));
    for (int64_t n = least; n <= judged.n + beyond_; ++n) {
      questions.push_back(QuestionOf(trained.stage, 0, n));
    }
    for (int64_t n = least; n <= judged.n + beyond_; ++n) {
      questions.push_back({judged.head, n});
    }
    const std::vector<double> shares = answers_.Shares(
        trained, trained.parameters, questions, 0, answers_.repeats());
    Report(trained.stage, questions, shares, out);
    ReportLengths(out);
  }

 private:
  // The judged question is the first one.
  static void Report(const Stage& stage, const std::vector<Question>& questions,
                     const std::vector<double>& shares, AnalysisOutput& out) {
    const Question& judged = questions[0];
    const size_t half = (questions.size() - 1) / 2;
    double least = shares[0];
    Measured smaller = Measured::Absent("there is no smaller n");
    Measured larger = Measured::Absent("no larger n is asked about");
    for (size_t k = 1; k <= half; ++k) {
      const int64_t n = questions[k].n;
      const double x = static_cast<double>(n);
      out.Point("n_accuracy", "1", "n", "1", x, Measured::Of(shares[k]));
      out.Point("head_accuracy", "1", "n", "1", x,
                Measured::Of(shares[half + k]));
      const bool is_asked = std::ranges::count(stage.n, n) > 0;
      if (is_asked && n <= judged.n) least = std::min(least, shares[k]);
      if (n == judged.n - 1) smaller = Measured::Of(shares[k]);
      if (n == judged.n + 1) larger = Measured::Of(shares[half + k]);
    }
    out.Summary("judged_n", "1", Measured::Of(static_cast<double>(judged.n)));
    out.Summary("judged_accuracy", "1", Measured::Of(shares[0]));
    out.Summary("least_accuracy", "1", Measured::Of(least));
    out.Summary("smaller_n_accuracy", "1", smaller);
    out.Summary("larger_n_accuracy", "1", larger);
  }

  void ReportLengths(AnalysisOutput& out) const {
    const std::vector<double>& at = answers_.at_bit();
    const auto bits = static_cast<int64_t>(at.size());
    double last = 0;
    for (int64_t place = 0; place < std::min(kPlaces, bits); ++place) {
      const int64_t begin = place * bits / std::min(kPlaces, bits);
      const int64_t end = (place + 1) * bits / std::min(kPlaces, bits);
      double sum = 0;
      for (int64_t k = begin; k < end; ++k) sum += at[static_cast<size_t>(k)];
      last = sum / static_cast<double>(end - begin);
      out.Point("length_accuracy", "1", "length", "1",
                static_cast<double>(warm_up_ + end), Measured::Of(last));
    }
    out.Summary("longest_accuracy", "1", Measured::Of(last));
  }

  int64_t n_, beyond_, warm_up_;
  Answers<Real> answers_;
};

std::vector<ParameterSpec> Parameters() {
  std::vector<ParameterSpec> parameters = AnswerParameters("drawn");
  for (ParameterSpec& spec : parameters) {
    if (spec.name == "repeats") spec.default_value = Value(64);
    if (spec.name == "warm_up") spec.default_value = Value(200);
  }
  parameters.push_back(
      Integer("beyond", 3, 0, 10000, "larger n that are asked about, too"));
  return parameters;
}

}  // namespace

TrainedAnalysisRow GeneralisationRow() {
  const OutputKind summary = OutputKind::kSummary, series = OutputKind::kSeries;
  TrainedAnalysisRow row = RowOfTrainedAnalysis<Generalisation>(
      {.type = "generalisation",
       .summary = "what a trained network answers about smaller and larger n "
                  "than the one it is judged by, and after longer streams",
       .equation = "share of right answers, readout by readout, at every bit "
                   "of random streams",
       .reference = "arXiv:2309.12927",
       .parameters = Parameters(),
       .outputs = {
           {"judged_n", summary, "1", "",
            "largest n that was passed and is still asked"},
           {"judged_accuracy", summary, "1", "", "about it"},
           {"least_accuracy", summary, "1", "",
            "about n that are still asked, up to it, each by its own readout"},
           {"smaller_n_accuracy", summary, "1", "",
            "about n - 1, by the readout that has it or by the last one"},
           {"larger_n_accuracy", summary, "1", "",
            "of the judged readout about n + 1"},
           {"longest_accuracy", summary, "1", "",
            "at the end of the streams, about n"},
           {"n_accuracy", series, "1", "n",
            "each by the readout that has it, or by the last one"},
           {"head_accuracy", series, "1", "n", "of the judged readout alone"},
           {"length_accuracy", series, "1", "length",
            "of the judged readout, after so many bits and a tenth less"}}});
  row.refusal = RefuseAnswers;
  row.work = [](const Component& c, const Component& root) {
    return TrainedWork{.columns = ColumnsOfAnswers(c, root), .bytes = 0};
  };
  return row;
}

}  // namespace engram
