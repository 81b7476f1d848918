// How far a trained network comes on larger n in a fixed number of epochs: it
// goes on, from what it has learned, with the one readout that it is judged by,
// on one larger n after the other, each time from the same parameters.
//
// Source: after Khajehabdollahi et al. (2024), ICLR, arXiv:2309.12927.

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "core/analyses/training/answers.h"
#include "core/analyses/training/catalog.h"
#include "core/base/array.h"
#include "core/programs/prefix_visitor.h"
#include "core/programs/state_array.h"
#include "core/tasks/supervised/binary_memory.h"
#include "core/training/trainer.h"

namespace engram {
namespace {

int64_t UpdatesOf(const Component& analysis, const Component& root) {
  return analysis.Integer("epochs") * root.Integer("updates");
}

int64_t BatchesOf(const Component& analysis, const Component& root) {
  return UpdatesOf(analysis, root) + root.Integer("test_batches");
}

// A part is a batch: the updates of an n, then the tests, then those of the
// next n.
template <class Real>
class Retraining final : public TrainedAnalysis<Real> {
 public:
  explicit Retraining(const TrainedSubject& subject)
      : analysis_(subject.analysis),
        root_(subject.root),
        seed_(subject.seed),
        parallel_(subject.parallel),
        task_(MakeSupervisedTask(root_.Slot("task"), seed_)),
        right_(analysis_.Integer("count")),
        asked_(right_.rows()),
        has_diverged_(right_.rows()) {
    MakeTrainer();
  }

  void RunPart(const TrainedState<Real>& trained, int64_t part) override {
    const int64_t k = part / BatchesOf(analysis_, root_);
    const int64_t of_n = part % BatchesOf(analysis_, root_);
    const int64_t updates = UpdatesOf(analysis_, root_);
    const Question from = Judged(trained);
    if (of_n == 0) {
      MakeTrainer();
      CopyParameters(trained, from);
    }
    const Stage stage{.n = {from.n + k + 1}};
    if (has_diverged_[k] != 0) return;
    if (of_n < updates) {
      Update(stage, k, of_n);
    } else {
      trainer_->Fill(stage, Part::kTest, of_n - updates, of_n - updates, {});
      trainer_->Test(right_.span().subspan(static_cast<size_t>(k), 1),
                     asked_.span().subspan(static_cast<size_t>(k), 1));
    }
  }

  void Finish(const TrainedState<Real>& trained, AnalysisOutput& out) override {
    const Question from = Judged(trained);
    double sum = 0, count = 0;
    for (int64_t k = 0; k < right_.rows(); ++k) {
      const Measured relative =
          has_diverged_[k] != 0
              ? Measured::Absent("training diverged")
              : RelativeAccuracy(static_cast<double>(right_[k]) /
                                     static_cast<double>(asked_[k]),
                                 1);
      out.Point("retrained_accuracy", "1", "n", "1",
                static_cast<double>(from.n + k + 1), relative);
      if (relative.is_absent()) continue;
      sum += relative.value();
      ++count;
    }
    out.Summary("retrained_from", "1",
                Measured::Of(static_cast<double>(from.n)));
    out.Summary("retrained_mean", "1",
                count > 0 ? Measured::Of(sum / count)
                          : Measured::Absent("training diverged"));
  }

  void VisitState(const std::string& path, StateVisitor& v) override {
    PrefixVisitor within(path + ".", v);
    trainer_->VisitState(within);
    v.State(path + ".right", StateOf(right_, "1"));
    v.State(path + ".asked", StateOf(asked_, "1"));
    v.State(path + ".has_diverged", StateOf(has_diverged_, "1"));
  }

 private:
  Question Judged(const TrainedState<Real>& trained) const {
    return QuestionOf(trained.stage, trained.passed, analysis_.Integer("n"));
  }

  // Anew for each n, with the optimizer's memory empty.
  void MakeTrainer() {
    trainer_ =
        std::make_unique<Trainer<Real>>(root_, *task_, 1, seed_, parallel_);
  }

