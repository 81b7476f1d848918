#include "core/rules/stdp_rate.h"

#include <memory>

#include "absl/strings/str_cat.h"
#include "core/programs/state_array.h"
#include "core/rules/catalog.h"

namespace engram {
namespace {

// Euler steps of a trace need a time constant of at least the network's step.
void CheckTimeConstants(const Component& self, const Component& root,
                        Faults& faults) {
  const auto network = root.slots.find("network");
  if (network == root.slots.end() || network->second.empty()) return;
  const auto dt = network->second.front().parameters.find("dt");
  if (dt == network->second.front().parameters.end()) return;
  const double step = network->second.front().Real("dt");
  for (const char* name : {"tau_plus", "tau_minus"}) {
    if (self.Real(name) >= step) continue;
    faults.push_back({0, absl::StrCat(self.path, ".", name),
                      absl::StrCat(name, " = ", self.Real(name),
                                   " ms is shorter than the network's step dt "
                                   "= ",
                                   step, " ms; make it at least that")});
  }
}

void Relax(double share, std::span<const double> target, Array<double>& trace) {
  const double* __restrict to = target.data();
  double* __restrict value = trace.data();
  const int64_t n = trace.rows();
  for (int64_t i = 0; i < n; ++i) value[i] += share * (to[i] - value[i]);
}

}  // namespace

StdpRate::StdpRate(const Component& component, int64_t n_post, int64_t n_pre)
    : eta_(component.Real("eta")),
      a_plus_(component.Real("a_plus")),
      a_minus_(component.Real("a_minus")),
      tau_plus_(component.Real("tau_plus")),
      tau_minus_(component.Real("tau_minus")),
      p_(n_pre),
      q_(n_post) {}

// The two products are rounded alike for (i, j) and (j, i), so that equal
// amplitudes give exact antisymmetry.
void StdpRate::UpdateTile(const Signals& s, WeightTile w) const {
  const double eta = eta_ * s.dt;
  const double* __restrict post = s.post.data();
  const double* __restrict q = q_.data();
  for (int64_t c = 0; c < w.cols; ++c) {
    const double pre = s.pre[static_cast<size_t>(w.first_pre + c)];
    const double p = p_[w.first_pre + c];
    double* __restrict weight = w.col(c);
    for (int64_t i = 0; i < w.rows; ++i) {
      weight[i] += eta * (a_plus_ * (post[i] * p) - a_minus_ * (q[i] * pre));
    }
  }
}

void StdpRate::AdvanceTraces(const Signals& s) {
  Relax(s.dt / tau_plus_, s.pre, p_);
  Relax(s.dt / tau_minus_, s.post, q_);
}

void StdpRate::VisitState(absl::string_view prefix, StateVisitor& v) {
  v.State(absl::StrCat(prefix, ".trace_pre"), StateOf(p_, "1"));
  v.State(absl::StrCat(prefix, ".trace_post"), StateOf(q_, "1"));
}

RuleRow StdpRateRow() {
  ComponentSpec spec{
      .kind = Kind::kRule,
      .type = "stdp_rate",
      .summary =
          "spike-timing dependent plasticity, averaged over spikes at "
          "given rates",
      .equation =
          "dw_ij/dt = eta (a_plus r_i p_j - a_minus q_i r_j)\n"
          "tau_plus dp_j/dt = -p_j + r_j\n"
          "tau_minus dq_i/dt = -q_i + r_i",
      .reference = "doi:10.1103/PhysRevE.59.4498",
      .parameters =
          {LearningRate(),
           Real("a_plus", "1", 1, 0, 1000,
                "potentiation when the presynaptic unit was active before"),
           Real("a_minus", "1", 0.5, 0, 1000,
                "depression when the postsynaptic unit was active before"),
           Real("tau_plus", "ms", 50, 0.1, 100000, "of the presynaptic trace"),
           Real("tau_minus", "ms", 50, 0.1, 100000,
                "of the postsynaptic trace")},
      .slots = {},
      .outputs = {},
      .check = CheckTimeConstants};
  return {std::move(spec),
          {"trace_pre", "trace_post"},
          [](const Component& c, int64_t n_post, int64_t n_pre) {
            return std::unique_ptr<Rule>(new StdpRate(c, n_post, n_pre));
          }};
}

}  // namespace engram
