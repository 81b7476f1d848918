#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/base/array.h"
#include "core/spec/component.h"
#include "core/spec/component_spec.h"
#include "core/training/parameter_layout.h"
#include "core/training/training_block.h"

namespace engram {

// What a task wants of a network.
struct NetworkShape {
  int64_t inputs = 1;
  int64_t outputs = 1;  // of a head
  int64_t heads = 1;    // readouts that there are; a block says how many count
  int64_t symbols = 0;  // of the one input, as TaskShape says
};

// What a readout keeps of one block's way there and back.
template <class Real>
struct ReadoutCourse {
  Array<Real> drives;    // (active rows, samples steps), or its errors
  Array<Real> carried;   // (active rows, samples k)
  Array<int32_t> peaks;  // (active rows, samples steps)
  Array<Real> panels;    // weights as products take them
};

// Steps [begin, end) of the last layer's activity, from step `begin` on.
template <class Real>
struct ActivityStretch {
  const Real* parameters = nullptr;
  const Real* activity = nullptr;  // (units, samples (end - begin))
  int64_t begin = 0, end = 0;
};

// From the last layer's activity to what a task's answers are compared with:
// numbers (active heads outputs) at every scored step.
//
// Thread-safe: blocks have courses and gradients of their own.
template <class Real>
class Readout {
 public:
  Readout(NetworkShape shape, int64_t units) : shape_(shape), units_(units) {}
  virtual ~Readout() = default;

  const NetworkShape& shape() const { return shape_; }
  int64_t units() const { return units_; }
  int64_t Rows(const TrainingBlock<Real>& block) const {
    return block.heads * shape_.outputs;
  }

  virtual void Resize(const TrainingBlock<Real>& block,
                      ReadoutCourse<Real>& course) const = 0;
  // Stretches come in order, from step 0 on; fills the block's `outputs` at
  // their scored steps.
  virtual void Forward(const ActivityStretch<Real>& stretch,
                       const TrainingBlock<Real>& block,
                       ReadoutCourse<Real>& course, Real* outputs) const = 0;
  // Before the last stretch's Backward.
  virtual void BeginBackward(const TrainingBlock<Real>& block,
                             const Real* output_errors,
                             ReadoutCourse<Real>& course) const = 0;
  // The way back adds nothing to the activity's errors before this step.
  virtual int64_t FirstErrors(const TrainingBlock<Real>&) const { return 0; }
  // Stretches come in the opposite order. Adds to `gradient`, and to
  // `activity_errors` of the stretch.
  virtual void Backward(const ActivityStretch<Real>& stretch,
                        const TrainingBlock<Real>& block,
                        const Real* output_errors, ReadoutCourse<Real>& course,
                        Real* gradient, Real* activity_errors) const = 0;

 private:
  NetworkShape shape_;
  int64_t units_;
};

// What a readout is made for.
struct ReadoutPlace {
  NetworkShape shape;
  int64_t units = 1;
  ParameterLayout& layout;
};

// A row of the catalog. Readouts are parts of a trained network, as layers are,
// and stand in a slot of their own.
struct ReadoutRow {
  ComponentSpec spec;
  // Why a layer of so many units cannot be read for this shape; empty where it
  // can.
  std::string (*refusal)(NetworkShape shape, int64_t units) = nullptr;
  std::unique_ptr<Readout<float>> (*make_single)(const Component& component,
                                                 ReadoutPlace place) = nullptr;
  std::unique_ptr<Readout<double>> (*make_double)(const Component& component,
                                                  ReadoutPlace place) = nullptr;
};

// One line a readout.
const std::vector<ReadoutRow>& ReadoutRows();
bool IsReadout(const Component& component);
// Of a validated component; ContractViolation when its type has no row.
template <class Real>
std::unique_ptr<Readout<Real>> MakeReadout(const Component& component,
                                           ReadoutPlace place);

template <template <class> class R>
ReadoutRow RowOfReadout(ComponentSpec spec,
                        std::string (*refusal)(NetworkShape, int64_t)) {
  spec.kind = Kind::kTrainedNetwork;
  return {
      .spec = std::move(spec),
      .refusal = refusal,
      .make_single = [](const Component& c,
                        ReadoutPlace place) -> std::unique_ptr<Readout<float>> {
        return std::make_unique<R<float>>(c, place);
      },
      .make_double = [](const Component& c, ReadoutPlace place)
          -> std::unique_ptr<Readout<double>> {
        return std::make_unique<R<double>>(c, place);
      }};
}

ReadoutRow LeakyReadoutRow();
ReadoutRow LinearReadoutRow();
ReadoutRow SpikeCountReadoutRow();
ReadoutRow SpikeTrainReadoutRow();

}  // namespace engram
