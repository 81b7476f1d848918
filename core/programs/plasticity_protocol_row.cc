#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/programs/catalog.h"
#include "core/programs/plasticity_protocol.h"
#include "core/rules/catalog.h"
#include "core/spec/find_row.h"
#include "core/tasks/protocol_catalog.h"

namespace engram {
namespace {

// Measured with the release build on one core of an AMD EPYC: a step of a row
// as such, and of each synapse in it, for a rule with an eligibility trace. One
// that changes weights at sparse spikes alone takes a fifth, one that takes a
// tanh of its rates four times as much.
constexpr double kStep = 60e-9, kSynapse = 6e-9;  // [s]
constexpr int64_t kProcess = 32 << 20;            // [bytes] without any array
constexpr double kMostSynapses = 100000, kMostSpikes = 5e6, kMostSteps = 1e10;

double StepsOf(const Component& root, const ProtocolSize& size) {
  return (size.duration_ms + root.Real("settle")) / root.Real("dt");
}

Estimate EstimatePlasticityProtocol(const Component& root) {
  const ProtocolSize size = SizeOfProtocol(root.Slot("protocol"));
  const double steps = StepsOf(root, size);
  const int64_t tick = PlasticityProtocol::StepsOfATick(
      std::max<int64_t>(static_cast<int64_t>(size.synapses), 1));
  // A spike is held once by the protocol, and by the player as an event and
  // two changes of a rate; a point leaves two series and its weight.
  return {.seconds = steps * (kStep + kSynapse * size.synapses),
          .memory_bytes = kProcess + static_cast<int64_t>(80 * size.spikes +
                                                          400 * size.synapses),
          .record_bytes = static_cast<int64_t>(1000 + 100 * size.synapses),
          .ticks = static_cast<int64_t>(steps / static_cast<double>(tick)) + 1,
          .tick_name = absl::StrCat(tick, " steps")};
}

std::vector<std::string> ArraysOfPlasticityProtocol(const Component& root) {
  std::vector<std::string> arrays = {"step", "rule.weights"};
  for (const std::string& name : ArraysOfPlasticity(root.Slot("rule"))) {
    arrays.push_back("rule." + name);
  }
  if (ReadsPotentials(root.Slot("rule"))) {
    for (const std::string& name : ArraysOfPairedCell()) {
      arrays.push_back("cell." + name);
    }
  }
  arrays.push_back("weight_change");
  return arrays;
}

void CheckSize(const Component& self, const ProtocolSize& size,
               Faults& faults) {
  const auto refuse = [&](double got, const char* what, double most) {
    if (got <= most) return;
    faults.push_back(
        {0, self.Slot("protocol").path,
         absl::StrCat("this protocol has ", got, " ", what, ", at most ", most,
                      " are possible; take fewer or shorter "
                      "points, or a larger dt")});
  };
  refuse(size.synapses, "synapses", kMostSynapses);
  refuse(size.spikes, "spikes", kMostSpikes);
  refuse(StepsOf(self, size), "steps", kMostSteps);
}

bool RiseStrictly(const std::vector<int64_t>& steps) {
  return std::ranges::adjacent_find(steps, std::greater_equal<>()) ==
         steps.end();
}

std::string UnitText(const std::string& unit) {
  return unit == "1" ? "" : " " + unit;
}

// Two spikes of one side in one step would be one.
void CheckSpikes(const Component& self, const StimulationProtocol& protocol,
                 Faults& faults) {
  for (const ProtocolPoint& point : protocol.points) {
    for (const SynapseStimulus& stimulus : point.synapses) {
      if (RiseStrictly(stimulus.pre) && RiseStrictly(stimulus.post)) continue;
      faults.push_back(
          {0, self.Slot("protocol").path,
           absl::StrCat("at ", protocol.axis, " = ", point.x,
                        UnitText(protocol.axis_unit),
                        " two spikes of one side fall into one step of ",
                        self.Real("dt"),
                        " ms; make dt smaller or the spikes sparser")});
      return;
    }
  }
}

void CheckData(const Component& self, size_t points, Faults& faults) {
  for (const char* name : {"data", "data_error"}) {
    const size_t given = self.Has(name) ? self.Reals(name).size() : 0;
    if (given == points || (!self.Has("data") && !self.Has("data_error"))) {
      continue;
    }
    faults.push_back({0, absl::StrCat(self.path, ".", name),
                      absl::StrCat(name, " has ", given,
                                   " values, the protocol has ", points,
                                   " points; give data and data_error with "
                                   "one value for each")});
  }
}

// Whether the protocol's own check finds nothing; otherwise it will say so.
bool IsSound(const Component& protocol, const Component& root) {
  Faults faults;
  const ComponentSpec& spec = RowOf(ProtocolRows(), protocol.type).spec;
  if (spec.check) spec.check(protocol, root, faults);
  return faults.empty();
}

void CheckPlasticityProtocol(const Component& self, const Component&,
                             Faults& faults) {
  const Component& protocol = self.Slot("protocol");
  const bool gives_spikes = RowOf(ProtocolRows(), protocol.type).gives_spikes;
  const std::vector<Signal> gives =
      gives_spikes ? std::vector{Signal::kRates, Signal::kSpikes,
                                 Signal::kPotentials, Signal::kModulator}
                   : std::vector{Signal::kRates, Signal::kModulator};
  CheckSignals(self.Slot("rule"), gives,
               absl::StrCat("the protocol ", protocol.type), faults);
  if (!IsSound(protocol, self)) return;
  const size_t before = faults.size();
  CheckSize(self, SizeOfProtocol(protocol), faults);
  if (faults.size() > before) return;
  const StimulationProtocol made = MakeProtocol(protocol, 0, self.Real("dt"));
  CheckSpikes(self, made, faults);
  CheckData(self, made.points.size(), faults);
}

ParameterSpec PerPoint(std::string name, double minimum, std::string meaning) {
  return {.name = std::move(name),
          .unit = "1",
          .minimum = minimum,
          .maximum = 1e6,
          .list_rank = 1,
          .is_optional = true,
          .meaning = std::move(meaning)};
}

std::vector<OutputSpec> Outputs() {
  const OutputKind summary = OutputKind::kSummary, series = OutputKind::kSeries;
  return {
      {"weight_change", series, "1", "the protocol's axis",
       "final less initial weight; the mean where a point has several "
       "synapses"},
      {"weight_change_error", series, "1", "the protocol's axis",
       "standard error of that mean"},
      {"largest_change", summary, "1", "", "of all points"},
      {"at_largest", summary, "1", "", "its place, in the axis' unit"},
      {"smallest_change", summary, "1", "", "of all points, with its sign"},
      {"at_smallest", summary, "1", "", "its place, in the axis' unit"},
      {"mean_change", summary, "1", "", "of all points"},
      {"crossing", summary, "1", "",
       "where the change first turns from negative to positive, in the axis' "
       "unit"},
      {"integral", summary, "1", "",
       "of the change over the axis, in the axis' unit"},
      {"decay_positive", summary, "1", "",
       "constant of an exponential through the points above 0, in the axis' "
       "unit"},
      {"decay_negative", summary, "1", "", "the same for the points below 0"},
      {"data_error", summary, "1", "",
       "mean square of the misses, each in standard errors of the data"},
      {"largest_miss", summary, "1", "",
       "largest distance from data, in its standard errors"}};
}

}  // namespace

ProgramRow PlasticityProtocolRow() {
  ComponentSpec spec{
      .kind = Kind::kProgram,
      .type = "plasticity_protocol",
      .summary =
          "one synapse under a stimulation protocol: the rule's STDP window, "
          "its dependence on frequency, and the like; for a rule on potentials "
          "with the cell of Clopath et al. (2010), made to fire",
      .equation = "weight_change = w(end) - initial_weight",
      .reference = "doi:10.1523/JNEUROSCI.18-24-10464.1998",
      .parameters =
          {Real("dt", "ms", 0.1, 0.001, 100,
                "step; spikes lie on its multiples, and traces of spikes decay "
                "exactly between them"),
           Real("initial_weight", "1", 0.5, -1000, 1000, "of every synapse"),
           Real("pulse", "ms", 10, 0.001, 1e5,
                "for rules on rates: a spike is activity 1 for so long"),
           Real("modulator", "1", 1, -1000, 1000,
                "for three-factor rules: its value throughout, unless the "
                "protocol has a course of its own"),
           Real("settle", "ms", 1000, 0, 1e7,
                "without stimulus at the end, for traces that outlast it"),
           PerPoint("data", -1e6,
                    "published weight changes to compare with, one for each "
                    "point of the protocol"),
           PerPoint("data_error", 1e-6, "their standard errors")},
      .slots = {{.name = "protocol",
                 .kind = Kind::kProtocol,
                 .many = false,
                 .optional = false,
                 .default_type = "pairings",
                 .meaning = "what both sides of the synapse are made to do"},
                {.name = "rule",
                 .kind = Kind::kRule,
                 .many = false,
                 .optional = false,
                 .default_type = "",
                 .meaning = "what changes the weight"}},
      .outputs = Outputs(),
      .check = CheckPlasticityProtocol};
  return {std::move(spec),
          [](const Component& root, uint64_t seed,
             Context context) -> std::unique_ptr<Program> {
            return std::make_unique<PlasticityProtocol>(root, seed, context);
          },
          EstimatePlasticityProtocol, ArraysOfPlasticityProtocol};
}

}  // namespace engram
