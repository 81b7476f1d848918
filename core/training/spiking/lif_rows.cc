#include "core/training/catalog.h"
#include "core/training/spiking/lif_layer.h"

namespace engram {
namespace {

template <class Real>
class FeedForwardLif final : public LifLayer<Real> {
 public:
  FeedForwardLif(const Component& c, LayerPlace place)
      : LifLayer<Real>(c, place, false) {}
};

template <class Real>
class RecurrentLif final : public LifLayer<Real> {
 public:
  RecurrentLif(const Component& c, LayerPlace place)
      : LifLayer<Real>(c, place, true) {}
};

std::vector<ParameterSpec> LifParameters() {
  return {Integer("units", 100, 1, 100000, "units of a layer"),
          Integer("layers", 1, 1, 100, "layers, one upon the other"),
          Real("dt", "ms", 1, 1e-3, 100, "a step"),
          Real("tau_mem", "ms", 10, 1e-3, 1e6, "of the membrane"),
          Real("tau_syn", "ms", 5, 1e-3, 1e6, "of the current"),
          Real("tau_inh", "ms", 5, 1e-3, 1e6,
               "of the current through inhibitory synapses"),
          Choice("current", "earlier", {"earlier", "present"},
                 "what the membrane takes in a step: the current before the "
                 "step's spikes, or with them"),
          Real("inhibitory_inputs", "1", 0, 0, 1,
               "share of the inputs, the last ones, that inhibit; above 0 "
               "weights are magnitudes: input_weights of the first inputs, "
               "inhibitory_input_weights of the last"),
          Choice("surrogate", "fast_sigmoid",
                 {"fast_sigmoid", "super_spike", "triangle", "arctangent",
                  "gaussian", "none"},
                 "for the derivative of a spike; none: the true one, 0"),
          Real("kappa", "1", 100, 1e-6, 1e9, "steepness of the surrogate"),
          Boolean("relaxed", false,
                  "units transmit x / (1 + kappa |x|), x = U - 1, in place of "
                  "spikes, which makes the fast sigmoid's gradient exact; the "
                  "reset stays as it is"),
          Real("weight_scale", "1", 0.7, 0, 1e6,
               "standard deviation of input weights times sqrt(inputs)")};
}

constexpr char kEquation[] =
    "S(t) = [U(t) > 1]\n"
    "U(t+1) = (beta U(t) + I(t)) (1 - S(t)), or with I(t+1)\n"
    "beta = exp(-dt/tau_mem), alpha = exp(-dt/tau_syn)\n"
    "dS/dU = 1/(kappa |U - 1| + 1)^2 (fast_sigmoid), "
    "kappa/(kappa |U - 1| + 1)^2 (super_spike),\n"
    "max(0, 1 - kappa |U - 1|) (triangle), "
    "1/(1 + (pi kappa (U - 1)/2)^2) (arctangent),\n"
    "exp(-(kappa (U - 1))^2/2) (gaussian)\n";

void CheckRelaxed(const Component& self, const Component&, Faults& faults) {
  if (!self.Boolean("relaxed") || self.Text("surrogate") == "fast_sigmoid") {
    return;
  }
  faults.push_back({0, self.path + ".relaxed",
                    "is the integral of the fast sigmoid alone; set surrogate "
                    "to fast_sigmoid, or relaxed to false"});
}

}  // namespace

LayerRow FeedForwardLifRow() {
  return RowOfLayer<FeedForwardLif>(
      {.kind = Kind::kTrainedNetwork,
       .type = "feedforward_lif",
       .summary = "leaky integrate-and-fire units that are driven by the layer "
                  "below alone, trained by a surrogate gradient",
       .equation = std::string(kEquation) +
                   "I(t+1) = alpha I(t) + W x(t); with inhibitory inputs "
                   "I = I_0 - I_1, each with its own alpha and weights",
       .reference = "doi:10.1109/MSP.2019.2931595",
       .parameters = LifParameters(),
       .check = CheckRelaxed});
}

LayerRow RecurrentLifRow() {
  std::vector<ParameterSpec> parameters = LifParameters();
  parameters.push_back(
      Real("inhibitory_units", "1", 0, 0, 1,
           "share of the units, the last ones, that inhibit; above 0 weights "
           "are magnitudes: recurrent_weights of the first units, "
           "inhibitory_recurrent_weights of the last"));
  parameters.push_back(
      Real("recurrent_scale", "1", 0.2, 0, 1e6,
           "standard deviation of recurrent weights times sqrt(units)"));
  return RowOfLayer<RecurrentLif>(
      {.kind = Kind::kTrainedNetwork,
       .type = "recurrent_lif",
       .summary = "leaky integrate-and-fire units that drive each other too, "
                  "excitatory and inhibitory ones or both in one, trained by a "
                  "surrogate gradient",
       .equation = std::string(kEquation) +
                   "I(t+1) = alpha I(t) + W x(t) + R S(t); with inhibitory "
                   "inputs or units I = I_0 - I_1, each with its own alpha "
                   "and weights",
       .reference = "doi:10.1109/MSP.2019.2931595",
       .parameters = std::move(parameters),
       .check = CheckRelaxed});
}

}  // namespace engram
