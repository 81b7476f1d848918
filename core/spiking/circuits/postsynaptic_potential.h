#pragma once

namespace engram {

// How high one spike lifts the membrane of a current-based neuron, per unit of
// its weight: models state the potential [mV], networks need the current [pA].

struct Membrane {
  double c_m = 250;    // capacitance [pF]
  double tau_m = 10;   // membrane time constant [ms]
  double tau_syn = 1;  // of the synaptic current [ms], not tau_m
};

// Weight [pA] whose exponential current w exp(-t / tau_syn) peaks at 1 mV:
//
//   V(t) = w tau_m tau_syn / (C (tau_m - tau_syn)) (exp(-t/tau_m) -
//          exp(-t/tau_syn)),   peak at log(tau_m/tau_syn) / (1/tau_syn -
//          1/tau_m)
//
// Source: Potjans and Diesmann (2014), doi:10.1093/cercor/bhs358.
double ExponentialCurrentOfOneMv(const Membrane& membrane);

// Weight [pA] whose alpha current w e t/tau_syn exp(-t / tau_syn), of height w,
// peaks at 1 mV. The peak's time solves an equation of Lambert's kind, by
// Newton's method from the current's own peak.
//
// Source: Morrison, Aertsen, Diesmann (2007), doi:10.1162/neco.2007.19.6.1437.
double AlphaCurrentOfOneMv(const Membrane& membrane);

}  // namespace engram
