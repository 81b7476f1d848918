#pragma once

#include <array>
#include <cstddef>

namespace engram::microcircuit {

// Potjans and Diesmann (2014), doi:10.1093/cercor/bhs358, tables 4 and 5, and
// the published model's code (INM-6/microcircuit-PD14-model): population by
// population in one order.
inline constexpr size_t kPopulations = 8;
template <class T>
using PerPopulation = std::array<T, kPopulations>;

inline constexpr PerPopulation<const char*> kNames = {
    "L23E", "L23I", "L4E", "L4I", "L5E", "L5I", "L6E", "L6I"};
inline constexpr PerPopulation<bool> kIsExcitatory = {true, false, true, false,
                                                      true, false, true, false};
inline constexpr PerPopulation<double> kUnits = {20683, 5834, 21915, 5479,
                                                 4850,  1065, 14395, 2948};
// Of background inputs onto each unit.
inline constexpr PerPopulation<double> kExternal = {1600, 1500, 2100, 1900,
                                                    2000, 1900, 2900, 2100};
// Mean rates of one simulation of full size [Hz], from which reduced networks
// make up for the input that they lack.
inline constexpr PerPopulation<double> kRates = {0.903, 2.965, 4.414, 5.876,
                                                 7.569, 8.633, 1.105, 7.829};
// Of the normal distributions of potentials at time 0 [mV].
inline constexpr PerPopulation<double> kInitialMean = {
    -68.28, -63.16, -63.33, -63.45, -63.11, -61.66, -66.72, -61.43};
inline constexpr PerPopulation<double> kInitialSd = {5.36, 4.57, 4.74, 4.94,
                                                     4.94, 4.55, 5.46, 4.48};
// kProbability[target][source]
inline constexpr PerPopulation<PerPopulation<double>> kProbability = {{
    {.1009, .1689, .0437, .0818, .0323, 0, .0076, 0},
    {.1346, .1371, .0316, .0515, .0755, 0, .0042, 0},
    {.0077, .0059, .0497, .135, .0067, .0003, .0453, 0},
    {.0691, .0029, .0794, .1597, .0033, 0, .1057, 0},
    {.1004, .0622, .0505, .0057, .0831, .3726, .0204, 0},
    {.0548, .0269, .0257, .0022, .06, .3158, .0086, 0},
    {.0156, .0066, .0211, .0166, .0572, .0197, .0396, .2252},
    {.0364, .001, .0034, .0005, .0277, .008, .0658, .1443},
}};

// Synapses between two populations, drawn with replacement, so that a pair is
// connected with probability C: log(1 - C) / log(1 - 1 / (N_pre N_post)). Not
// rounded.
double Synapses(size_t target, size_t source);

}  // namespace engram::microcircuit
