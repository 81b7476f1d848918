import { describe, expect, test } from "vitest";
import {
  axis,
  bytes,
  digest,
  number,
  plain,
  quantity,
  seconds,
  shortPath,
  shortPaths,
  ticks,
  ticksPerSecond,
  typeset,
  tickLabels,
} from "../../src/format";

const SPACE = "\u202f";

describe("number", () => {
  test.each([
    [0, "0"],
    [0.268312, "0.2683"],
    [-0.27, "−0.27"],
    [10, "10"],
    [12400, `12${SPACE}400`],
    [1e-5, "1e−5"],
    [1.25e-5, "1.25e−5"],
    [2.5e7 + 0.5, "2.5e7"],
    [123456.7, `123${SPACE}457`],
    [Infinity, "∞"],
    [NaN, "–"],
  ])("%d is %s", (x, text) => expect(number(x)).toBe(text));
});

test("a unit of 1 is not written, others follow after a space", () => {
  expect(quantity(20, "ms")).toBe(`20${SPACE}ms`);
  expect(quantity(0.5, "1")).toBe("0.5");
  expect(axis("mean_rate", "Hz")).toBe("mean rate [Hz]");
  expect(axis("rule.type", "")).toBe("rule.type");
});

test("ticks get the digits that tell them apart, and no more", () => {
  expect(tickLabels([0.01893, 0.018935, 0.01894])).toEqual([
    "0.01893",
    "0.018935",
    "0.01894",
  ]);
  expect(tickLabels([0, 5, 10])).toEqual(["0", "5", "10"]);
  expect(tickLabels([-0.273, -0.2725])).toEqual(["−0.273", "−0.2725"]);
});

test.each([
  [0, `0${SPACE}s`],
  [0.042, `42${SPACE}ms`],
  [0.42, `420${SPACE}ms`],
  [0.9999, `1${SPACE}s`],
  [59.4, `59${SPACE}s`],
  [200, `3${SPACE}min 20${SPACE}s`],
  [3600, `1${SPACE}h`],
  [3840, `1${SPACE}h 4${SPACE}min`],
  [180000, `2${SPACE}d 2${SPACE}h`],
  [-1, "–"],
])("%d seconds are %s", (s, text) => expect(seconds(s)).toBe(text));

test("sizes are decimal", () => {
  expect(bytes(999n)).toBe(`999${SPACE}B`);
  expect(bytes(12164594n)).toBe(`12.2${SPACE}MB`);
});

test("components, lists and digests are short in a cell", () => {
  expect(plain({ type: "stdp_rate", a_minus: 0.5 })).toBe(
    "stdp_rate {a_minus: 0.5}",
  );
  expect(plain([1, 2.5])).toBe("[1, 2.5]");
  expect(digest("s1:2983477ef8b8d0594")).toBe("s1:2983477ef8");
  expect(shortPath("experiment.network.tau")).toBe("network.tau");
  expect(shortPath("seed")).toBe("seed");
});

test("short paths are as long as it takes to tell them apart", () => {
  expect([
    ...shortPaths([
      "experiment.a.rule.type",
      "experiment.b.rule.type",
      "experiment.network.tau",
      "seed",
    ]).values(),
  ]).toEqual(["a.rule.type", "b.rule.type", "network.tau", "seed"]);
  expect([...shortPaths([])]).toEqual([]);
});

test("ticks that are a quantity are multiplied, others counted", () => {
  expect(ticks(21n, "trial")).toBe("21 trials");
  expect(ticks(1n, "trial")).toBe("1 trial");
  expect(ticks(640n, "batch")).toBe("640 batches");
  expect(ticks(10n, "100 ms")).toBe("10 × 100 ms");
  expect(ticksPerSecond(12.5, "batch")).toBe("12.5 batches/s");
  expect(ticksPerSecond(3, "100 ms")).toBe("3 × 100 ms/s");
});

test.each([
  ["within -0.29 .. -0.25", "within −0.29 to −0.25"],
  ["equals 1 +- 1e-12", "equals 1 ± 1e−12"],
  ["at most 1e-08", "at most 1e−08"],
  ["10 of 10 items, see Abbott-2000", "10 of 10 items, see Abbott-2000"],
])("%s is set as %s", (text, set) => expect(typeset(text)).toBe(set));
