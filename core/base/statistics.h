#pragma once

#include <cstdint>
#include <optional>
#include <span>

// Sums and what is made of them, with the same bits on any machine: eight
// running sums, one for each place modulo 8, are joined in a fixed order, so
// neither packets nor alignment count. Thread-safe. What is undefined for the
// given numbers is empty.
namespace engram::statistics {

double Sum(std::span<const double> x);
double SumOfSquares(std::span<const double> x);
double Dot(std::span<const double> x, std::span<const double> y);
// Largest |x_i|; 0 of nothing.
double LargestMagnitude(std::span<const double> x);
bool AllFinite(std::span<const double> x);

std::optional<double> Mean(std::span<const double> x);
// With n - 1; empty for fewer than two.
std::optional<double> Variance(std::span<const double> x);
// Of an even number the mean of the middle two. Copies x.
std::optional<double> Median(std::span<const double> x);
// Pearson's; empty when one of them does not vary.
std::optional<double> Correlation(std::span<const double> x,
                                  std::span<const double> y);
// Kendall's tau-b, which allows for ties (Kendall 1945, Biometrika 33:239);
// O(n^2). Empty when one of them has but one value.
std::optional<double> KendallTau(std::span<const double> x,
                                 std::span<const double> y);

}  // namespace engram::statistics
