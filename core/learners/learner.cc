#include "core/learners/learner.h"

#include <algorithm>
#include <type_traits>

#include "absl/strings/str_cat.h"
#include "core/spec/find_row.h"

namespace engram {
namespace {

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

template <class Real>
bool ReadsActivity(const Loss<Real>& loss) {
  return std::ranges::any_of(
      loss, [](const auto& term) { return term->reads_activity(); });
}

// Nothing was counted yet.
template <class Real>
void BeginCounts(const TrainedNetwork<Real>& network,
                 const TrainingBlock<Real>& block, NetworkPass<Real>& pass) {
  GrowTo(pass.counts, network.last().units(), block.samples);
  GrowTo(pass.count_errors, network.last().units(), block.samples);
  pass.counts.Fill(0);
  pass.count_errors.Fill(0);
}

// The part of the terms on counts; sets their errors.
template <class Real>
double CountLoss(const Loss<Real>& loss, const TrainingBlock<Real>& block,
                 NetworkPass<Real>& pass) {
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
      BpttRow(),       InhibitoryStdpRow(), RtrlRow(),
      SuperSpikeRow(), TruncatedBpttRow(),
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
  const bool reads_counts = ReadsCounts(loss);
  if (reads_counts) BeginCounts(network, block, pass);
  double sum = 0;
  network.Forward(parameters, block, pass, [&](int64_t begin, int64_t end) {
    const auto activity = network.LastOutputs(pass, begin, end);
    if (reads_counts) AddSteps(activity, pass.counts.span());
    for (const auto& term : loss) {
      if (!term->reads_activity()) continue;
      sum += term->Activity(activity, ActivityOf(network, block), nullptr);
    }
  });
  for (const auto& term : loss) {
    sum += term->Outputs(block, network.shape().outputs, pass.outputs.data(),
                         pass.output_errors.data());
  }
  if (reads_counts) sum += CountLoss(loss, block, pass);
  return sum;
}

template <class Real>
void BackwardLoss(const TrainedNetwork<Real>& network, const Loss<Real>& loss,
                  const Real* parameters, const TrainingBlock<Real>& block,
                  NetworkPass<Real>& pass, Real* gradient) {
  network.BeginBackward(block, pass);
  BackwardLossOver(network, loss, parameters, block, {.end = block.steps}, pass,
                   gradient);
}

template <class Real>
void BackwardLossOver(const TrainedNetwork<Real>& network,
                      const Loss<Real>& loss, const Real* parameters,
                      const TrainingBlock<Real>& block, WayBack way,
                      NetworkPass<Real>& pass, Real* gradient) {
  const double total = ActivityOf(network, block);
  const bool reads_counts = ReadsCounts(loss);
  if (!reads_counts && !ReadsActivity(loss)) {
    way.first_errors = network.readout().FirstErrors(block);
  }
  network.Backward(
      parameters, block, way, pass,
      [&](int64_t begin, int64_t end, Real* errors) {
        for (const auto& term : loss) {
          if (!term->reads_activity()) continue;
          term->Activity(network.LastOutputs(pass, begin, end), total, errors);
        }
        if (reads_counts) {
          AddCountErrors(pass.count_errors, end - begin, errors);
        }
      },
      gradient);
}

ParameterSpec RecomputeEvery() {
  return Integer("recompute_every", 0, 0, 1000000000,
                 "steps between states that are kept, rounded up to a "
                 "multiple of 16; what lies between them is computed again on "
                 "the way back, to the same bits. 0: all steps are kept");
}

std::string RefuseWithoutMemory(const Component& learner,
                                const LearnerPlace& place) {
  const Component& network = place.program.Slot("network");
  const TrainedNetwork<float> made(network, place.shape, 0,
                                   &place.program.Slot("readout"));
  if (!made.is_memoryless()) return "";
  return absl::StrCat(learner.type, " is about time, and ", network.type,
                      " has no memory of earlier steps; take bptt, which is "
                      "plain backpropagation there");
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
template void BackwardLossOver(const TrainedNetwork<float>&, const Loss<float>&,
                               const float*, const TrainingBlock<float>&,
                               WayBack, NetworkPass<float>&, float*);
template void BackwardLossOver(const TrainedNetwork<double>&,
                               const Loss<double>&, const double*,
                               const TrainingBlock<double>&, WayBack,
                               NetworkPass<double>&, double*);

}  // namespace engram
