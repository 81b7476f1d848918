// The COBA network of Vogels and Abbott written out by hand for itself alone:
// what the engine's general machinery is measured against. Nothing here is
// shared with the core, on purpose.
//
//   plain_coba float|double SECONDS SEED WEIGHTS
//
// WEIGHTS is "stored" (a weight beside each target, as any projection of the
// engine has) or "constant" (one a projection, which only a loop written for
// this network can do). Prints one line of JSON.
//
//   tau_m v' = E_L - v + g_e (E_e - v) + g_i (E_i - v),  Euler, 0.1 ms
//
// Source: Vogels and Abbott (2005), J. Neurosci. 25:10786; Brette et al.
// (2007), J. Comput. Neurosci. 23:349, appendix 2.

#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <random>
#include <vector>

namespace {

constexpr int kUnits = 4000, kExcitatory = 3200;
constexpr double kDt = 0.1, kTauM = 20, kTauE = 5, kTauI = 10;  // [ms]
constexpr double kRest = -60, kThreshold = -50, kReset = -60;   // [mV]
constexpr double kEe = 0, kEi = -80;                            // [mV]
constexpr double kJumpE = 0.6, kJumpI = 6.7;  // [1], in units of the leak
constexpr int kRefractorySteps = 50;
constexpr double kProbability = 0.02;

template <class Real>
struct Synapse {
  int32_t target;
  Real weight;
};

template <class Real>
struct Network {
  std::vector<Real> v, ge, gi;
  std::vector<int32_t> refractory;  // steps that are left
  std::vector<int64_t> row;         // of kUnits + 1
  std::vector<int32_t> target;
  std::vector<Synapse<Real>> stored;
};

template <class Real>
Network<Real> Build(uint64_t seed) {
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<double> uniform;
  std::normal_distribution<double> normal;
  Network<Real> n;
  n.refractory.assign(kUnits, 0);
  for (int i = 0; i < kUnits; ++i) {
    n.v.push_back(static_cast<Real>(kRest - 5 + 5 * normal(random)));
    n.ge.push_back(static_cast<Real>(4 + 1.5 * normal(random)));
    n.gi.push_back(static_cast<Real>(20 + 12 * normal(random)));
  }
  n.row.push_back(0);
  for (int i = 0; i < kUnits; ++i) {
    const Real jump = static_cast<Real>(i < kExcitatory ? kJumpE : kJumpI);
    for (int j = 0; j < kUnits; ++j) {
      if (uniform(random) >= kProbability) continue;
      n.target.push_back(j);
      n.stored.push_back({j, jump});
    }
    n.row.push_back(static_cast<int64_t>(n.target.size()));
  }
  return n;
}

// One step of all membranes, then the conductances decay.
template <class Real>
void StepUnits(Network<Real>& n) {
  Real* __restrict v = n.v.data();
  Real* __restrict ge = n.ge.data();
  Real* __restrict gi = n.gi.data();
  int32_t* __restrict refractory = n.refractory.data();
  const Real gain = static_cast<Real>(kDt / kTauM);
  const Real keep_e = static_cast<Real>(1 - kDt / kTauE);
  const Real keep_i = static_cast<Real>(1 - kDt / kTauI);
  for (int i = 0; i < kUnits; ++i) {
    const Real drive = static_cast<Real>(kRest) - v[i] +
                       ge[i] * (static_cast<Real>(kEe) - v[i]) +
                       gi[i] * (static_cast<Real>(kEi) - v[i]);
    v[i] = refractory[i] > 0 ? v[i] : v[i] + gain * drive;
    refractory[i] -= refractory[i] > 0 ? 1 : 0;
    ge[i] *= keep_e;
    gi[i] *= keep_i;
  }
}

template <class Real>
void FindSpikes(const Network<Real>& n, std::vector<int32_t>& fired) {
  fired.clear();
  for (int i = 0; i < kUnits; ++i) {
    if (n.v[static_cast<size_t>(i)] > static_cast<Real>(kThreshold)) {
      fired.push_back(i);
    }
  }
}

template <class Real>
void Deliver(Network<Real>& n, int32_t source, bool is_stored) {
  const size_t s = static_cast<size_t>(source);
  const size_t begin = static_cast<size_t>(n.row[s]);
  const size_t end = static_cast<size_t>(n.row[s + 1]);
  Real* g = source < kExcitatory ? n.ge.data() : n.gi.data();
  if (is_stored) {
    for (size_t k = begin; k < end; ++k) {
      g[n.stored[k].target] += n.stored[k].weight;
    }
    return;
  }
  const Real jump = static_cast<Real>(source < kExcitatory ? kJumpE : kJumpI);
  for (size_t k = begin; k < end; ++k) g[n.target[k]] += jump;
}

template <class Real>
int Run(double seconds, uint64_t seed, bool is_stored) {
  Network<Real> n = Build<Real>(seed);
  std::vector<int32_t> fired, units;
  std::vector<int64_t> steps;
  fired.reserve(kUnits);
  const int64_t count = static_cast<int64_t>(std::lround(seconds * 1e4));
  const auto start = std::chrono::steady_clock::now();
  const std::clock_t cpu_start = std::clock();
  for (int64_t step = 0; step < count; ++step) {
    StepUnits(n);
    FindSpikes(n, fired);
    for (const int32_t i : fired) Deliver(n, i, is_stored);
    for (const int32_t i : fired) {
      n.v[static_cast<size_t>(i)] = static_cast<Real>(kReset);
      n.refractory[static_cast<size_t>(i)] = kRefractorySteps;
      steps.push_back(step);
      units.push_back(i);
    }
  }
  const double wall =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start)
          .count();
  const double cpu = static_cast<double>(std::clock() - cpu_start) /
                     static_cast<double>(CLOCKS_PER_SEC);
  int64_t excitatory = 0;
  for (const int32_t i : units) excitatory += i < kExcitatory;
  const double inhibitory =
      static_cast<double>(units.size()) - static_cast<double>(excitatory);
  std::printf(
      "{\"seconds\": %.6f, \"cpu\": %.6f, \"rate_e\": %.4f, \"rate_i\": "
      "%.4f}\n",
      wall, cpu, static_cast<double>(excitatory) / kExcitatory / seconds,
      inhibitory / (kUnits - kExcitatory) / seconds);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) {
    std::fprintf(stderr,
                 "plain_coba float|double SECONDS SEED "
                 "stored|constant\n");
    return 2;
  }
  const double seconds = std::atof(argv[2]);
  const uint64_t seed = std::strtoull(argv[3], nullptr, 10);
  const bool is_stored = std::strcmp(argv[4], "stored") == 0;
  return std::strcmp(argv[1], "float") == 0
             ? Run<float>(seconds, seed, is_stored)
             : Run<double>(seconds, seed, is_stored);
}
