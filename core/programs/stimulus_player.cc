#include "core/programs/stimulus_player.h"

#include <algorithm>

#include "core/base/contract.h"

namespace engram {
namespace {

int64_t CountSynapses(const StimulationProtocol& protocol) {
  int64_t count = 0;
  for (const ProtocolPoint& point : protocol.points) {
    count += static_cast<int64_t>(point.synapses.size());
  }
  return count;
}

// How many spikes lie within the last `pulse_steps` steps, wherever that
// changes.
std::vector<Level> Pulses(const std::vector<int64_t>& spikes,
                          int64_t pulse_steps) {
  std::vector<Level> levels;
  double count = 0;
  size_t begun = 0, ended = 0;
  while (ended < spikes.size()) {
    const int64_t end = spikes[ended] + pulse_steps;
    const int64_t at =
        begun < spikes.size() ? std::min(spikes[begun], end) : end;
    for (; begun < spikes.size() && spikes[begun] == at; ++begun) count += 1;
    for (; ended < begun && spikes[ended] + pulse_steps == at; ++ended) {
      count -= 1;
    }
    levels.push_back({at, count});
  }
  return levels;
}

// Rates that are given end with the protocol.
std::vector<Level> EndedAt(int64_t steps, std::vector<Level> levels) {
  while (!levels.empty() && levels.back().from >= steps) levels.pop_back();
  levels.push_back({steps, 0});
  return levels;
}

}  // namespace

StimulusPlayer::StimulusPlayer(const StimulationProtocol& protocol,
                               int64_t pulse_steps, double modulator, double dt)
    : dt_(dt),
      pre_rate_(CountSynapses(protocol)),
      post_rate_(CountSynapses(protocol)),
      modulator_(CountSynapses(protocol)) {
  int32_t unit = 0;
  for (const ProtocolPoint& point : protocol.points) {
    for (const SynapseStimulus& stimulus : point.synapses) {
      AddSynapse(stimulus, unit++, pulse_steps, modulator, protocol.steps);
    }
  }
  for (Track* track : {&pre_track_, &post_track_, &pre_rate_track_,
                       &post_rate_track_, &modulator_track_}) {
    track->Sort();
  }
  pre_fired_.reserve(static_cast<size_t>(unit));
  post_fired_.reserve(static_cast<size_t>(unit));
}

void StimulusPlayer::Track::Sort() {
  std::ranges::sort(events, [](const Event& a, const Event& b) {
    return a.step != b.step ? a.step < b.step : a.unit < b.unit;
  });
}

void StimulusPlayer::AddSynapse(const SynapseStimulus& stimulus, int32_t unit,
                                int64_t pulse_steps, double modulator,
                                int64_t steps) {
  for (int64_t step : stimulus.pre)
    pre_track_.events.push_back({step, unit, 1});
  for (int64_t step : stimulus.post) {
    post_track_.events.push_back({step, unit, 1});
  }
  const auto add = [unit](const std::vector<Level>& levels, Track& track) {
    for (const Level& level : levels) {
      track.events.push_back({level.from, unit, level.value});
    }
  };
  add(stimulus.pre_rate.empty() ? Pulses(stimulus.pre, pulse_steps)
                                : EndedAt(steps, stimulus.pre_rate),
      pre_rate_track_);
  add(stimulus.post_rate.empty() ? Pulses(stimulus.post, pulse_steps)
                                 : EndedAt(steps, stimulus.post_rate),
      post_rate_track_);
  add(stimulus.modulator.empty() ? std::vector<Level>{{0, modulator}}
                                 : stimulus.modulator,
      modulator_track_);
}

void StimulusPlayer::Seek(int64_t step) {
  if (step == step_) return;
  step_ = step;
  for (Track* track : {&pre_track_, &post_track_}) {
    track->next = static_cast<size_t>(
        std::ranges::lower_bound(track->events, step, {}, &Event::step) -
        track->events.begin());
  }
  for (auto [track, values] : {std::pair{&pre_rate_track_, &pre_rate_},
                               std::pair{&post_rate_track_, &post_rate_},
                               std::pair{&modulator_track_, &modulator_}}) {
    values->Fill(0);
    for (track->next = 0; track->next < track->events.size(); ++track->next) {
      const Event& event = track->events[track->next];
      if (event.step >= step) break;
      (*values)[event.unit] = event.value;
    }
  }
}

Signals<double> StimulusPlayer::Next() {
  PlaySpikes(pre_track_, pre_fired_);
  PlaySpikes(post_track_, post_fired_);
  PlayLevels(pre_rate_track_, pre_rate_);
  PlayLevels(post_rate_track_, post_rate_);
  PlayLevels(modulator_track_, modulator_);
  ++step_;
  return {.pre = pre_rate_.span(),
          .post = post_rate_.span(),
          .pre_spikes = pre_fired_,
          .post_spikes = post_fired_,
          .modulator = modulator_.span(),
          .dt = dt_};
}

void StimulusPlayer::PlaySpikes(Track& track,
                                std::vector<int32_t>& fired) const {
  fired.clear();
  for (; track.next < track.events.size(); ++track.next) {
    const Event& event = track.events[track.next];
    if (event.step > step_) break;
    ENGRAM_EXPECT(event.step == step_);
    fired.push_back(event.unit);
  }
}

void StimulusPlayer::PlayLevels(Track& track, Array<double>& values) const {
  for (; track.next < track.events.size(); ++track.next) {
    const Event& event = track.events[track.next];
    if (event.step > step_) break;
    values[event.unit] = event.value;
  }
}

}  // namespace engram
