#include "core/programs/dynamics_analysis.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "core/analyses/catalog.h"
#include "core/analyses/systems/catalog.h"
#include "core/programs/state_array.h"

namespace engram {
namespace {

const Array<double>* OrNull(const Array<double>& array) {
  return array.size() == 0 ? nullptr : &array;
}

}  // namespace

std::string StatePath(const Component& analysis) {
  return absl::StrCat("analyses.",
                      analysis.name.empty() ? analysis.type : analysis.name);
}

DynamicsAnalysis::DynamicsAnalysis(const Component& root, uint64_t seed,
                                   Context context)
    : parallel_(context.parallel), seed_(seed), part_(1) {
  const Component& component = root.Slot("system");
  const SystemRow& row = SystemRowOf(component);
  absl::StatusOr<System> system = row.make(component, context.inputs);
  if (system.ok()) {
    system_ = *std::move(system);
  } else {
    unfit_ = system.status();
  }
  int64_t end = 0;
  for (const Component& analysis : root.Slots("analyses")) {
    auto made = MakeSystemAnalysis(analysis, seed, row.size(component));
    if (unfit_.ok()) unfit_ = made->Read(Subject(), context.inputs);
    end += made->parts();
    analyses_.push_back({analysis, std::move(made), end});
  }
}

absl::StatusOr<Progress> DynamicsAnalysis::Advance(int64_t ticks, Recorder& out,
                                                   std::stop_token stop) {
  ENGRAM_EXPECT(ticks >= 1);
  if (!unfit_.ok()) return unfit_;
  for (; ticks > 0 && !progress().finished; --ticks) {
    if (stop.stop_requested()) break;
    RunTick(out);
    ++part_[0];
  }
  return progress();
}

Progress DynamicsAnalysis::progress() const {
  const int64_t total = analyses_.back().end;
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

void DynamicsAnalysis::RunTick(Recorder& out) {
  const SystemSubject subject = Subject();
  int64_t begin = 0;
  for (NamedAnalysis& a : analyses_) {
    if (part_[0] < a.end) {
      a.analysis->RunPart(subject, part_[0] - begin);
      if (part_[0] + 1 < a.end) return;
      AnalysisOutput output(a.component, out);
      a.analysis->Finish(subject, output);
      return;
    }
    begin = a.end;
  }
}

void DynamicsAnalysis::VisitState(StateVisitor& v) {
  v.State("part", StateOf(part_, "1"));
  for (const NamedAnalysis& a : analyses_) {
    a.analysis->VisitState(StatePath(a.component), v);
  }
}

}  // namespace engram
