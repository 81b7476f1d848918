#pragma once

namespace engram {

// What a leaky membrane keeps and takes in over a step of length h, exact for
// any h (Rotter and Diesmann 1999, doi:10.1007/s004220050570). Times in ms;
// equal and nearly equal time constants lose no digits.

// exp(-h / tau)
double Decay(double h, double tau);
// Integral of exp(-(h - s) / tau_m) exp(-s / tau_s) over s in [0, h] [ms].
double ExponentialResponse(double h, double tau_m, double tau_s);
// Integral of exp(-(h - s) / tau_m) s exp(-s / tau_s) [ms^2].
double AlphaResponse(double h, double tau_m, double tau_s);
// Integral of exp(-(h - s) / tau_m): tau_m (1 - exp(-h / tau_m)) [ms].
double ConstantResponse(double h, double tau_m);

}  // namespace engram
