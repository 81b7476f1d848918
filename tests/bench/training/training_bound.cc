// The time that a training step cannot go below with Eigen's matrix products:
// those of a recurrent layer alone, on the shapes of one row. One product a
// step forward, one back, and one for the weights' gradient over all steps.
//
//   training_bound GATES UNITS BATCH [STEPS] [ROUNDS]
//
// Prints a line of JSON: the median over rounds in milliseconds of processor
// time, and the rate.

#include <Eigen/Core>
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <vector>

#include "tests/bench/training/shared_numbers.h"

namespace {

using Eigen::Index;
using Matrix = Eigen::MatrixXf;

double NowMs() {
  timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return 1e3 * static_cast<double>(now.tv_sec) +
         1e-6 * static_cast<double>(now.tv_nsec);
}

Matrix Filled(uint64_t stream, Index rows, Index cols) {
  Matrix m(rows, cols);
  for (Index i = 0; i < m.size(); ++i) {
    m.data()[i] =
        engram::bench::SharedWeight(stream, static_cast<uint64_t>(i), 0.05);
  }
  return m;
}

class Products {
 public:
  Products(Index gates, Index units, Index batch, Index steps)
      : batch_(batch),
        steps_(steps),
        weights_(Filled(1, gates * units, units)),
        activity_(Filled(2, units, batch * steps)),
        errors_(Filled(3, gates * units, batch * steps)),
        gradient_(Matrix::Zero(gates * units, units)),
        drive_(Matrix::Zero(gates * units, batch)),
        back_(Matrix::Zero(units, batch)) {}

  double Flops() const {
    return 6.0 * static_cast<double>(weights_.size()) *
           static_cast<double>(batch_ * steps_);
  }

  double Run() {
    const double begin = NowMs();
    for (Index t = 0; t < steps_; ++t) {
      drive_.noalias() = weights_ * activity_.middleCols(t * batch_, batch_);
    }
    for (Index t = 0; t < steps_; ++t) {
      back_.noalias() =
          weights_.transpose() * errors_.middleCols(t * batch_, batch_);
    }
    gradient_.noalias() = errors_ * activity_.transpose();
    return NowMs() - begin;
  }

  // Read after the clock, so that no product is dropped.
  double Sum() const {
    return static_cast<double>(drive_.sum() + back_.sum() + gradient_.sum());
  }

 private:
  Index batch_, steps_;
  Matrix weights_, activity_, errors_, gradient_, drive_, back_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    std::fprintf(stderr,
                 "usage: training_bound GATES UNITS BATCH [STEPS] [ROUNDS]\n");
    return 2;
  }
  const Index steps = argc > 4 ? std::atol(argv[4]) : 100;
  const int rounds = argc > 5 ? std::atoi(argv[5]) : 20;
  Products products(std::atol(argv[1]), std::atol(argv[2]), std::atol(argv[3]),
                    steps);
  std::vector<double> times;
  for (int k = 0; k < rounds + 5; ++k) {
    const double ms = products.Run();
    if (k >= 5) times.push_back(ms);
  }
  std::sort(times.begin(), times.end());
  const double median = times[times.size() / 2];
  std::printf(
      "{\"ms\": %.4f, \"gflop\": %.4f, \"gflop_s\": %.1f, "
      "\"sum\": %.6g}\n",
      median, products.Flops() * 1e-9, products.Flops() / median * 1e-6,
      products.Sum());
}
