#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/spec/component.h"
#include "core/spec/component_spec.h"

namespace engram {

// The same stretch of parameters, their gradient and an optimizer's moments.
template <class Real>
struct OptimizerStretch {
  int64_t size = 0;
  const Real* gradient = nullptr;
  Real* parameters = nullptr;
  Real* moments[2] = {nullptr, nullptr};
};

// From a direction to a change of parameters, number by number, so that
// stretches may be stepped in any order. Moments start at 0.
template <class Real>
class Optimizer {
 public:
  virtual ~Optimizer() = default;
  // Update number `update`, from 1, with learning rate `rate`.
  virtual void Step(int64_t update, double rate,
                    const OptimizerStretch<Real>& stretch) const = 0;
};

struct OptimizerRow {
  ComponentSpec spec;
  std::vector<std::string> moments;  // names of the arrays that it keeps
  std::unique_ptr<Optimizer<float>> (*make_single)(const Component& c) =
      nullptr;
  std::unique_ptr<Optimizer<double>> (*make_double)(const Component& c) =
      nullptr;
};

// A factor of the learning rate, of a component of kind schedule.
struct ScheduleRow {
  ComponentSpec spec;
  // Of update number `update`, from 1.
  double (*factor)(const Component& schedule, int64_t update) = nullptr;
};

// One line an optimizer, and a schedule.
const std::vector<OptimizerRow>& OptimizerRows();
const std::vector<ScheduleRow>& ScheduleRows();

template <class Real>
std::unique_ptr<Optimizer<Real>> MakeOptimizer(const Component& component);
const std::vector<std::string>& MomentsOf(const Component& optimizer);
// The learning rate at update number `update`, from 1.
double RateAt(const Component& optimizer, int64_t update);

OptimizerRow AdaGradRow();
OptimizerRow AdamRow();
OptimizerRow AdamWRow();
OptimizerRow MomentumRow();
OptimizerRow NesterovRow();
OptimizerRow RMaxPropRow();
OptimizerRow RmsPropRow();
OptimizerRow SgdRow();

ScheduleRow CosineScheduleRow();
ScheduleRow ExponentialScheduleRow();
ScheduleRow StepScheduleRow();
ScheduleRow WarmupScheduleRow();

// Completes a row with its kind, the learning rate, decay and schedules.
ComponentSpec OptimizerSpec(ComponentSpec spec, double rate);

template <template <class> class O>
OptimizerRow RowOfOptimizer(ComponentSpec spec,
                            std::vector<std::string> moments) {
  return {.spec = std::move(spec),
          .moments = std::move(moments),
          .make_single =
              [](const Component& c) -> std::unique_ptr<Optimizer<float>> {
            return std::make_unique<O<float>>(c);
          },
          .make_double =
              [](const Component& c) -> std::unique_ptr<Optimizer<double>> {
            return std::make_unique<O<double>>(c);
          }};
}

}  // namespace engram
