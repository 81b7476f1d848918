#include "core/programs/supervised_training.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "absl/strings/str_cat.h"
#include "core/base/contract.h"
#include "core/base/math.h"
#include "core/programs/state_array.h"

namespace engram {
namespace {

std::unique_ptr<Curriculum> CurriculumOf(const Component& root) {
  const Component* component = root.Find("curriculum");
  if (component == nullptr) return nullptr;
  return MakeCurriculum(*component, ShapeOfTask(root.Slot("task")).largest_n);
}

// Stands for a task whose files cannot be read, so that there are the arrays
// that the tree promises; nobody is taught it.
class UnreadTask final : public SupervisedTask {
 public:
  explicit UnreadTask(TaskShape shape) : shape_(shape) {}
  const TaskShape& shape() const override { return shape_; }
  BatchLength Length(const Stage&, Part, int64_t) const override { return {}; }
  void Fill(const Stage&, const TrialAddress&,
            const TrialView&) const override {
    ENGRAM_EXPECT(false);
  }

 private:
  TaskShape shape_;
};

std::unique_ptr<SupervisedTask> TaskOf(const Component& task, uint64_t seed,
                                       const Inputs& inputs,
                                       absl::Status& unfit) {
  auto read = ReadSupervisedTask(task, seed, inputs);
  if (read.ok()) return *std::move(read);
  unfit = read.status();
  return std::make_unique<UnreadTask>(ShapeOfTask(task));
}

}  // namespace

CurriculumReach ReachOfTraining(const Component& root) {
  const Component* component = root.Find("curriculum");
  if (component == nullptr) return {};
  return ReachOf(*component, ShapeOfTask(root.Slot("task")).largest_n);
}

template <class Real>
SupervisedTraining<Real>::SupervisedTraining(const Component& root,
                                             uint64_t seed, Context context)
    : root_(root),
      epochs_(root.Integer("epochs")),
      updates_(root.Integer("updates")),
      test_batches_(root.Integer("test_batches")),
      patience_(root.Integer("patience")),
      align_every_(root.Integer("alignment_every")),
      clip_(root.Real("gradient_clip")),
      seed_(seed),
      parallel_(context.parallel),
      task_(TaskOf(root_.Slot("task"), seed, context.inputs, unfit_)),
      curriculum_(CurriculumOf(root_)),
      shuffle_(seed, root_.Slot("task").path, "order of training"),
      trainer_(root_, *task_, ReachOfTraining(root_).heads, seed,
               context.parallel),
      analyses_(root_, trainer_.network(), seed, context.parallel),
      progress_(kCounts),
      right_(ReachOfTraining(root_).heads),
      asked_(ReachOfTraining(root_).heads),
      measures_(kMeasures) {
  progress_[kWithout] = -1;
  if (unfit_.ok()) unfit_ = trainer_.TakeStored(context.inputs);
}

template <class Real>
absl::StatusOr<Progress> SupervisedTraining<Real>::Advance(
    int64_t ticks, Recorder& out, std::stop_token stop) {
  ENGRAM_EXPECT(ticks >= 1);
  if (!unfit_.ok()) return unfit_;
  for (; ticks > 0 && !progress().finished; --ticks) {
    if (stop.stop_requested()) break;
    if (progress_[kEnded] != 0) {
      Analyse(out);
      continue;
    }
    const int64_t of_epoch = progress_[kTick] % (updates_ + test_batches_);
    const absl::Status status =
        of_epoch < updates_ ? Update(of_epoch, out) : Test(of_epoch - updates_);
    if (!status.ok()) return status;
    ++progress_[kTick];
    if (of_epoch + 1 == updates_ + test_batches_) EndEpoch(out);
    if (progress_[kEnded] != 0) Summarise(out);
  }
  return progress();
}

template <class Real>
Progress SupervisedTraining<Real>::progress() const {
  const bool has_ended = progress_[kEnded] != 0;
  const int64_t batches = has_ended ? progress_[kTick] - progress_[kPart]
                                    : epochs_ * (updates_ + test_batches_);
  return {.tick = progress_[kTick],
          .total = batches + analyses_.parts(),
          .finished = has_ended && progress_[kPart] == analyses_.parts()};
}

template <class Real>
const Stage& SupervisedTraining<Real>::stage() const {
  return curriculum_ == nullptr ? only_ : curriculum_->stage();
}

template <class Real>
std::span<const int64_t> SupervisedTraining<Real>::Order(Part part) {
  const int64_t trials = task_->trials(part);
  if (trials == 0) return {};
  const int64_t of = part == Part::kTraining ? progress_[kEpoch] : -2;
  if (order_of_ != of) {
    order_.resize(static_cast<size_t>(trials));
    if (part == Part::kTraining) {
      shuffle_.Permutation(of, order_);
    } else {
      std::iota(order_.begin(), order_.end(), int64_t{0});
    }
    order_of_ = of;
  }
  return order_;
}

template <class Real>
absl::Status SupervisedTraining<Real>::Update(int64_t of_epoch, Recorder& out) {
  trainer_.Fill(stage(), Part::kTraining, progress_[kUpdate], of_epoch,
                Order(Part::kTraining));
  const bool is_aligned =
      align_every_ > 0 && (progress_[kUpdate] + 1) % align_every_ == 0;
  if (is_aligned) trainer_.LearnExactly();
  const double loss = trainer_.Learn();
  const double norm = trainer_.GradientNorm();
  if (!std::isfinite(loss)) {
    return Diverged("the loss", trainer_.FirstNonFinite());
  }
  if (!std::isfinite(norm)) {
    const std::string matrix = trainer_.FindNonFinite();
    return Diverged("the gradient",
                    matrix.empty()
                        ? "its numbers are, and its norm is beyond the largest"
                        : absl::StrCat("that of ", matrix, " is not"));
  }
  const double x = static_cast<double>(progress_[kUpdate] + 1);
  if (is_aligned) RecordAlignment(x, out);
  measures_[kNorm] = norm;
  if (clip_ > 0) trainer_.Clip(norm, clip_);
  trainer_.Step(++progress_[kUpdate]);
  out.Point({"training_loss", "1", "update", "1"}, x,
            trainer_.share() > 0
                ? Measured::Of(loss)
                : Measured::Absent("no trial of the batch asked anything"));
  out.Point({"gradient_norm", "1", "update", "1"}, x, Measured::Of(norm));
  return absl::OkStatus();
}

template <class Real>
void SupervisedTraining<Real>::RecordAlignment(double update, Recorder& out) {
  for (const Alignment& a : trainer_.Compare()) {
    const std::string of = a.of.empty() ? "" : "." + a.of;
    out.Point({"alignment.angle" + of, "deg", "update", "1"}, update, a.angle);
    out.Point({"alignment.norm_ratio" + of, "1", "update", "1"}, update,
              a.norm_ratio);
  }
}

template <class Real>
absl::Status SupervisedTraining<Real>::Diverged(
    const std::string& what, const std::string& where) const {
  const std::string before =
      progress_[kUpdate] == 0
          ? "it is the first"
          : absl::StrCat("the gradient's norm was ", measures_[kNorm],
                         " at the one before");
  return absl::OutOfRangeError(absl::StrCat(
      what, " of ", root_.Slot("network").type, " is not finite at update ",
      progress_[kUpdate] + 1, " (epoch ", progress_[kEpoch] + 1, "): ", where,
      "; ", before, "; take a smaller optimizer.rate or set gradient_clip"));
}

template <class Real>
absl::Status SupervisedTraining<Real>::Test(int64_t of_epoch) {
  if (of_epoch == 0) {
    right_.Fill(0);
    asked_.Fill(0);
    measures_[kSum] = measures_[kShares] = 0;
  }
  const int64_t batch = progress_[kEpoch] * test_batches_ + of_epoch;
  trainer_.Fill(stage(), Part::kTest, batch, of_epoch, Order(Part::kTest));
  const double share = trainer_.share();
  if (share == 0) return absl::OkStatus();
  const auto heads = static_cast<size_t>(stage().heads());
  const double loss =
      trainer_.Test(right_.span().first(heads), asked_.span().first(heads));
  if (!std::isfinite(loss)) return DivergedInTest();
  measures_[kSum] += share * loss;
  measures_[kShares] += share;
  return absl::OkStatus();
}

template <class Real>
absl::Status SupervisedTraining<Real>::DivergedInTest() const {
  return absl::OutOfRangeError(absl::StrCat(
      "the loss of a test of ", root_.Slot("network").type,
      " is not finite after update ", progress_[kUpdate], " (epoch ",
      progress_[kEpoch] + 1, "): ", trainer_.FirstNonFinite(),
      "; the gradient's norm was ", measures_[kNorm],
      " at that update; take a smaller optimizer.rate or set gradient_clip"));
}

template <class Real>
std::vector<double> SupervisedTraining<Real>::Accuracy() const {
  std::vector<double> accuracy;
  for (int64_t head = 0; head < stage().heads(); ++head) {
    accuracy.push_back(static_cast<double>(right_[head]) /
                       static_cast<double>(std::max<int64_t>(1, asked_[head])));
  }
  return accuracy;
}

template <class Real>
Measured SupervisedTraining<Real>::MeanAccuracy() const {
  if (!task_->shape().is_judged()) {
    return Measured::Absent("the task asks for no choice");
  }
  double sum = 0;
  int64_t count = 0;
  for (int64_t head = 0; head < static_cast<int64_t>(asked_.size()); ++head) {
    if (asked_[head] == 0) continue;
    sum +=
        static_cast<double>(right_[head]) / static_cast<double>(asked_[head]);
    ++count;
  }
  if (count == 0) return Measured::Absent("no trial of the test was judged");
  return Measured::Of(sum / static_cast<double>(count));
}

template <class Real>
Measured SupervisedTraining<Real>::TestLoss() const {
  if (measures_[kShares] == 0) {
    return Measured::Absent("no trial of the test asked anything");
  }
  return Measured::Of(measures_[kSum] / measures_[kShares]);
}

// Of the mean cross-entropy alone.
template <class Real>
Measured SupervisedTraining<Real>::Perplexity() const {
  if (!task_->shape().has_classes || stage().heads() != 1) {
    return Measured::Absent("not one readout of classes");
  }
  for (const Component& term : root_.Slots("loss")) {
    if (term.type == "cross_entropy" && term.Real("weight") == 1) continue;
    return Measured::Absent(
        absl::StrCat("the loss is no plain cross-entropy: it has ", term.type,
                     " of weight ", term.Real("weight")));
  }
  const Measured loss = TestLoss();
  return loss.is_absent() ? loss : Measured::Of(math::Exp(loss.value()));
}

template <class Real>
void SupervisedTraining<Real>::EndEpoch(Recorder& out) {
  const double x = static_cast<double>(++progress_[kEpoch]);
  const Measured loss = TestLoss();
  out.Point({"test_loss", "1", "epoch", "1"}, x, loss);
  bool is_next_stage = false;
  if (task_->shape().is_judged()) {
    out.Point({"test_accuracy", "1", "epoch", "1"}, x, MeanAccuracy());
    if (curriculum_ != nullptr) {
      out.Point({"stage_n", "1", "epoch", "1"}, x,
                Measured::Of(static_cast<double>(stage().largest())));
      is_next_stage = curriculum_->Report(Accuracy());
    }
  }
  if (!loss.is_absent()) CountPatience(loss.value(), is_next_stage);
  const bool is_idle = patience_ > 0 && progress_[kWithout] >= patience_;
  const bool is_done = curriculum_ != nullptr && curriculum_->is_complete();
  if (progress_[kEpoch] == epochs_ || is_idle || is_done) progress_[kEnded] = 1;
}

// Another stage asks something else, whose loss is compared with its own.
template <class Real>
void SupervisedTraining<Real>::CountPatience(double loss, bool is_next_stage) {
  const bool is_better = progress_[kWithout] < 0 || loss < measures_[kLeast];
  if (is_better) measures_[kLeast] = loss;
  progress_[kWithout] = is_better ? 0 : progress_[kWithout] + 1;
  if (is_next_stage) progress_[kWithout] = -1;
}

template <class Real>
void SupervisedTraining<Real>::Summarise(Recorder& out) {
  out.Summary("loss", "1", TestLoss());
  out.Summary("epochs", "1",
              Measured::Of(static_cast<double>(progress_[kEpoch])));
  out.Summary("accuracy", "1", MeanAccuracy());
  out.Summary("perplexity", "1", Perplexity());
  out.Summary("passed_n", "1",
              curriculum_ == nullptr
                  ? Measured::Absent("there is no curriculum")
                  : Measured::Of(static_cast<double>(curriculum_->passed())));
}

template <class Real>
void SupervisedTraining<Real>::Analyse(Recorder& out) {
  const TrainedState<Real> trained{
      .root = root_,
      .task = *task_,
      .network = trainer_.network(),
      .parameters = trainer_.parameters(),
      .stage = stage(),
      .passed = curriculum_ == nullptr ? 0 : curriculum_->passed(),
      .seed = seed_,
      .parallel = parallel_};
  analyses_.RunPart(trained, progress_[kPart], out);
  ++progress_[kPart];
  ++progress_[kTick];
}

template <class Real>
void SupervisedTraining<Real>::VisitState(StateVisitor& v) {
  trainer_.VisitState(v);
  v.State("training.progress", StateOf(progress_, "1"));
  v.State("training.measures", StateOf(measures_, "1"));
  v.State("training.right", StateOf(right_, "1"));
  v.State("training.asked", StateOf(asked_, "1"));
  if (curriculum_ != nullptr) curriculum_->VisitState(v);
  analyses_.VisitState(v);
}

template class SupervisedTraining<float>;
template class SupervisedTraining<double>;

}  // namespace engram
