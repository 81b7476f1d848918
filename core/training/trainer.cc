#include "core/training/trainer.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "core/base/contract.h"
#include "core/programs/state_array.h"
#include "core/spec/find_row.h"
#include "core/training/catalog.h"
#include "core/training/draw_samples.h"
#include "core/training/initial.h"
#include "core/training/stored_parameters.h"

namespace engram {
namespace {

// Parameters that are added, summed or stepped at a time.
constexpr int64_t kStretch = 4096;

NetworkShape ShapeFor(const TaskShape& task, int64_t heads) {
  return {task.inputs, task.outputs, heads, task.symbols};
}

// Neighbouring matrices are one range: the gaps between them stay 0.
std::vector<std::pair<int64_t, int64_t>> TrainedRanges(
    const ParameterLayout& layout) {
  std::vector<std::pair<int64_t, int64_t>> ranges;
  bool was_trained = false;
  for (const ParameterMatrix& matrix : layout.matrices()) {
    const int64_t end = matrix.offset + matrix.size();
    if (matrix.is_trained && was_trained) {
      ranges.back().second = end;
    } else if (matrix.is_trained) {
      ranges.push_back({matrix.offset, end});
    }
    was_trained = matrix.is_trained;
  }
  return ranges;
}

// In lanes of their own, so that the sum is quick and its order fixed.
template <class Real>
double SumOfSquares(const Real* values, int64_t size) {
  double lanes[8] = {};
  int64_t i = 0;
  for (; i + 8 <= size; i += 8) {
    for (int64_t k = 0; k < 8; ++k) {
      const double x = static_cast<double>(values[i + k]);
      lanes[k] += x * x;
    }
  }
  for (; i < size; ++i) {
    const double x = static_cast<double>(values[i]);
    lanes[i % 8] += x * x;
  }
  double sum = 0;
  for (double lane : lanes) sum += lane;
  return sum;
}

}  // namespace

template <class Real>
Loss<Real> MakeLoss(const Component& root, const TaskShape& task) {
  Loss<Real> loss;
  bool reads_outputs = false;
  for (const Component& term : root.Slots("loss")) {
    loss.push_back(MakeLossTerm<Real>(term));
    reads_outputs |=
        RowOf(LossRows(), term.type).reads != LossRow::Reads::kActivity;
  }
  if (reads_outputs) return loss;
  Component wanted;
  wanted.type = task.has_classes ? "cross_entropy" : "mean_squared_error";
  wanted.parameters["weight"] = 1.0;
  loss.push_back(MakeLossTerm<Real>(wanted));
  return loss;
}

template <class Real>
Trainer<Real>::Trainer(const Component& root, const SupervisedTask& task,
                       int64_t heads, uint64_t seed, Parallel& parallel)
    : task_(task),
      parallel_(parallel),
      root_(root),
      network_(root.Slot("network"), ShapeFor(task.shape(), heads), seed,
               root.Find("readout")),
      loss_(MakeLoss<Real>(root, task.shape())),
      learner_(MakeLearner<Real>(root.Slot("learner"))),
      optimizer_(MakeOptimizer<Real>(root.Slot("optimizer"))),
      batch_samples_(root.Integer("batch")),
      trained_(TrainedRanges(network_.layout())) {
  const int64_t size = network_.layout().size();
  blocks_.resize(static_cast<size_t>((batch_samples_ + kSamplesPerBlock - 1) /
                                     kSamplesPerBlock));
  for (Block& block : blocks_) block.pass.plan = learner_->plan();
  parameters_ = Array<Real>(size);
  gradients_ = Array<Real>(size, blocks());
  for (size_t k = 0; k < MomentsOf(root.Slot("optimizer")).size(); ++k) {
    moments_.emplace_back(size);
  }
  stretch_sums_ = Array<double>((size + kStretch - 1) / kStretch);
  if (task.shape().is_stream) {
    for (Array<Real>& carried : carried_) {
      carried = Array<Real>(network_.state_size(), batch_samples_);
    }
  }
  DrawParameters(network_.layout(), root, seed, parameters_.data());
  Constrain();
}

template <class Real>
absl::Status Trainer<Real>::TakeStored(const Inputs& inputs) {
  const absl::Status taken =
      engram::TakeStored(network_.layout(), root_, inputs, parameters_.data());
  if (taken.ok()) Constrain();
  return taken;
}

template <class Real>
void Trainer<Real>::Fill(const Stage& stage, Part part, int64_t batch,
                         int64_t of_epoch, std::span<const int64_t> order) {
  part_ = part;
  begins_anew_ = !task_.shape().is_stream || of_epoch == 0;
  const BatchLength length = task_.Length(stage, part, batch);
  const BatchPlace place{.of_epoch = of_epoch, .order = order};
  parallel_.ForBlocks(blocks(), 1, [&](int64_t begin, int64_t end) {
    for (int64_t b = begin; b < end; ++b) {
      Block& block = blocks_[static_cast<size_t>(b)];
      const int64_t first = b * kSamplesPerBlock;
      block.data.part = part;
      block.data.samples = std::min(kSamplesPerBlock, batch_samples_ - first);
      block.data.steps = length.steps;
      block.data.first_scored = length.first_scored;
      block.data.hold = length.hold;
      block.data.first_trial = batch * batch_samples_ + first;
      block.data.heads = stage.heads();
      block.data.batch_samples = batch_samples_;
      DrawSamples(task_, stage, place, first, block.data);
    }
  });
  double weight = 0;
  for (const Block& block : blocks_) weight += WeightOf(block.data);
  ENGRAM_EXPECT(weight >= 0);
  // Of a small batch all trials may end before anything is asked: then there is
  // nothing to divide.
  for (Block& block : blocks_) {
    block.data.total_weight = weight == 0 ? 1 : weight;
  }
  share_ = weight == 0 ? 0 : 1;
  if (part != Part::kTest || order.empty()) return;
  const int64_t left =
      static_cast<int64_t>(order.size()) - of_epoch * batch_samples_;
  share_ *= static_cast<double>(std::clamp<int64_t>(left, 0, batch_samples_)) /
            static_cast<double>(batch_samples_);
}

template <class Real>
Real* Trainer<Real>::CarriedBy(int64_t block) {
  return carried_[part_ == Part::kTraining ? 0 : 1].data() +
         network_.state_size() * kSamplesPerBlock * block;
}

template <class Real>
void Trainer<Real>::Begin(int64_t b, NetworkPass<Real>& pass) {
  const TrainingBlock<Real>& data = blocks_[static_cast<size_t>(b)].data;
  network_.Resize(data, pass);
  if (begins_anew_) {
    network_.DrawState(data, pass);
  } else {
    network_.LoadState(CarriedBy(b), pass);
  }
}

template <class Real>
void Trainer<Real>::LearnExactly() {
  if (probe_ == nullptr) {
    probe_ = std::make_unique<AlignmentProbe<Real>>(
        network_, loss_, root_.Slot("learner"), blocks());
  }
  parallel_.ForBlocks(blocks(), 1, [&](int64_t begin, int64_t end) {
    for (int64_t b = begin; b < end; ++b) {
      Begin(b, probe_->pass(b));
      probe_->Learn(parameters_.data(), blocks_[static_cast<size_t>(b)].data,
                    b);
    }
  });
}

// Goes through a block again whose loss is not finite, from where it began:
// before its state is carried on.
template <class Real>
void Trainer<Real>::Judge(int64_t b) {
  Block& block = blocks_[static_cast<size_t>(b)];
  block.fault.clear();
  if (std::isfinite(block.loss)) return;
  Begin(b, block.pass);
  block.fault =
      network_.FindNonFinite(parameters_.data(), block.data, block.pass);
}

template <class Real>
std::string Trainer<Real>::FirstNonFinite() const {
  for (const Block& block : blocks_) {
    if (!block.fault.empty()) return block.fault;
  }
  return "the sum over blocks is beyond the largest number";
}

template <class Real>
void Trainer<Real>::Carry(int64_t b) {
  if (!task_.shape().is_stream) return;
  network_.SaveState(blocks_[static_cast<size_t>(b)].pass, CarriedBy(b));
}

template <class Real>
double Trainer<Real>::Learn() {
  const int64_t size = network_.layout().size();
  parallel_.ForBlocks(blocks(), 1, [&](int64_t begin, int64_t end) {
    for (int64_t b = begin; b < end; ++b) {
      Block& block = blocks_[static_cast<size_t>(b)];
      Real* gradient = gradients_.data() + size * b;
      std::fill_n(gradient, size, Real{0});
      Begin(b, block.pass);
      block.loss = learner_->Learn(network_, loss_, parameters_.data(),
                                   block.data, block.pass, gradient);
      Judge(b);
      Carry(b);
    }
  });
  return AddBlocks();
}

template <class Real>
double Trainer<Real>::AddBlocks() {
  const int64_t size = network_.layout().size();
  Real* sum = gradients_.data();
  parallel_.ForBlocks(size, kStretch, [&](int64_t begin, int64_t end) {
    for (int64_t b = 1; b < blocks(); ++b) {
      const Real* other = gradients_.data() + size * b;
      for (int64_t i = begin; i < end; ++i) sum[i] += other[i];
    }
    stretch_sums_[begin / kStretch] = SumOfSquares(sum + begin, end - begin);
  });
  double loss = 0;
  for (const Block& block : blocks_) loss += block.loss;
  return loss;
}

template <class Real>
double Trainer<Real>::GradientNorm() {
  double sum = 0;
  for (const double part : stretch_sums_.span()) sum += part;
  return std::sqrt(sum);
}

template <class Real>
void Trainer<Real>::Clip(double norm, double most) {
  if (!(norm > most)) return;
  const Real scale = static_cast<Real>(most / norm);
  Real* gradient = gradients_.data();
  for (int64_t i = 0; i < network_.layout().size(); ++i) gradient[i] *= scale;
}

template <class Real>
void Trainer<Real>::Step(int64_t update) {
  const double rate = RateAt(root_.Slot("optimizer"), update);
  for (const auto& [first, last] : trained_) {
    parallel_.ForBlocks(
        last - first, kStretch, [&](int64_t begin, int64_t end) {
          OptimizerStretch<Real> stretch{
              .size = end - begin,
              .gradient = gradients_.data() + first + begin,
              .parameters = parameters_.data() + first + begin};
          for (size_t k = 0; k < moments_.size(); ++k) {
            stretch.moments[k] = moments_[k].data() + first + begin;
          }
          optimizer_->Step(update, rate, stretch);
        });
  }
  Constrain();
}

template <class Real>
void Trainer<Real>::Constrain() {
  for (const Component& constraint : root_.Slots("constraints")) {
    const ParameterMatrix* matrix =
        network_.layout().Find(constraint.Text("of"));
    ENGRAM_EXPECT(matrix != nullptr);
    const ConstraintRow& row = RowOf(ConstraintRows(), constraint.type);
    Real* values = parameters_.data() + matrix->offset;
    if constexpr (std::is_same_v<Real, float>) {
      row.apply_single(constraint, *matrix, values);
    } else {
      row.apply_double(constraint, *matrix, values);
    }
  }
}

template <class Real>
double Trainer<Real>::Test(std::span<int64_t> right, std::span<int64_t> asked) {
  const int64_t outputs = network_.shape().outputs;
  parallel_.ForBlocks(blocks(), 1, [&](int64_t begin, int64_t end) {
    for (int64_t b = begin; b < end; ++b) {
      Block& block = blocks_[static_cast<size_t>(b)];
      Begin(b, block.pass);
      block.loss = ForwardLoss(network_, loss_, parameters_.data(), block.data,
                               block.pass);
      Judge(b);
      Carry(b);
      block.right.assign(right.size(), 0);
      block.asked.assign(right.size(), 0);
      if (task_.shape().has_classes) {
        CountRight(block.data, outputs, block.pass.outputs.data(),
                   std::span(block.right), std::span(block.asked));
      } else if (task_.shape().has_choice) {
        CountChoices(block.data, outputs, block.pass.outputs.data(),
                     std::span(block.right), std::span(block.asked));
      }
    }
  });
  double loss = 0;
  for (const Block& block : blocks_) {
    loss += block.loss;
    for (size_t head = 0; head < right.size(); ++head) {
      right[head] += block.right[head];
      asked[head] += block.asked[head];
    }
  }
  return loss;
}

template <class Real>
std::string Trainer<Real>::FindNonFinite() const {
  for (const ParameterMatrix& matrix : network_.layout().matrices()) {
    const Real* values = gradients_.data() + matrix.offset;
    if (!std::all_of(values, values + matrix.size(),
                     [](Real x) { return std::isfinite(x); })) {
      return matrix.name;
    }
  }
  return "";
}

template <class Real>
void Trainer<Real>::VisitState(StateVisitor& v) {
  for (const ParameterMatrix& matrix : network_.layout().matrices()) {
    const std::span<Real> values = parameters_.span().subspan(
        static_cast<size_t>(matrix.offset), static_cast<size_t>(matrix.size()));
    std::vector<int64_t> shape = {matrix.rows};
    if (matrix.cols > 1) shape.push_back(matrix.cols);
    v.State(absl::StrCat("network.", matrix.name),
            {.type = ElementTypeOf<Real>(),
             .order = ArrayOrder::kColumnMajor,
             .shape = std::move(shape),
             .unit = matrix.unit,
             .bytes = std::as_writable_bytes(values),
             .resize = {}});
  }
  const std::vector<std::string>& names = MomentsOf(root_.Slot("optimizer"));
  for (size_t k = 0; k < names.size(); ++k) {
    v.State("optimizer." + names[k], StateOf(moments_[k], "1"));
  }
  if (!task_.shape().is_stream) return;
  v.State("network.training_state", StateOf(carried_[0], "1"));
  v.State("network.test_state", StateOf(carried_[1], "1"));
}

template class Trainer<float>;
template class Trainer<double>;

std::vector<std::string> ArraysOfTrainer(const Component& root,
                                         const TaskShape& task, int64_t heads) {
  std::vector<std::string> paths;
  const ParameterLayout layout = LayoutOf(
      root.Slot("network"), ShapeFor(task, heads), root.Find("readout"));
  for (const std::string& name : layout.names()) {
    paths.push_back("network." + name);
  }
  for (const std::string& name : MomentsOf(root.Slot("optimizer"))) {
    paths.push_back("optimizer." + name);
  }
  if (task.is_stream) {
    paths.insert(paths.end(), {"network.training_state", "network.test_state"});
  }
  return paths;
}

}  // namespace engram
