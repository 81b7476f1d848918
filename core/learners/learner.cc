#include "core/learners/learner.h"

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
  return sum;
}

template <class Real>
void BackwardLoss(const TrainedNetwork<Real>& network, const Loss<Real>& loss,
                  const Real* parameters, const TrainingBlock<Real>& block,
                  NetworkPass<Real>& pass, Real* gradient) {
  const double total = ActivityOf(network, block);
  network.Backward(
      parameters, block, pass,
      [&](int64_t begin, int64_t end, Real* errors) {
        for (const auto& term : loss) {
          if (!term->reads_activity()) continue;
          term->Activity(Activity(network, pass, begin, end), total, errors);
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
