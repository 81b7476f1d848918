// What single units of a leaky network are worth: its slowest and its fastest
// ones are taken out one at a time, with the row and the column of recurrent
// weights, the weights from inputs and those to the readout that is read.
// Biases stay, as in the published analysis, which took out weights to the
// first readout whatever was read.
//
// Source: Khajehabdollahi et al. (2024), ICLR, arXiv:2309.12927.

#include <algorithm>
#include <numeric>

#include "absl/strings/str_cat.h"
#include "core/analyses/record_table.h"
#include "core/analyses/training/answers.h"
#include "core/analyses/training/catalog.h"
#include "core/base/array.h"
#include "core/programs/state_array.h"

namespace engram {
namespace {

// Units of each kind that are taken out.
int64_t CountOf(const Component& analysis, const Component& root) {
  return std::min(analysis.Integer("count"),
                  root.Slot("network").Integer("units") / 2);
}

// Units by falling time constant, of equal ones the first.
std::vector<int64_t> BySlowness(const std::vector<double>& tau) {
  std::vector<int64_t> order(tau.size());
  std::iota(order.begin(), order.end(), int64_t{0});
  std::ranges::stable_sort(order, [&](int64_t a, int64_t b) {
    return tau[static_cast<size_t>(a)] > tau[static_cast<size_t>(b)];
  });
  return order;
}

template <class Real>
void ZeroRow(const ParameterMatrix& matrix, int64_t row, Real* store) {
  for (int64_t j = 0; j < matrix.cols; ++j) {
    store[matrix.offset + j * matrix.rows + row] = 0;
  }
}

// Part 0 measures the whole network, the next ones the slowest units, from the
// slowest on, the last ones the fastest, from the fastest on.
template <class Real>
class Ablation final : public TrainedAnalysis<Real> {
 public:
  explicit Ablation(const TrainedSubject& subject)
      : n_(subject.analysis.Integer("n")),
        count_(CountOf(subject.analysis, subject.root)),
        answers_(subject),
        accuracy_(1 + 2 * count_) {}

  void RunPart(const TrainedState<Real>& trained, int64_t part) override {
    const Question question = QuestionOf(trained.stage, trained.passed, n_);
    const Real* first = trained.parameters;
    std::vector<Real> store(first, first + trained.network.layout().size());
    if (part > 0) TakeOut(trained, UnitOf(trained, part), question, store);
    accuracy_[part] = answers_.Share(trained, store.data(), question);
  }

  void Finish(const TrainedState<Real>& trained, AnalysisOutput& out) override {
    const Question question = QuestionOf(trained.stage, trained.passed, n_);
    out.Summary("ablation_n", "1",
                Measured::Of(static_cast<double>(question.n)));
    out.Summary("ablation_baseline", "1", Measured::Of(accuracy_[0]));
    Report("slow", 1, trained, out);
    Report("fast", 1 + count_, trained, out);
  }

  void VisitState(const std::string& path, StateVisitor& v) override {
    v.State(path + ".accuracy", StateOf(accuracy_, "1"));
  }

 private:
  int64_t UnitOf(const TrainedState<Real>& trained, int64_t part) const {
    const auto order = BySlowness(ParameterOf(trained, "tau"));
    const auto place = static_cast<size_t>(part - 1);
    const auto count = static_cast<size_t>(count_);
    return place < count ? order[place]
                         : order[order.size() - 1 - (place - count)];
  }

  static void TakeOut(const TrainedState<Real>& trained, int64_t unit,
                      const Question& question, std::vector<Real>& store) {
    const ParameterLayout& layout = trained.network.layout();
    const ParameterMatrix& recurrent = *layout.Find("recurrent_weights");
    ZeroRow(recurrent, unit, store.data());
    std::fill_n(store.begin() + recurrent.offset + unit * recurrent.rows,
                recurrent.rows, Real{0});
    ZeroRow(*layout.Find("input_weights"), unit, store.data());
    const ParameterMatrix& readout = *layout.Find("readout_weights");
    const int64_t classes = trained.network.shape().outputs;
    std::fill_n(store.begin() + readout.offset + unit * readout.rows +
                    question.head * classes,
                classes, Real{0});
  }

