#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "absl/strings/string_view.h"
#include "core/programs/state_visitor.h"
#include "core/spec/component.h"
#include "core/spec/component_spec.h"

namespace engram {

// What a stimulus is made for: the units that its selection takes from one
// population, numbered through over the selection.
struct StimulusShape {
  int64_t first = 0;  // number of the first unit of these in the selection
  int64_t units = 0;  // of these
  int64_t all = 0;    // of the whole selection
  double dt = 0;      // [ms]
  uint64_t seed = 0;
};

// Input from outside into one receptor.
template <class Real>
class Stimulus {
 public:
  virtual ~Stimulus() = default;
  // Adds to input[k - begin] what unit k in [begin, end) of these takes in at
  // step `step`. A function of its arguments alone; thread-safe; allocates
  // nothing. Ranges begin at multiples of 64 of the population, not of these.
  virtual void Add(int64_t step, int64_t begin, int64_t end,
                   Real* input) const = 0;
};

struct StimulusRow {
  ComponentSpec spec;
  std::unique_ptr<Stimulus<float>> (*make_single)(
      const Component& component, const StimulusShape& shape) = nullptr;
  std::unique_ptr<Stimulus<double>> (*make_double)(
      const Component& component, const StimulusShape& shape) = nullptr;
};

// Completes a stimulus' row: kind and the parameters `to` and `receptor`.
ComponentSpec StimulusSpec(ComponentSpec spec);

// A number that may be absent.
ParameterSpec OptionalReal(std::string name, std::string unit, double minimum,
                           double maximum, std::string meaning);

template <template <class> class S>
StimulusRow RowOfStimulus(ComponentSpec spec) {
  return {.spec = StimulusSpec(std::move(spec)),
          .make_single = [](const Component& c, const StimulusShape& shape)
              -> std::unique_ptr<Stimulus<float>> {
            return std::make_unique<S<float>>(c, shape);
          },
          .make_double = [](const Component& c, const StimulusShape& shape)
              -> std::unique_ptr<Stimulus<double>> {
            return std::make_unique<S<double>>(c, shape);
          }};
}

}  // namespace engram
