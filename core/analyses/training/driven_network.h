#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/analyses/training/trained_analysis.h"
#include "core/base/array.h"
#include "core/base/random.h"

namespace engram {

// The last layer of a trained network under random bits:
//
//   S(t)  low or 1, drawn anew for each input after each hold; 1 with a chance
//         that each trial draws, uniform in (0, 1)
//
// All trials go on together, piece by piece; a part is a piece.
//
// Source: the drive of Khajehabdollahi et al. (2024), arXiv:2309.12927.
template <class Real>
class DrivenNetwork {
 public:
  // The analysis has DriveParameters.
  explicit DrivenNetwork(const TrainedSubject& subject);

  void RunPart(const TrainedState<Real>& trained, int64_t part);
  void VisitState(const std::string& path, StateVisitor& v);

  int64_t trials() const { return trials_; }
  int64_t units() const { return units_; }
  // Of the part that was run: its steps behind the burn-in, and what a unit did
  // in them.
  int64_t steps() const { return end_ - begin_; }
  void CopyActivity(int64_t unit, int64_t trial, double* activity) const;

 private:
  void Fill(const TrainedState<Real>& trained, int64_t begin, int64_t end);

  int64_t trials_, burn_in_, all_steps_, hold_, units_;
  double low_;
  RandomStream shares_, bits_;

  Array<Real> state_;  // (state_size, n_trials)
  int64_t part_begin_ = 0, begin_ = 0, end_ = 0;
  TrainingBlock<Real> block_;
  NetworkPass<Real> pass_;
};

extern template class DrivenNetwork<float>;
extern template class DrivenNetwork<double>;

// trials, steps with this default, burn_in, low and hold.
std::vector<ParameterSpec> DriveParameters(int64_t steps);
int64_t PartsOfDrive(const Component& analysis);
double ColumnsOfDrive(const Component& analysis);
std::string DriveEquation();

// Trials of tests from this number on are none that a run's own tests show.
inline constexpr int64_t kTrialsOfAnalyses = int64_t{1} << 40;

}  // namespace engram
