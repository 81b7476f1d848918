#pragma once

namespace engram {

// A leaky integrate-and-fire unit under white noise.
struct NoisyUnit {
  double tau = 20;        // membrane [ms]
  double threshold = 20;  // [mV]
  double reset = 10;      // [mV]
  double refractory = 2;  // [ms]
};

// exp(x^2) erfc(x) for x >= 0, without overflow.
double ScaledErfc(double x);

// Its mean rate [Hz] for the mean mu [mV] and the size sigma > 0 [mV] of the
// free potential's input,
//
//   1 / rate = t_ref + tau sqrt(pi)
//              * integral of exp(u^2) (1 + erf u) du
//                from (reset - mu) / sigma to (threshold - mu) / sigma
//
// to a relative 1e-10; 0 where the integral is beyond any number.
//
// Source: Siegert (1951), Phys. Rev. 81:617; Brunel (2000), J. Comput.
// Neurosci. 8:183-208, doi:10.1023/A:1008925309027, eq. 21.
double SiegertRate(const NoisyUnit& unit, double mu, double sigma);

}  // namespace engram
