// Experiments that the tests submit.

const network = "{type: rate_rnn, units: 30}";
const task = "{type: item_sequence, items: 3, units_per_item: 10}";

/** Ends within a second; `seeds` and rules make its runs. */
export const short = (seeds = "1..3") => `
name: short runs
experiment:
  type: sequence_learning
  repetitions: 12
  network: ${network}
  task: ${task}
  rule: {type: hebbian}
  analyses: [{type: weight_structure}, {type: recall}]
sweep:
  experiment.rule: [{type: hebbian}, {type: stdp_rate, a_minus: 0.5}]
  experiment.network.tau: [10, 20]
  seed: ${seeds}
record: {metrics: every trial, snapshots: {rule.weights: [1, 4, 8, final]}}
claims:
  - that: weights grow
    value: weight_norm
    expect: {at_least: 0}
`;

/** Takes about a minute, so that it can be watched, cancelled, interrupted. */
export const long = (name = "a long run") => `
name: ${name}
experiment:
  type: sequence_learning
  repetitions: 60000
  network: ${network}
  task: ${task}
  rule: {type: hebbian, eta: 1e-7}
  analyses: [{type: recall}]
seed: 1
`;

/** More runs of that length than there are processors, as a rule. */
export const waiting = (name, runs = 4) =>
  long(name).replace("seed: 1\n", `sweep: {seed: 1..${runs}}\n`);

/** Ten curves of 3,000 points each: more than the server would send of longer. */
export const curves = `
name: ten curves
experiment:
  type: sequence_learning
  repetitions: 3000
  test_every: 0
  network: {type: rate_rnn, units: 4}
  task: {type: item_sequence, items: 2, units_per_item: 2, item_duration: 10, silence: 10, cue_duration: 5, recall_duration: 20}
  rule: {type: hebbian, eta: 1e-7}
sweep:
  seed: 1..10
`;

/** A matrix of a million weights. */
export const large = `
name: a large matrix
experiment:
  type: sequence_learning
  repetitions: 2
  test_every: 0
  network: {type: rate_rnn, units: 1000}
  task: {type: item_sequence, items: 2, units_per_item: 10, item_duration: 10, silence: 10, cue_duration: 5, recall_duration: 20}
  rule: {type: hebbian}
seed: 1
record: {snapshots: {rule.weights: [1, final]}}
`;

/** As many runs as an experiment may have; they are never executed. */
export const many = `
name: a very wide sweep
experiment:
  type: sequence_learning
  repetitions: 5
  network: ${network}
  task: ${task}
  rule: {type: hebbian}
sweep:
  seed: 1..100000
`;

/** Ten long curves, down-sampled by the server; ends in seconds. */
export const longCurves = `
name: ten long curves
experiment:
  type: sequence_learning
  repetitions: 12000
  test_every: 0
  network: {type: rate_rnn, units: 4}
  task: {type: item_sequence, items: 2, units_per_item: 2, item_duration: 10, silence: 10, cue_duration: 5, recall_duration: 20}
  rule: {type: hebbian, eta: 1e-7}
sweep:
  seed: 1..10
record: {metrics: every trial}
`;

/** A plane with two stable states and a saddle between them. */
export const plane = `
name: plane of two items
experiment:
  type: dynamics_analysis
  system: {type: two_items, self: 0.7, forward: 1, backward: -0.47}
  analyses:
    - {type: phase_plane, low: -2, high: 3}
    - {type: fixed_points, starts: 500, low: -0.5, longest: 0.2}
seed: 1
`;

/** Looks at the weights that a run of the short ones has left. */
export const look = (run) => `
name: a look at learned weights
experiment:
  type: dynamics_analysis
  system:
    type: stored_network
    network: {type: rate_rnn, units: 30}
    weights: ${run}/snapshots/rule.weights@final
  analyses: [{type: fixed_points, starts: 20}]
seed: 1
`;

/** Two populations that fire at some hertz for `duration` ms. */
export const spiking = (name, duration, units = 800) => `
name: ${name}
experiment:
  type: spiking_network
  dt: 1
  duration: ${duration}
  populations:
    - {type: izhikevich, name: excitatory, units: ${units}}
    - {type: izhikevich, name: inhibitory, units: ${units / 4}}
  stimuli:
    - {type: noisy_current, to: all, sd: 6}
seed: 1
`;
