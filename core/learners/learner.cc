#include "core/learners/learner.h"

#include <algorithm>
#include <type_traits>

#include "core/spec/find_row.h"

namespace engram {
namespace {

// Numbers of the whole batch's activity.
template <class Real>
double ActivityOf(const TrainedNetwork<Real>& network,
                  const TrainingBlock<Real>& block) {
  return static_cast<double>(network.last().units()) *
         static_cast<double>(block.batch_samples) *
         static_cast<double>(block.steps);
}

// The last layer's outputs in steps [begin, end).
template <class Real>
std::span<const Real> Activity(const TrainedNetwork<Real>& network,
                               const NetworkPass<Real>& pass, int64_t begin,
                               int64_t end) {
  const LayerCourse<Real>& course = pass.courses.back();
  const int64_t size = network.last().units() * course.samples;
  return {course.outputs.data() + size * (begin + 1),
          static_cast<size_t>(size * (end - begin))};
}

// sums[i] += the activity of every step, in order.
template <class Real>
void AddSteps(std::span<const Real> activity, std::span<Real> sums) {
  for (size_t at = 0; at < activity.size(); at += sums.size()) {
    for (size_t i = 0; i < sums.size(); ++i) sums[i] += activity[at + i];
  }
}

template <class Real>
bool ReadsCounts(const Loss<Real>& loss) {
  return std::ranges::any_of(
      loss, [](const auto& term) { return term->reads_counts(); });
}

// The part of the terms on counts; sets their errors.
template <class Real>
double CountLoss(const TrainedNetwork<Real>& network, const Loss<Real>& loss,
                 const TrainingBlock<Real>& block, NetworkPass<Real>& pass) {
  const int64_t units = network.last().units();
  pass.counts = Array<Real>(units, block.samples);
  pass.count_errors = Array<Real>(units, block.samples);
  AddSteps(Activity(network, pass, 0, block.steps), pass.counts.span());
  double sum = 0;
  for (const auto& term : loss) {
    if (!term->reads_counts()) continue;
    sum += term->Counts(block, pass.counts, pass.count_errors.data());
  }
  return sum;
}

// A unit's count has the same error in every step.
template <class Real>
void AddCountErrors(const Array<Real>& count_errors, int64_t steps,
                    Real* errors) {
  const auto size = static_cast<int64_t>(count_errors.size());
  for (int64_t t = 0; t < steps; ++t) {
    for (int64_t i = 0; i < size; ++i) errors[size * t + i] += count_errors[i];
  }
}

}  // namespace

const std::vector<LearnerRow>& LearnerRows() {
  static const std::vector<LearnerRow> rows = {
      BpttRow(),
  };
  return rows;
}

template <class Real>
std::unique_ptr<Learner<Real>> MakeLearner(const Component& component) {
  const LearnerRow& row = RowOf(LearnerRows(), component.type);
  if constexpr (std::is_same_v<Real, float>) {
    return row.make_single(component);
  } else {
    return row.make_double(component);
  }
}
template std::unique_ptr<Learner<float>> MakeLearner(const Component&);
template std::unique_ptr<Learner<double>> MakeLearner(const Component&);

template <class Real>
double ForwardLoss(const TrainedNetwork<Real>& network, const Loss<Real>& loss,
                   const Real* parameters, const TrainingBlock<Real>& block,
                   NetworkPass<Real>& pass) {
  network.Forward(parameters, block, pass);
  double sum = 0;
  for (const auto& term : loss) {
    sum += term->Outputs(block, network.shape().outputs, pass.outputs.data(),
                         pass.output_errors.data());
    if (!term->reads_activity()) continue;
    sum += term->Activity(Activity(network, pass, 0, block.steps),
                          ActivityOf(network, block), nullptr);
  }
  if (ReadsCounts(loss)) sum += CountLoss(network, loss, block, pass);
  return sum;
}

template <class Real>
void BackwardLoss(const TrainedNetwork<Real>& network, const Loss<Real>& loss,
                  const Real* parameters, const TrainingBlock<Real>& block,
                  NetworkPass<Real>& pass, Real* gradient) {
  const double total = ActivityOf(network, block);
  const bool reads_counts = ReadsCounts(loss);
  network.Backward(
      parameters, block, pass,
      [&](int64_t begin, int64_t end, Real* errors) {
        for (const auto& term : loss) {
          if (!term->reads_activity()) continue;
          term->Activity(Activity(network, pass, begin, end), total, errors);
        }
        if (reads_counts) {
          AddCountErrors(pass.count_errors, end - begin, errors);
        }
      },
      gradient);
}

template double ForwardLoss(const TrainedNetwork<float>&, const Loss<float>&,
                            const float*, const TrainingBlock<float>&,
                            NetworkPass<float>&);
template double ForwardLoss(const TrainedNetwork<double>&, const Loss<double>&,
                            const double*, const TrainingBlock<double>&,
                            NetworkPass<double>&);
template void BackwardLoss(const TrainedNetwork<float>&, const Loss<float>&,
                           const float*, const TrainingBlock<float>&,
                           NetworkPass<float>&, float*);
template void BackwardLoss(const TrainedNetwork<double>&, const Loss<double>&,
                           const double*, const TrainingBlock<double>&,
                           NetworkPass<double>&, double*);

}  // namespace engram
