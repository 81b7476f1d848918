#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "core/programs/state_visitor.h"
#include "core/spec/component.h"
#include "core/spec/component_spec.h"
#include "core/tasks/supervised/supervised_task.h"

namespace engram {

// Which n a task is trained on, and when to go on to larger ones: after an
// epoch whose test was passed, by all active readouts in the mean and by the
// last one.
class Curriculum {
 public:
  virtual ~Curriculum() = default;
  virtual const Stage& stage() const = 0;
  // Tells an epoch's test, the share of right answers of each active readout.
  // Whether the stage has changed.
  virtual bool Report(std::span<const double> accuracy) = 0;
  // Nothing is left to learn.
  virtual bool is_complete() const = 0;
  // The largest n that a passed stage had; 0 before.
  virtual int64_t passed() const = 0;
  virtual void VisitState(StateVisitor& v) = 0;
};

// What a curriculum will ever ask of its task.
struct CurriculumReach {
  int64_t heads = 1;  // readouts
  int64_t smallest_n = 1;
  int64_t largest_n = 1;
};

struct CurriculumRow {
  ComponentSpec spec;
  CurriculumReach (*reach)(const Component& component,
                           int64_t largest_n) = nullptr;
  std::unique_ptr<Curriculum> (*make)(const Component& component,
                                      int64_t largest_n) = nullptr;
};

// One line a curriculum.
const std::vector<CurriculumRow>& CurriculumRows();
// For a task that offers n up to `largest_n`.
std::unique_ptr<Curriculum> MakeCurriculum(const Component& component,
                                           int64_t largest_n);
CurriculumReach ReachOf(const Component& component, int64_t largest_n);

}  // namespace engram
