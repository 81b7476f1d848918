#include "core/rules/stdp_triplet.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "core/programs/state_array.h"
#include "core/rules/catalog.h"

namespace engram {
namespace {

struct Constants {
  double a2_plus, a3_plus, a2_minus, a3_minus, tau_x, tau_y;
};

std::vector<ParameterSpec> Parameters(const Constants& c) {
  return {Real("a2_plus", "1", c.a2_plus, 0, 1000, "potentiation of a pair"),
          Real("a3_plus", "1", c.a3_plus, 0, 1000,
               "potentiation of a triplet post-pre-post"),
          Real("a2_minus", "1", c.a2_minus, 0, 1000, "depression of a pair"),
          Real("a3_minus", "1", c.a3_minus, 0, 1000,
               "depression of a triplet pre-post-pre"),
          Real("tau_plus", "ms", 16.8, 0.1, 100000,
               "of the fast presynaptic trace"),
          Real("tau_minus", "ms", 33.7, 0.1, 100000,
               "of the fast postsynaptic trace"),
          Real("tau_x", "ms", c.tau_x, 0.1, 100000,
               "of the slow presynaptic trace"),
          Real("tau_y", "ms", c.tau_y, 0.1, 100000,
               "of the slow postsynaptic trace"),
          Choice("pairing", "all_to_all", {"all_to_all", "nearest"},
                 "which triplets count")};
}

RuleRow RowWith(std::string type, const std::string& of,
                const Constants& constants) {
  return RowOfRule<StdpTriplet>(
      {.type = std::move(type),
       .summary = absl::StrCat(
           "triplet rule of spike-timing dependent plasticity with the "
           "constants of ",
           of),
       .equation = "at a presynaptic spike: dw = -o_1 (a2_minus + a3_minus "
                   "r_2)\n"
                   "at a postsynaptic spike: dw = r_1 (a2_plus + a3_plus o_2)\n"
                   "r_1, r_2 of the presynaptic, o_1, o_2 of the postsynaptic "
                   "spikes: +1 after a spike (nearest: = 1),\n"
                   "between spikes tau dx/dt = -x with tau_plus, tau_x, "
                   "tau_minus, tau_y",
       .reference = "doi:10.1523/JNEUROSCI.1425-06.2006",
       .parameters = Parameters(constants)},
      {Signal::kSpikes},
      {"trace_pre", "slow_trace_pre", "trace_post", "slow_trace_post"});
}

}  // namespace

template <class Real>
StdpTriplet<Real>::StdpTriplet(const Component& c, const RuleShape& shape)
    : SpikeRule<Real, StdpTriplet<Real>>(shape),
      a2_plus_(static_cast<Real>(c.Real("a2_plus"))),
      a3_plus_(static_cast<Real>(c.Real("a3_plus"))),
      a2_minus_(static_cast<Real>(c.Real("a2_minus"))),
      a3_minus_(static_cast<Real>(c.Real("a3_minus"))),
      r_1_(shape.n_pre, c.Real("tau_plus"), shape.dt,
           c.Text("pairing") == "nearest"),
      r_2_(shape.n_pre, c.Real("tau_x"), shape.dt,
           c.Text("pairing") == "nearest"),
      o_1_(shape.n_post, c.Real("tau_minus"), shape.dt,
           c.Text("pairing") == "nearest"),
      o_2_(shape.n_post, c.Real("tau_y"), shape.dt,
           c.Text("pairing") == "nearest") {}

template <class Real>
void StdpTriplet<Real>::AdvanceTraces(const Signals<Real>& s) {
  SpikeRule<Real, StdpTriplet<Real>>::AdvanceTraces(s);
  r_1_.Advance(s.pre_spikes);
  r_2_.Advance(s.pre_spikes);
  o_1_.Advance(s.post_spikes);
  o_2_.Advance(s.post_spikes);
}

template <class Real>
void StdpTriplet<Real>::VisitState(absl::string_view prefix, StateVisitor& v) {
  v.State(absl::StrCat(prefix, ".trace_pre"), StateOf(r_1_.array(), "1"));
  v.State(absl::StrCat(prefix, ".slow_trace_pre"), StateOf(r_2_.array(), "1"));
  v.State(absl::StrCat(prefix, ".trace_post"), StateOf(o_1_.array(), "1"));
  v.State(absl::StrCat(prefix, ".slow_trace_post"), StateOf(o_2_.array(), "1"));
}

RuleRow StdpTripletRow() {
  return RowWith("stdp_triplet", "visual cortex",
                 {5e-10, 6.2e-3, 7e-3, 2.3e-4, 101, 125});
}

RuleRow StdpTripletMinimalRow() {
  return RowWith("stdp_triplet_minimal", "visual cortex, minimal model",
                 {0, 6.5e-3, 7.1e-3, 0, 101, 114});
}

RuleRow StdpTripletHippocampusRow() {
  return RowWith("stdp_triplet_hippocampus", "hippocampal culture",
                 {6.1e-3, 6.7e-3, 1.6e-3, 1.4e-3, 946, 27});
}

RuleRow StdpTripletHippocampusMinimalRow() {
  return RowWith("stdp_triplet_hippocampus_minimal",
                 "hippocampal culture, minimal model",
                 {5.3e-3, 8.0e-3, 3.5e-3, 0, 946, 40});
}

}  // namespace engram
