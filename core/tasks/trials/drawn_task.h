#pragma once

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "core/base/random.h"
#include "core/tasks/trials/trial_task.h"

namespace engram {

// What tasks have in common: a shape, numbers that decide what a trial is, and
// noise on what is observed.
class DrawnTask : public TrialTask {
 public:
  const TrialShape& shape() const override { return shape_; }

 protected:
  DrawnTask(const Component& c, uint64_t seed, absl::string_view purpose,
            TrialShape shape)
      : shape_(shape),
        conditions_(seed, c.path, absl::StrCat("conditions of ", purpose)),
        noise_(seed, c.path, absl::StrCat("noise of ", purpose)) {}

  // What decides about trial `number`, by element.
  int64_t Below(int64_t bound, int64_t element, int64_t number) const {
    return conditions_.Below(bound, element, number);
  }
  double Uniform(int64_t element, int64_t number) const {
    return conditions_.Uniform(element, number);
  }
  template <class T>
  const T& Pick(const std::vector<T>& of, int64_t element,
                int64_t number) const {
    return of[static_cast<size_t>(
        Below(static_cast<int64_t>(of.size()), element, number))];
  }

  // Adds sd times a normal number to channels [first, last) in a period. The
  // noise of a step and channel is the same whatever else a trial has.
  void AddNoise(int64_t number, double sd, const Period& period, int64_t first,
                int64_t last, Trial& trial) const;

 private:
  TrialShape shape_;
  RandomStream conditions_, noise_;
};

// A row of a task of class T.
template <class T>
TrialTaskRow RowOfTrials(ComponentSpec spec) {
  spec.kind = Kind::kSupervisedTask;
  return {.spec = std::move(spec),
          .make = [](const Component& c, uint64_t seed,
                     absl::string_view purpose) -> std::unique_ptr<TrialTask> {
            return std::make_unique<T>(c, seed, purpose);
          }};
}

// A parameter that is a list of numbers, of at least one.
ParameterSpec RealList(const char* name, const char* unit,
                       const std::vector<double>& default_values,
                       double minimum, double maximum, const char* meaning);
void CheckNotEmpty(const Component& self, const char* name, Faults& faults);

}  // namespace engram
