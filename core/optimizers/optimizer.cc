#include "core/optimizers/optimizer.h"

#include <type_traits>

#include "core/spec/find_row.h"

namespace engram {

const std::vector<OptimizerRow>& OptimizerRows() {
  static const std::vector<OptimizerRow> rows = {
      AdaGradRow(),  AdamRow(),     AdamWRow(),   MomentumRow(),
      NesterovRow(), RMaxPropRow(), RmsPropRow(), SgdRow(),
  };
  return rows;
}

template <class Real>
std::unique_ptr<Optimizer<Real>> MakeOptimizer(const Component& component) {
  const OptimizerRow& row = RowOf(OptimizerRows(), component.type);
  if constexpr (std::is_same_v<Real, float>) {
    return row.make_single(component);
  } else {
    return row.make_double(component);
  }
}
template std::unique_ptr<Optimizer<float>> MakeOptimizer(const Component&);
template std::unique_ptr<Optimizer<double>> MakeOptimizer(const Component&);

const std::vector<std::string>& MomentsOf(const Component& optimizer) {
  return RowOf(OptimizerRows(), optimizer.type).moments;
}

double RateAt(const Component& optimizer, int64_t update) {
  double rate = optimizer.Real("rate");
  for (const Component& schedule : optimizer.Slots("schedule")) {
    rate *= RowOf(ScheduleRows(), schedule.type).factor(schedule, update);
  }
  return rate;
}

ComponentSpec OptimizerSpec(ComponentSpec spec, double rate) {
  spec.kind = Kind::kOptimizer;
  spec.parameters.insert(
      spec.parameters.begin(),
      Real("rate", "1", rate, 0, 1e6, "learning rate eta, before schedules"));
  spec.slots.push_back({.name = "schedule",
                        .kind = Kind::kSchedule,
                        .many = true,
                        .optional = true,
                        .meaning = "factors of the rate, multiplied"});
  return spec;
}

}  // namespace engram
