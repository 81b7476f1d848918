#pragma once

#include <algorithm>
#include <cstdint>

#include "core/training/products/products.h"
#include "core/training/readout.h"

namespace engram {

// Weights (rows of all heads, units) with which a readout sums activity; the
// products take the rows of the active heads, the first.
template <class Real>
struct ReadoutWeights {
  int64_t rows = 0;
  int64_t units = 0;
  int64_t offset = 0;  // in the network's flat store

  void Resize(int64_t active, ReadoutCourse<Real>& course) const {
    GrowTo(course.panels,
           std::max(PanelsSize<Real>(active, units),
                    PanelsSize<Real>(units, active)),
           1);
  }

  // out = start + W h for `cols` columns of activity.
  void Read(const ActivityStretch<Real>& s, int64_t active,
            const Real* activity, int64_t cols, Columns<Real> start,
            ReadoutCourse<Real>& course, Real* out) const {
    Multiply(Pack<Real>({s.parameters + offset, rows}, active, units,
                        course.panels.data()),
             {activity, units}, cols, start, out, active);
  }

  // The way back: adds W^T errors to activity_errors, and errors h^T to the
  // gradient of W.
  void Backward(const ActivityStretch<Real>& s, int64_t active,
                const Real* errors, const Real* activity, int64_t cols,
                ReadoutCourse<Real>& course, Real* gradient,
                Real* activity_errors) const {
    Multiply(PackTransposed<Real>({s.parameters + offset, rows}, active, units,
                                  course.panels.data()),
             {errors, active}, cols, {activity_errors, units}, activity_errors,
             units);
    const OuterSum<Real> sums[] = {
        {{activity, units}, units, gradient + offset, rows}};
    AddOuterProducts<Real>({errors, active}, active, cols, sums);
  }
};

}  // namespace engram