  // All of the layers', and the judged readout's.
  void CopyParameters(const TrainedState<Real>& trained, const Question& from) {
    const int64_t outputs = trained.network.shape().outputs;
    for (const ParameterMatrix& to : trainer_->network().layout().matrices()) {
      const ParameterMatrix& of = *trained.network.layout().Find(to.name);
      const int64_t first = of.rows == to.rows ? 0 : from.head * outputs;
      for (int64_t j = 0; j < to.cols; ++j) {
        std::copy_n(trained.parameters + of.offset + j * of.rows + first,
                    to.rows, trainer_->parameters() + to.offset + j * to.rows);
      }
    }
  }

  void Update(const Stage& stage, int64_t k, int64_t update) {
    // Trials that training has not seen: numbers go on behind its own.
    const int64_t batch =
        root_.Integer("epochs") * root_.Integer("updates") + update;
    trainer_->Fill(stage, Part::kTraining, batch, update, {});
    const double loss = trainer_->Learn();
    const double norm = trainer_->GradientNorm();
    if (!std::isfinite(loss) || !std::isfinite(norm)) {
      has_diverged_[k] = 1;
      return;
    }
    const double clip = root_.Real("gradient_clip");
    if (clip > 0) trainer_->Clip(norm, clip);
    trainer_->Step(update + 1);
  }

  const Component& analysis_;
  const Component& root_;
  const uint64_t seed_;
  Parallel& parallel_;
  const std::unique_ptr<SupervisedTask> task_;
  std::unique_ptr<Trainer<Real>> trainer_;
  Array<int64_t> right_, asked_, has_diverged_;  // (n_larger)
};

std::string Refuse(const Component&, const Component& root) {
  const std::string& task = root.Slot("task").type;
  if (IsBinaryMemory(root.Slot("task"))) return "";
  return absl::StrCat(
      "retraining goes on to larger n, which n_parity and n_dms have; ", task,
      " has none: leave the analysis out");
}

}  // namespace

TrainedAnalysisRow RetrainingRow() {
  const OutputKind summary = OutputKind::kSummary;
  TrainedAnalysisRow row = RowOfTrainedAnalysis<Retraining>(
      {.type = "retraining",
       .summary = "how far a trained network comes on larger n, from the same "
                  "parameters each, in a fixed number of epochs",
       .equation = "relative accuracy = (a - 1/2) / (1/2) of one readout after "
                   "training it further on n + 1, on n + 2, ...",
       .reference = "arXiv:2309.12927",
       .parameters = {Integer(
                          "n", 0, 0, 10000,
                          "whose readout goes on; 0: of the largest n that was "
                          "passed"),
                      Integer("count", 4, 1, 1000,
                              "larger n, each from n's parameters"),
                      Integer("epochs", 2, 1, 1000000,
                              "of each, of as many updates as "
                              "the program's")},
       .outputs = {{"retrained_from", summary, "1", "", "n"},
                   {"retrained_mean", summary, "1", "",
                    "relative accuracy, mean over larger n"},
                   {"retrained_accuracy", OutputKind::kSeries, "1", "n",
                    "relative accuracy after training on it"}}});
  row.refusal = Refuse;
  row.parts = [](const Component& c, const Component& root) {
    return c.Integer("count") * BatchesOf(c, root);
  };
  row.work = [](const Component& c, const Component& root) {
    const double steps =
        4.0 * static_cast<double>(ShapeOfTask(root.Slot("task")).largest_n);
    return TrainedWork{
        .columns = steps *
                   static_cast<double>(c.Integer("count") * BatchesOf(c, root) *
                                       root.Integer("batch")),
        .bytes = 0};
  };
  row.state = [](const Component&, const Component& root) {
    std::vector<std::string> paths =
        ArraysOfTrainer(root, ShapeOfTask(root.Slot("task")), 1);
    paths.insert(paths.end(), {"right", "asked", "has_diverged"});
    return paths;
  };
  return row;
}

}  // namespace engram
