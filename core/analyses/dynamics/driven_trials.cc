#include "core/analyses/dynamics/driven_trials.h"

#include <algorithm>
#include <cmath>

#include "core/analyses/dynamics/flow.h"
#include "core/base/statistics.h"
#include "core/programs/state_array.h"

namespace engram {
namespace {

// Steps of noisy trajectories are at most this long [time constants]: an
// uncoupled variable then forgets by exp(-h) to 0.04 %.
constexpr double kLongestStep = 0.05;
// Multiplications of a part: a tenth of a second, or less than a second of a
// system as fast as 1 ms, which is not known before it is there.
constexpr double kProductsOfAPart = 2e8;
constexpr double kUsualStep = 0.5;  // [ms]
// Other work on a variable in a step, in such multiplications.
constexpr double kOfAVariable = 100;

// A step evaluates the field twice.
int64_t SamplesOfAPart(const Component& c, int64_t size) {
  const double n = static_cast<double>(size);
  const double steps = static_cast<double>(c.Integer("trials")) *
                       std::max(1.0, c.Real("every") / kUsualStep);
  const double products = 2 * steps * n * (n + kOfAVariable);
  return std::max<int64_t>(static_cast<int64_t>(kProductsOfAPart / products),
                           1);
}

}  // namespace

DrivenTrials::DrivenTrials(const Component& component, uint64_t seed, int64_t n)
    : start_states_(component, seed),
      looks_at_potentials_(component.Text("activity") == "potentials"),
      every_(component.Real("every")),
      sigma_(component.Real("sigma")),
      input_(component.Real("input")),
      hold_(component.Integer("hold")),
      burn_in_(component.Integer("burn_in")),
      samples_of_a_part_(SamplesOfAPart(component, n)),
      parts_(PartsOf(component, n)),
      noise_(seed, component.path, "trial_noise"),
      bits_(seed, component.path, "input_bits"),
      weights_(seed, component.path, "input_weights"),
      x_(n, component.Integer("trials")),
      activity_(std::min(component.Integer("units"), n) + 1,
                component.Integer("samples") * component.Integer("trials")) {}

int64_t DrivenTrials::PartsOf(const Component& component, int64_t n) {
  const int64_t each = SamplesOfAPart(component, n);
  return (component.Integer("burn_in") + component.Integer("samples") + each -
          1) /
         each;
}

int64_t DrivenTrials::NumberOf(int64_t unit) const {
  return unit * x_.rows() / units();
}

DrivenTrials::Pace DrivenTrials::PaceOf(const SystemSubject& subject) const {
  const double time = every_ / subject.dynamics->time_constant();
  const auto steps =
      static_cast<int64_t>(std::ceil(time / kLongestStep - 1e-9));
  return {.steps = steps, .step = time / static_cast<double>(steps)};
}

void DrivenTrials::RunPart(const SystemSubject& subject, int64_t part) {
  const int64_t each = samples_of_a_part_;
  const int64_t begin = part * each;
  const int64_t end = std::min(begin + each, burn_in_ + samples());
  subject.parallel->ForBlocks(trials(), 1, [&](int64_t from, int64_t to) {
    for (int64_t t = from; t < to; ++t) RunTrial(subject, t, begin, end);
  });
}

void DrivenTrials::RunTrial(const SystemSubject& subject, int64_t trial,
                            int64_t begin, int64_t end) {
  const int64_t n = subject.dynamics->size();
  const Pace pace = PaceOf(subject);
  Scratch scratch(n);
  DynamicsPoint& p = scratch.here;
  if (begin == 0) {
    Flow flow(*subject.dynamics);
    start_states_.Draw(subject, trial, flow, p);
  } else {
    std::copy_n(x_.data() + trial * n, n, p.x.data());
  }
  for (int64_t sample = begin; sample < end; ++sample) {
    FillDrive(trial, sample, scratch.drive);
    const int64_t first =
        ((burn_in_ + samples()) * trial + sample) * pace.steps;
    for (int64_t step = 0; step < pace.steps; ++step) {
      subject.dynamics->Evaluate(p);
      if (step == 0 && sample >= burn_in_) Sample(p, trial, sample - burn_in_);
      if (sigma_ != 0) noise_.FillNormal(first + step, scratch.noise.span());
      Step(*subject.dynamics, pace.step, scratch);
    }
  }
  std::copy_n(p.x.data(), n, x_.data() + trial * n);
}

// Heun's step from an evaluated state.
void DrivenTrials::Step(const Dynamics& dynamics, double h,
                        Scratch& scratch) const {
  const double spread = sigma_ * std::sqrt(2 * h);
  DynamicsPoint& p = scratch.here;
  DynamicsPoint& ahead = scratch.ahead;
  const Array<double>& drive = scratch.drive;
  Array<double>& noise = scratch.noise;
  for (int64_t i = 0; i < dynamics.size(); ++i) {
    noise[i] *= spread;
    ahead.x[i] = p.x[i] + h * (p.field[i] + drive[i]) + noise[i];
  }
  dynamics.Evaluate(ahead);
  for (int64_t i = 0; i < dynamics.size(); ++i) {
    p.x[i] += h * ((p.field[i] + ahead.field[i]) / 2 + drive[i]) + noise[i];
  }
}

void DrivenTrials::FillDrive(int64_t trial, int64_t sample,
                             Array<double>& drive) const {
  if (input_ == 0) return;
  const double chance = bits_.Uniform(trial, 0);
  const bool is_on = bits_.Uniform(trial, 1 + sample / hold_) < chance;
  weights_.FillNormal(0, drive.span());
  for (double& d : drive.span()) d *= is_on ? input_ : 0;
}

void DrivenTrials::Sample(const DynamicsPoint& p, int64_t trial,
                          int64_t sample) {
  const Array<double>& from = looks_at_potentials_ ? p.x : p.activity;
  const int64_t at = trial * samples() + sample;
  for (int64_t unit = 0; unit < units(); ++unit) {
    activity_(unit, at) = from[NumberOf(unit)];
  }
  activity_(units(), at) = *statistics::Mean(from.span());
}

std::vector<double> DrivenTrials::Of(int64_t unit, int64_t trial) const {
  std::vector<double> activity;
  for (int64_t k = 0; k < samples(); ++k) {
    activity.push_back(activity_(unit, trial * samples() + k));
  }
  return activity;
}

void DrivenTrials::VisitState(const std::string& path, StateVisitor& v) {
  v.State(path + ".x", StateOf(x_, "1"));
  v.State(path + ".activity", StateOf(activity_, "1"));
}

std::vector<ParameterSpec> TrialParameters(int64_t units) {
  return {
      Integer("trials", 10, 1, 10000, "each from another state"),
      Integer("samples", 5000, 10, 10000000, "of a trial, after its burn-in"),
      Integer("burn_in", 500, 0, 10000000, "samples before them, left out"),
      Real("every", "ms", 1, 1e-3, 1e5, "time between samples"),
      Integer("units", units, 1, 100000,
              "single units that are looked at, spread over all"),
      Choice("activity", "rates", {"rates", "potentials"},
             "what is looked at: what units send, or their state"),
      Real("sigma", "1", 0.1, 0, 1000,
           "noise: standard deviation of an uncoupled variable; 0: none"),
      Real("input", "1", 0, 0, 1000,
           "standard deviation over units of the binary input; 0: none"),
      Integer("hold", 1, 1, 1000000, "samples that an input stays")};
}

std::vector<std::string> ArraysOfTrials() { return {"x", "activity"}; }

std::string TrialEquation() { return "T dx/dt = F(x) + input w S(t) + noise"; }

}  // namespace engram
