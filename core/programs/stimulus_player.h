#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/base/array.h"
#include "core/rules/signals.h"
#include "core/tasks/stimulation_protocol.h"

namespace engram {

// Plays the stimuli of a row of synapses step by step: what a rule reads at a
// step. Synapse k has presynaptic unit k and postsynaptic unit k.
//
//   spikes     units with a spike in the step
//   rate       as given, and 0 when the protocol has ended; else the number of
//   spikes in the last pulse_steps
//              steps, this one included: each spike is activity 1 for so long
//   modulator  as given, else `modulator` throughout
//
// All events lie in lists sorted by step, so a step without any costs nothing.
class StimulusPlayer {
 public:
  StimulusPlayer(const StimulationProtocol& protocol, int64_t pulse_steps,
                 double modulator, double dt);

  int64_t synapses() const { return modulator_.rows(); }
  // Makes `step` the next one; free when it is so already.
  void Seek(int64_t step);
  // Moves on to the next step. What it returns is valid until the next call.
  // Allocates nothing.
  Signals<double> Next();

 private:
  // The value of `unit` from `step` on; for spikes the value counts nothing.
  struct Event {
    int64_t step;
    int32_t unit;
    double value;
  };
  struct Track {
    std::vector<Event> events;
    size_t next = 0;
    void Sort();
  };

  void AddSynapse(const SynapseStimulus& stimulus, int32_t unit,
                  int64_t pulse_steps, double modulator, int64_t steps);
  void PlaySpikes(Track& track, std::vector<int32_t>& fired) const;
  void PlayLevels(Track& track, Array<double>& values) const;

  double dt_;
  int64_t step_ = 0;  // the next one
  Track pre_track_, post_track_, pre_rate_track_, post_rate_track_,
      modulator_track_;
  std::vector<int32_t> pre_fired_, post_fired_;
  Array<double> pre_rate_, post_rate_, modulator_;
};

}  // namespace engram
