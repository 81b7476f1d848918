#include "core/analyses/dynamics/stationary.h"

#include <Eigen/Cholesky>
#include <Eigen/LU>
#include <algorithm>
#include <cmath>

#include "core/base/statistics.h"

namespace engram {
namespace {

constexpr double kFixedBelow = 1e-10;  // q
constexpr double kSlowBelow = 1e-4;    // q
// Polished by Newton's method below this, where it converges from a fixed
// point whose Jacobian is regular.
constexpr double kPolishBelow = 1e-8;  // q
// A gradient of q this small against speed and Jacobian is a minimum.
constexpr double kFlat = 1e-9;
constexpr double kLeastDamping = 1e-12, kMostDamping = 1e8;

double HalfSquare(const DynamicsPoint& p) {
  return statistics::SumOfSquares(p.field.span()) / 2;
}

double Norm(const Array<double>& v) {
  return std::sqrt(statistics::SumOfSquares(v.span()));
}

}  // namespace

StationarySearch::StationarySearch(const Dynamics& dynamics)
    : dynamics_(dynamics),
      jacobian_(dynamics.size(), dynamics.size()),
      hessian_(dynamics.size(), dynamics.size()),
      factor_(dynamics.size(), dynamics.size()),
      gradient_(dynamics.size()),
      step_(dynamics.size()),
      trial_(dynamics.size()) {}

Stationary StationarySearch::Find(DynamicsPoint& p) {
  Begin(p);
  Advance(p, kMostIterations);
  return End(p);
}

void StationarySearch::Begin(DynamicsPoint& p, double damping,
                             int64_t iterations) {
  dynamics_.Evaluate(p);
  q_ = HalfSquare(p);
  damping_ = damping;
  iterations_ = iterations;
}

bool StationarySearch::Advance(DynamicsPoint& p, int64_t iterations) {
  const int64_t last = std::min(iterations_ + iterations, kMostIterations);
  for (; iterations_ < last; ++iterations_) {
    if (q_ < kPolishBelow) Polish(p);
    if (q_ < kFixedBelow) return true;
    Linearise(p);
    if (Norm(gradient_) <= kFlat * std::sqrt(2 * q_)) return true;
    if (Step(p) == Move::kStuck) return true;
  }
  return iterations_ == kMostIterations;
}

Stationary StationarySearch::End(DynamicsPoint& p) {
  dynamics_.Evaluate(p);
  return Judge();
}

void StationarySearch::Linearise(DynamicsPoint& p) {
  dynamics_.Linearise(p, jacobian_);
  const auto j = jacobian_.map();
  gradient_.map().noalias() = j.transpose() * p.field.map();
  auto h = hessian_.map();
  h.setZero();
  h.selfadjointView<Eigen::Lower>().rankUpdate(j.transpose());
  h.triangularView<Eigen::StrictlyUpper>() = h.transpose();
  dynamics_.AddCurvature(p, p.field.span(), hessian_);
}

bool StationarySearch::Solve() {
  factor_ = hessian_;
  auto f = factor_.map();
  f.diagonal().array() += damping_;
  Eigen::LLT<Eigen::Ref<Eigen::MatrixXd>> cholesky(f);
  if (cholesky.info() != Eigen::Success) return false;
  step_.map() = -gradient_.map();
  cholesky.solveInPlace(step_.map());
  return true;
}

// Raises the damping until the step lowers q by a fair part of what the
// quadratic model promises; lowers it after a step that keeps its promise.
StationarySearch::Move StationarySearch::Step(DynamicsPoint& p) {
  while (damping_ < kMostDamping) {
    if (Solve()) {
      for (int64_t i = 0; i < dynamics_.size(); ++i) {
        trial_.x[i] = p.x[i] + step_[i];
      }
      dynamics_.Evaluate(trial_);
      const double q = HalfSquare(trial_);
      const double slope = step_.map().col(0).dot(gradient_.map().col(0));
      const double bend =
          (hessian_.map().selfadjointView<Eigen::Lower>() * step_.map().col(0))
              .dot(step_.map().col(0));
      const double promised = -(slope + bend / 2);
      const double kept = promised > 0 ? (q_ - q) / promised : 0.0;
      if (kept > 1e-4) {
        std::swap(p.x, trial_.x);
        std::swap(p.activity, trial_.activity);
        std::swap(p.field, trial_.field);
        q_ = q;
        if (kept > 0.75) damping_ = std::max(damping_ / 10, kLeastDamping);
        if (kept < 0.25) damping_ *= 4;
        return Move::kTaken;
      }
    }
    damping_ = std::max(damping_ * 10, 1e-8);
  }
  return Move::kStuck;
}

// Takes Newton steps as long as each lowers q, down to rounding.
void StationarySearch::Polish(DynamicsPoint& p) {
  for (int i = 0; i < 8 && q_ > 0; ++i) {
    dynamics_.Linearise(p, jacobian_);
    const Eigen::PartialPivLU<Eigen::MatrixXd> lu(jacobian_.map());
    step_.map() = lu.solve(p.field.map());
    for (int64_t k = 0; k < dynamics_.size(); ++k) {
      trial_.x[k] = p.x[k] - step_[k];
    }
    dynamics_.Evaluate(trial_);
    const double q = HalfSquare(trial_);
    if (!(q < q_ / 4)) return;
    std::swap(p.x, trial_.x);
    std::swap(p.activity, trial_.activity);
    std::swap(p.field, trial_.field);
    q_ = q;
  }
}

Stationary StationarySearch::Judge() const {
  if (q_ < kFixedBelow) return Stationary::kFixed;
  const bool is_minimum =
      Norm(gradient_) <= 1e-5 * std::sqrt(2 * q_) && q_ < kSlowBelow;
  return is_minimum ? Stationary::kSlow : Stationary::kNone;
}

}  // namespace engram
