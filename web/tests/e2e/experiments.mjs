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
