// Any rate courses of one's own, for rules that read rates.

#include <algorithm>
#include <vector>

#include "core/tasks/course.h"
#include "core/tasks/motif.h"
#include "core/tasks/protocol_catalog.h"
#include "core/tasks/protocol_parameters.h"

namespace engram {
namespace {

StimulationProtocol MakeRateCourses(const Component& c, uint64_t, double dt) {
  const std::vector<double> shifts = c.Reals("shifts");
  const double lead = std::max(0.0, -shifts.front());
  StimulationProtocol protocol{.axis = "shift",
                               .axis_unit = "ms",
                               .steps = StepAt(c.Real("duration") + lead, dt),
                               .points = {}};
  for (double shift : shifts) {
    SynapseStimulus stimulus;
    stimulus.pre_rate = LevelsOf(c.RealRows("pre"), lead, dt);
    stimulus.post_rate = LevelsOf(c.RealRows("post"), lead + shift, dt);
    if (c.Has("modulator")) {
      stimulus.modulator = LevelsOf(c.RealRows("modulator"), lead, dt);
    }
    protocol.points.push_back({shift, {std::move(stimulus)}});
  }
  return protocol;
}

ProtocolSize SizeOfRateCourses(const Component& c) {
  return {.synapses = static_cast<double>(c.Reals("shifts").size()),
          .spikes = 0,
          .duration_ms = c.Real("duration")};
}

}  // namespace

ProtocolRow RateCoursesRow() {
  ComponentSpec spec{
      .kind = Kind::kProtocol,
      .type = "rate_courses",
      .summary =
          "rate courses of one's own, the postsynaptic one shifted: the weight "
          "change over the shift",
      .equation = "",
      .reference = "",
      .parameters =
          {CourseParameter("pre", {{0, 1}, {20, 0}},
                           "levels of the presynaptic rate, each [time in ms, "
                           "rate], and 0 before the first"),
           CourseParameter("post", {{0, 1}, {20, 0}},
                           "levels of the postsynaptic rate"),
           CourseParameter("modulator", {},
                           "levels of the modulator, in place of the "
                           "program's constant one"),
           RealList("shifts", "ms",
                    {-100, -80, -60, -50, -40, -30, -20, -10, 0, 10, 20, 30, 40,
                     50, 60, 80, 100},
                    -1e6, 1e6,
                    "added to every time of the postsynaptic course, one point "
                    "of the curve each, in rising order"),
           Real("duration", "ms", 1000, 0.001, 1e7, "of the stimulation")},
      .slots = {},
      .outputs = {},
      .check = [](const Component& self, const Component&, Faults& faults) {
        CheckRising(self, "shifts", faults);
        for (const char* name : {"pre", "post", "modulator"}) {
          CheckCourse(self, name, faults);
        }
      }};
  return {.spec = std::move(spec),
          .gives_spikes = false,
          .size = SizeOfRateCourses,
          .make = MakeRateCourses};
}

}  // namespace engram
