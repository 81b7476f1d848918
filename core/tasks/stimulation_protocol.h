#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace engram {

// A course that is constant from one step to the next level's.
struct Level {
  int64_t from = 0;  // step
  double value = 0;
  friend bool operator==(const Level&, const Level&) = default;
};

// What one synapse is given. Steps rise strictly within a list. A course
// without levels is not given: rates then follow from the spikes, and the
// modulator is the program's.
struct SynapseStimulus {
  std::vector<int64_t> pre = {}, post = {};          // steps with a spike
  std::vector<Level> pre_rate = {}, post_rate = {};  // [1]
  std::vector<Level> modulator = {};                 // [1]
};

// One point of a curve: its place on the axis and its synapses, which differ
// in nothing but chance.
struct ProtocolPoint {
  double x = 0;
  std::vector<SynapseStimulus> synapses;
};

// A stimulation protocol for a row of synapses that do not know of each other:
// a curve (a whole STDP window) in one go. Immutable.
//
// Times lie on the grid of `dt`: a motif (a pair, a triplet, a burst) begins at
// the step nearest to its time, and each spike at the step nearest to its time
// within the motif, so a repetition never changes an interval. Times that are
// multiples of dt are therefore exact.
struct StimulationProtocol {
  std::string axis;       // "delta"
  std::string axis_unit;  // "ms"
  int64_t steps = 0;      // until all is over, the last period included
  std::vector<ProtocolPoint> points;  // x rises strictly
};

}  // namespace engram
