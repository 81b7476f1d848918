#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/analyses/dynamics/point_set.h"
#include "core/analyses/dynamics/stability.h"
#include "core/analyses/dynamics/starts.h"
#include "core/analyses/structure/eigenvalue_search.h"
#include "core/analyses/system_analysis.h"
#include "core/base/array.h"
#include "core/spec/component.h"

namespace engram {

// Fixed and slow points of a system of n variables, searched for from states
// on its trajectories, with their stability.
class FixedPoints final : public SystemAnalysis {
 public:
  // Work of a part, in variables cubed: some twenty of them are a search, which
  // then takes up to a second.
  static constexpr int64_t kCubesOfAPart = 400'000'000;

  // `n` is the system's size.
  FixedPoints(const Component& component, uint64_t seed, int64_t n,
              int64_t cubes_of_a_part = kCubesOfAPart);

  // Without making it: it may be large.
  static int64_t PartsOf(const Component& component, int64_t n) {
    return Plan{n, component.Integer("starts")}.parts();
  }
  int64_t parts() const override { return plan_.parts(); }
  void RunPart(const SystemSubject& subject, int64_t part) override;
  void Finish(const SystemSubject& subject, AnalysisOutput& out) override;
  void VisitState(const std::string& path, StateVisitor& v) override;

 private:
  // How the work is cut into parts.
  struct Plan {
    int64_t n = 1;  // of the system
    int64_t starts = 1;
    int64_t cubes = kCubesOfAPart;  // of a part

    int64_t starts_of_a_part() const;
    int64_t blocks() const;
    // Of a system so large that one search takes more than a part: iterations
    // of a part, and the parts that a search may take.
    bool has_slices() const { return n * n * n > cubes; }
    int64_t iterations_of_a_part() const;
    int64_t slices() const;
    int64_t slices_of_eigenvalues() const;
    int64_t parts() const {
      return blocks() * (slices() + slices_of_eigenvalues());
    }
  };

  struct Found {
    std::vector<int64_t> order;  // columns of points_, as they are reported
    std::vector<int64_t> count;  // starts that ended there
  };

  int64_t starts() const { return points_.cols(); }
  void SearchOn(const SystemSubject& subject, int64_t s, int64_t slice);
  void Search(const SystemSubject& subject, int64_t begin, int64_t end);
  void Classify(const SystemSubject& subject, int64_t begin, int64_t end);
  // Of a system with slices: the `point`-th that was found.
  void ClassifyOn(const SystemSubject& subject, int64_t point, int64_t slice);
  void KeepStability(int64_t s, const std::optional<Stability>& stability);
  PointSet Points() const;
  // Stable points first, then by unstable dimension, then by coordinates.
  Found Ordered(bool are_slow) const;
  bool IsBefore(int64_t a, int64_t b) const;
  void ReportPoints(const Found& fixed, const Found& slow,
                    AnalysisOutput& out) const;
  void ReportCounts(const Found& fixed, const Found& slow,
                    AnalysisOutput& out) const;
  Measured Error(const Found& fixed,
                 const std::vector<std::vector<double>>& expected,
                 bool only_stable) const;

  Starts start_states_;
  Plan plan_;
  std::vector<std::vector<double>> expected_points_, expected_stable_;

  Array<double> points_;            // (n, n_starts) where each search stands
  Array<double> q_;                 // (n_starts)
  Array<double> damping_;           // (n_starts) of a search in slices
  Array<int64_t> iterations_;       // (n_starts) its number; -1: it is over
  Array<int64_t> kind_;             // (n_starts) a Stationary
  Array<double> real_, imaginary_;  // (n, n_starts) of the first at a point
  Array<int64_t> unstable_;         // (n_starts) dimension; -1: not known
  EigenvalueSearch eigenvalues_;    // at a point, in slices
};

}  // namespace engram