  void Report(const std::string& kind, int64_t first,
              const TrainedState<Real>& trained, AnalysisOutput& out) const {
    const std::vector<double> tau = ParameterOf(trained, "tau");
    double sum = 0;
    for (int64_t k = 0; k < count_; ++k) {
      const Measured relative =
          RelativeAccuracy(accuracy_[first + k], accuracy_[0]);
      if (!relative.is_absent()) sum += relative.value();
      const double rank = static_cast<double>(k + 1);
      const auto unit = static_cast<size_t>(UnitOf(trained, first + k));
      out.Point(kind + "_relative_accuracy", "1", "rank", "1", rank, relative);
      out.Point(kind + "_tau", "1", "rank", "1", rank,
                Measured::Of(std::max(tau[unit], 1.0)));
    }
    const Measured one = RelativeAccuracy(accuracy_[0], accuracy_[0]);
    out.Summary("without_" + kind, "1",
                one.is_absent()
                    ? one
                    : Measured::Of(sum / static_cast<double>(count_)));
  }

  int64_t n_, count_;
  Answers<Real> answers_;
  Array<double> accuracy_;  // (1 + 2 count) of the whole, and without a unit
};

std::vector<ParameterSpec> Parameters() {
  std::vector<ParameterSpec> parameters = AnswerParameters("half");
  parameters.push_back(Integer("count", 20, 1, 100000,
                               "slowest and as many fastest units; half of "
                               "all at most"));
  return parameters;
}

std::string Refuse(const Component& analysis, const Component& root) {
  const std::string refusal = RefuseAnswers(analysis, root);
  if (!refusal.empty()) return refusal;
  const Component& network = root.Slot("network");
  if (network.type == "leaky_rnn" && network.Integer("layers") == 1 &&
      network.Integer("units") >= 2) {
    return "";
  }
  return absl::StrCat(
      "ablation takes out units of one leaky layer by their "
      "time constants; ",
      network.type,
      " has none: set network to {type: leaky_rnn, layers: 1} "
      "of two units and more");
}

}  // namespace

TrainedAnalysisRow AblationRow() {
  const OutputKind summary = OutputKind::kSummary, series = OutputKind::kSeries;
  TrainedAnalysisRow row = RowOfTrainedAnalysis<Ablation>(
      {.type = "ablation",
       .summary = "what the slowest and the fastest units of a trained leaky "
                  "network are worth: each is taken out alone",
       .equation = "relative accuracy = (a - 1/2) / (a_0 - 1/2)\n"
                   "without unit i: row and column i of the recurrent weights, "
                   "weights from inputs to i, and those of the readout that "
                   "is read from i are 0",
       .reference = "arXiv:2309.12927",
       .parameters = Parameters(),
       .outputs = {
           {"ablation_n", summary, "1", "", "that is asked about"},
           {"ablation_baseline", summary, "1", "",
            "share of right answers of the whole network"},
           {"without_slow", summary, "1", "",
            "mean relative accuracy without one of the slowest units"},
           {"without_fast", summary, "1", "", "without one of the fastest"},
           {"slow_relative_accuracy", series, "1", "rank",
            "without the slowest unit, the next one, ..."},
           {"slow_tau", series, "1", "rank", "its time constant [steps]"},
           {"fast_relative_accuracy", series, "1", "rank",
            "without the fastest unit, the next one, ..."},
           {"fast_tau", series, "1", "rank", "its time constant [steps]"}}});
  row.refusal = Refuse;
  row.parts = [](const Component& c, const Component& root) {
    return 1 + 2 * CountOf(c, root);
  };
  row.work = [](const Component& c, const Component& root) {
    return TrainedWork{.columns = ColumnsOfAnswers(c, root) *
                                  static_cast<double>(1 + 2 * CountOf(c, root)),
                       .bytes = 0};
  };
  row.state = [](const Component&, const Component&) {
    return std::vector<std::string>{"accuracy"};
  };
  return row;
}

}  // namespace engram
