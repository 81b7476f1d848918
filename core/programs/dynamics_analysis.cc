#include "core/programs/dynamics_analysis.h"

#include <utility>

#include "core/analyses/systems/catalog.h"
#include "core/programs/state_array.h"

namespace engram {
namespace {

const Array<double>* OrNull(const Array<double>& array) {
  return array.size() == 0 ? nullptr : &array;
}

}  // namespace

DynamicsAnalysis::DynamicsAnalysis(const Component& root, uint64_t seed,
                                   Context context)
    : parallel_(context.parallel),
      seed_(seed),
      analyses_(root.Slots("analyses"), seed,
                SystemRowOf(root.Slot("system")).size(root.Slot("system"))),
      part_(1) {
  const Component& component = root.Slot("system");
  absl::StatusOr<System> system =
      SystemRowOf(component).make(component, context.inputs);
  if (system.ok()) {
    system_ = *std::move(system);
  } else {
    unfit_ = system.status();
  }
  if (unfit_.ok()) unfit_ = analyses_.Read(Subject(), context.inputs);
}

absl::StatusOr<Progress> DynamicsAnalysis::Advance(int64_t ticks, Recorder& out,
                                                   std::stop_token stop) {
  ENGRAM_EXPECT(ticks >= 1);
  if (!unfit_.ok()) return unfit_;
  for (; ticks > 0 && !progress().finished; --ticks) {
    if (stop.stop_requested()) break;
    analyses_.RunPart(Subject(), part_[0], out);
    ++part_[0];
  }
  return progress();
}

Progress DynamicsAnalysis::progress() const {
  const int64_t total = analyses_.parts();
  return {.tick = part_[0], .total = total, .finished = part_[0] >= total};
}

SystemSubject DynamicsAnalysis::Subject() {
  return {.dynamics = system_.dynamics.get(),
          .weights = OrNull(system_.weights),
          .patterns = OrNull(system_.patterns),
          .with_weights = system_.with_weights,
          .seed = seed_,
          .parallel = &parallel_};
}

void DynamicsAnalysis::VisitState(StateVisitor& v) {
  v.State("part", StateOf(part_, "1"));
  analyses_.VisitState(v);
}

}  // namespace engram
