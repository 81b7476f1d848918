// Oja's, Sanger's and the subspace rule on an input of known correlations: what
// each of them finds of its eigenvectors.

#include <gtest/gtest.h>

#include <Eigen/Dense>
#include <cmath>

#include "tests/core/rules/rule_fixture.h"

namespace engram {
namespace {

constexpr int64_t kInputs = 6;

// Orthonormal columns: eigenvectors of the correlations.
Eigen::MatrixXd Eigenvectors() {
  Eigen::MatrixXd random(kInputs, kInputs);
  std::vector<double> u(kInputs * kInputs);
  RandomStream(5, "rule", "eigenvectors").FillNormal(0, u);
  for (int64_t k = 0; k < kInputs * kInputs; ++k) {
    random(k % kInputs, k / kInputs) = u[static_cast<size_t>(k)];
  }
  const Eigen::HouseholderQR<Eigen::MatrixXd> qr(random);
  return qr.householderQ();
}

// Presents the eigenvectors in turn, the k-th with size s_k and both signs, so
// that the correlations over a round are exactly V diag(s^2) V' / kInputs; the
// units are linear, y = W x. Small steps average over a round.
Eigen::MatrixXd Learn(const std::string& yaml, int64_t units, int rounds) {
  Parallel parallel(1);
  Projection p(yaml, units, kInputs);
  std::vector<double> start(static_cast<size_t>(units * kInputs));
  RandomStream(7, "rule", "start").FillNormal(0, start);
  for (int64_t k = 0; k < units * kInputs; ++k) {
    p.w[k] = 0.1 * start[static_cast<size_t>(k)];
  }
  const Eigen::MatrixXd v = Eigenvectors();
  std::vector<double> x(kInputs), y(static_cast<size_t>(units));
  for (int step = 0; step < rounds * kInputs; ++step) {
    const int64_t k = step % kInputs;
    const double size = std::sqrt(static_cast<double>(kInputs - k));
    for (int64_t j = 0; j < kInputs; ++j) {
      x[static_cast<size_t>(j)] = size * v(j, k);
    }
    const Eigen::Map<const Eigen::VectorXd> input(x.data(), kInputs);
    Eigen::Map<Eigen::VectorXd>(y.data(), units) = p.w.map() * input;
    p.Step(x, y, parallel);
  }
  return p.w.map();
}

// With a learning rate of 0.002 the average over a round is off by terms of
// order eta times the spread of the eigenvalues: 0.002 * 6.
constexpr double kSmall = 0.012;

TEST(OjaTest, FindsTheLeadingEigenvectorWithNormOneOverRootAlpha) {
  const Eigen::MatrixXd w =
      Learn("{type: oja, eta: 0.002, alpha: 4}", 3, 20000);
  const Eigen::VectorXd leading = Eigenvectors().col(0);
  for (int64_t i = 0; i < 3; ++i) {
    EXPECT_NEAR(w.row(i).norm(), 0.5, kSmall);
    EXPECT_NEAR(std::abs(w.row(i).dot(leading)), 0.5, kSmall);
  }
}

TEST(SangerTest, FindsTheEigenvectorsInOrder) {
  const Eigen::MatrixXd w = Learn("{type: sanger, eta: 0.002}", 4, 30000);
  const Eigen::MatrixXd overlap = (w * Eigenvectors()).cwiseAbs();
  for (int64_t i = 0; i < 4; ++i) {
    for (int64_t k = 0; k < kInputs; ++k) {
      EXPECT_NEAR(overlap(i, k), i == k ? 1 : 0, kSmall) << i << " " << k;
    }
  }
}

TEST(SubspaceTest, FindsTheSpanOfTheLeadingEigenvectors) {
  const Eigen::MatrixXd w = Learn("{type: subspace, eta: 0.002}", 3, 20000);
  // Projector onto the rows of w against that onto the eigenvectors.
  const Eigen::MatrixXd span = Eigenvectors().leftCols(3);
  EXPECT_LT((w.transpose() * w - span * span.transpose()).norm(), 5 * kSmall);
  EXPECT_LT((w * w.transpose() - Eigen::MatrixXd::Identity(3, 3)).norm(),
            5 * kSmall);
  // Another basis than the eigenvectors themselves.
  EXPECT_GT((w * Eigenvectors()).cwiseAbs().leftCols(3).minCoeff(), kSmall);
}

// One step by hand, weights of both units of one column.
TEST(SangerTest, OneStepSubtractsWhatTheUnitsBeforeAndItselfExplain) {
  Parallel parallel(1);
  Projection sanger("{type: sanger, eta: 0.1}", 2, 1, 2);
  Projection subspace("{type: subspace, eta: 0.1}", 2, 1, 2);
  for (Projection* p : {&sanger, &subspace}) {
    p->w[0] = 0.5;
    p->w[1] = -0.25;
    p->Step({0.8}, {0.3, 0.6}, parallel);
  }
  const double first = 0.3 * 0.5, both = first - 0.6 * 0.25;
  EXPECT_NEAR(sanger.w[0], 0.5 + 0.2 * 0.3 * (0.8 - first), 1e-15);
  EXPECT_NEAR(sanger.w[1], -0.25 + 0.2 * 0.6 * (0.8 - both), 1e-15);
  EXPECT_NEAR(subspace.w[0], 0.5 + 0.2 * 0.3 * (0.8 - both), 1e-15);
  EXPECT_NEAR(subspace.w[1], -0.25 + 0.2 * 0.6 * (0.8 - both), 1e-15);
}

// Longer than a stretch of the sum, and no multiple of anything; with an
// eligibility trace of full effect the first step is the same.
TEST(SangerTest, ALongColumnIsTheSumUnitByUnit) {
  constexpr int64_t kPost = 700, kPre = 5;
  Parallel parallel(2);
  Projection plain("{type: sanger, eta: 0.1}", kPost, kPre, 2);
  Projection traced(
      "{type: sanger, eta: 0.1, eligibility: {type: eligibility_trace}}", kPost,
      kPre, 2);
  const std::vector<double> pre = RandomRates(kPre, 1);
  std::vector<double> post = RandomRates(kPost, 2);
  const std::vector<double> modulator = {0.5};
  for (int64_t k = 0; k < kPost * kPre; ++k) {
    plain.w[k] = traced.w[k] = 0.1 * std::sin(static_cast<double>(k));
  }
  const Array<double> start = plain.w;
  plain.Step(pre, post, parallel);
  const Signals<double> s{
      .pre = pre, .post = post, .modulator = modulator, .dt = 2};
  ApplyRule(*traced.rule, s, traced.w, parallel);
  for (int64_t j = 0; j < kPre; ++j) {
    double rest = pre[static_cast<size_t>(j)];
    for (int64_t i = 0; i < kPost; ++i) {
      const double r = post[static_cast<size_t>(i)];
      rest -= r * start(i, j);
      // 700 terms below 0.1, rounded to 1e-17 each.
      EXPECT_NEAR(plain.w(i, j), start(i, j) + 0.2 * r * rest, 1e-14);
      EXPECT_NEAR(traced.w(i, j), plain.w(i, j), 1e-14);
    }
  }
}

TEST(OjaTest, OneStepIsWhatItIsByHand) {
  Parallel parallel(1);
  Projection p("{type: oja, eta: 0.1, alpha: 3}", 1, 1, 2);
  p.w[0] = 0.5;
  p.Step({0.8}, {0.3}, parallel);
  EXPECT_NEAR(p.w[0], 0.5 + 0.2 * (0.3 * 0.8 - 3 * 0.09 * 0.5), 1e-15);
}

}  // namespace
}  // namespace engram
