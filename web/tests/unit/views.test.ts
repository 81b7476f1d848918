import { create } from "@bufbuild/protobuf";
import { describe, expect, test } from "vitest";
import { ComponentTypeSchema } from "../../src/api/engram/v1/catalog_pb";
import {
  RunSchema,
  RunState,
  SeriesSchema,
} from "../../src/api/engram/v1/runs_pb";
import {
  Catalogue,
  findOutput,
  partsOf,
  valueAt,
} from "../../src/spec/catalogue";
import { fromInput, read, toInput, withValue } from "../../src/spec/document";
import {
  parseRoute,
  longName,
  shortName,
  withParameters,
} from "../../src/route";
import {
  compared,
  differing,
  flatten,
  ALL,
  groupingOf,
  groupsBy,
  isCommon,
  ofSome,
  withNames,
  meanCourse,
  meanOf,
} from "../../src/views/compare/table";
import { gridOf } from "../../src/views/compare/grid_figure";
import { parseZoom, zoomText } from "../../src/views/run/metrics";
import { asYaml } from "../../src/views/run/copies";
import { appended, withAbsent } from "../../src/views/run/series";
import { newerState } from "../../src/views/run/run";
import { axisNames, matrixAxes } from "../../src/views/run/array_figure";
import { placeOf } from "../../src/views/submit/checked";
import { serverPath, spelledOut } from "../../src/views/submit/form_context";
import { writtenClaims } from "../../src/views/presets/presets";

describe("addresses", () => {
  test("parameters are set and taken away, others stay", () => {
    expect(
      withParameters("/history?of=runs", { filter: "state = FAILED" }),
    ).toBe("/history?filter=state+%3D+FAILED&of=runs");
    expect(withParameters("/history?of=runs&sort=a", { sort: null })).toBe(
      "/history?of=runs",
    );
    expect(parseRoute("/experiments/abc/?tab=log").path).toBe(
      "/experiments/abc",
    );
  });
  test("names are short and long", () => {
    expect(shortName("experiments/k7m2q9xw4p/runs/17")).toBe("k7m2q9xw4p/17");
    expect(longName("k7m2q9xw4p/17")).toBe("experiments/k7m2q9xw4p/runs/17");
    expect(longName("experiments/k7m2q9xw4p")).toBe("experiments/k7m2q9xw4p");
  });
  test("a zoom is in the address", () => {
    expect(parseZoom("trial:2:7.5")).toEqual({ x: "trial", range: [2, 7.5] });
    expect(parseZoom("trial:7:2").range).toBeNull();
    expect(zoomText("trial", [2, 7.5])).toBe("trial:2:7.5");
    expect(zoomText("trial", null)).toBe("");
  });
});

describe("the text that the form edits", () => {
  const TEXT =
    "# why\nname: x\nexperiment:\n  type: a\n  rule: {type: hebbian} # which\nseed: 1\n";
  test("keeps comments and order", () => {
    const next = withValue(TEXT, ["experiment", "rule", "eta"], 2);
    expect(next).toContain("# why");
    expect(next).toContain("rule: {type: hebbian, eta: 2} # which");
    expect(withValue(next, ["experiment", "rule", "eta"], undefined)).toBe(
      TEXT,
    );
  });
  test("makes a section that is not there, and removes an empty one", () => {
    const next = withValue(TEXT, ["sweep", "experiment.rule.eta"], [1, 2]);
    expect(read(next).value).toMatchObject({
      sweep: { "experiment.rule.eta": [1, 2] },
    });
    expect(withValue(next, ["sweep", "experiment.rule.eta"], undefined)).toBe(
      TEXT,
    );
  });
  test("that cannot be read says where, and is not touched", () => {
    const bad = "name: x\nexperiment: {type: a\nseed: 1\n";
    expect(read(bad).problem?.line).toBeGreaterThan(1);
    expect(withValue(bad, ["seed"], 2)).toBe(bad);
  });
  test("values are read as YAML has them, and written back", () => {
    expect(fromInput("20 ms")).toBe("20 ms");
    expect(fromInput("2e-5")).toBe(2e-5);
    expect(fromInput("[1, 2]")).toEqual([1, 2]);
    expect(fromInput(" ")).toBeUndefined();
    expect(toInput({ log: [1, 9], points: 3 })).toBe(
      "{log: [1, 9], points: 3}",
    );
    expect(toInput([0.5])).toBe("[0.5]");
    expect(toInput(undefined)).toBe("");
  });
  test("a number that stands for a component is shown as it, and stays one", () => {
    const catalogue = new Catalogue([
      create(ComponentTypeSchema, {
        kind: "distribution",
        type: "constant",
        bareParameter: "value",
      }),
      create(ComponentTypeSchema, { kind: "distribution", type: "normal" }),
    ]);
    const edits: [unknown, unknown][] = [];
    const context = {
      catalogue,
      value: { projections: [{ delays: "2 ms" }] },
      edit: (path: unknown, value: unknown) => edits.push([path, value]),
      places: [],
    };
    const path = ["projections", 0, "delays"];
    const shown = spelledOut(context, path, "distribution");
    expect(shown.value).toEqual({
      projections: [{ delays: { type: "constant", value: "2 ms" } }],
    });
    shown.edit([...path, "value"], 3);
    shown.edit(path, { type: "normal", mean: 3 });
    shown.edit([...path, "name"], "d");
    expect(edits).toEqual([
      [path, 3],
      [path, { type: "normal", mean: 3 }],
      [path, { type: "constant", value: "2 ms", name: "d" }],
    ]);
    expect(spelledOut(context, path, "rule")).toBe(context);
  });
  test("a fault is found at its line and field", () => {
    expect(placeOf("text:6:experiment.rule.etta", "no")).toEqual({
      line: 6,
      path: "experiment.rule.etta",
      message: "no",
    });
    const tree = {
      experiment: {
        analyses: [{ type: "recall" }, { type: "s", name: "late" }],
      },
    };
    expect(serverPath(tree, ["experiment", "analyses", 0, "x"])).toBe(
      "experiment.analyses.recall.x",
    );
    expect(serverPath(tree, ["experiment", "analyses", 1, "x"])).toBe(
      "experiment.analyses.late.x",
    );
  });
});

describe("the catalogue", () => {
  const catalogue = new Catalogue([
    create(ComponentTypeSchema, {
      kind: "program",
      type: "learning",
      slots: [
        { name: "rule", kind: "rule" },
        { name: "analyses", kind: "analysis", many: true },
      ],
      outputs: [
        { name: "norm", kind: "series" },
        { name: "change", kind: "series" },
      ],
    }),
    create(ComponentTypeSchema, { kind: "rule", type: "hebbian" }),
    create(ComponentTypeSchema, {
      kind: "analysis",
      type: "recall",
      outputs: [{ name: "length" }],
    }),
  ]);
  const tree = {
    type: "learning",
    rule: { type: "hebbian", eta: 1 },
    analyses: [{ type: "recall" }, { type: "recall", name: "late" }],
  };
  const parts = partsOf(tree, catalogue);
  test("what is recorded stands as it is listed, the rest by name", () => {
    const names = ["z", "late.length", "a", "change", "norm"];
    const order = catalogue.inOrder(names.map((name) => ({ name })));
    expect(order.map(({ name }) => name)).toEqual([
      "norm",
      "change",
      "late.length",
      "a",
      "z",
    ]);
  });
  test("finds the parts of a tree", () => {
    expect(parts.map((p) => p.path)).toEqual([
      "experiment",
      "experiment.rule",
      "experiment.analyses.recall",
      "experiment.analyses.late",
    ]);
  });
  test("knows which part left what", () => {
    expect(findOutput(parts, "late.length")?.part.name).toBe("late");
    expect(findOutput(parts, "length")?.part.path).toBe(
      "experiment.analyses.recall",
    );
    expect(findOutput(parts, "rule.weights")).toBeUndefined();
    expect(valueAt({ experiment: tree }, "experiment.analyses.late.type")).toBe(
      "recall",
    );
  });
});

describe("comparing", () => {
  const one = (seed: number, tau: number, value: number | null) =>
    compared(
      create(RunSchema, {
        name: `experiments/a/runs/${seed}`,
        treeJson: JSON.stringify({
          experiment: { network: { tau }, task: { n: 3 } },
          seed,
        }),
        summary:
          value === null
            ? {}
            : { r: { content: { case: "value", value }, unit: "Hz" } },
      }),
    );
  const all = [one(1, 10, 1), one(2, 10, 3), one(1, 20, 5), one(2, 20, null)];
  test("parameters that differ come first, the seed last", () => {
    expect(differing(all)).toEqual(["experiment.network.tau", "seed"]);
    expect(flatten({ a: [{ type: "x", b: 1 }] })).toEqual([
      ["a.x.type", "x"],
      ["a.x.b", 1],
    ]);
  });
  test("what only some runs have does not differ", () => {
    const run = (experiment: object) =>
      compared(create(RunSchema, { treeJson: JSON.stringify({ experiment }) }));
    const mixed = [
      run({ type: "learning", rule: { type: "hebbian" } }),
      run({ type: "learning", rule: { type: "bcm", tau: 5 } }),
      run({ type: "learning", rule: { type: "oja" } }),
      run({ type: "comparison", solution: { units: 3 } }),
    ];
    // Rules are of three kinds, programs of two.
    expect(differing(mixed)).toEqual([
      "experiment.rule.type",
      "experiment.type",
    ]);
    expect(groupingOf(differing(mixed))).toBe("experiment.rule.type");
    expect(ofSome(mixed)).toEqual([
      "experiment.rule.tau",
      "experiment.solution.units",
    ]);
    expect(isCommon(mixed, "experiment.rule.type")).toBe(true);
    expect(isCommon(mixed, "experiment.rule.tau")).toBe(false);
  });
  test("components go by their names where some have one", () => {
    const rule = (own: object) =>
      compared(
        create(RunSchema, {
          treeJson: JSON.stringify({ experiment: { rule: own } }),
        }),
      );
    const named = withNames([
      rule({ type: "pair", name: "additive" }),
      rule({ type: "pair", name: "nearest" }),
      rule({ type: "triplet" }),
    ]);
    expect(named.map((c) => c.parameters.get("experiment.rule.name"))).toEqual([
      "additive",
      "nearest",
      "triplet",
    ]);
    expect(groupingOf(differing(named))).toBe("experiment.rule.name");
  });
  test("runs that differ in the seed alone are one group", () => {
    const seeds = [1, 2, 3].map((seed) =>
      compared(create(RunSchema, { treeJson: JSON.stringify({ seed }) })),
    );
    expect(groupingOf(differing(seeds))).toBe(ALL);
    expect(groupingOf([])).toBe(ALL);
    expect(groupsBy(seeds, [ALL]).map((g) => [g.name, g.members.length])).toEqual(
      [["all runs", 3]],
    );
  });
  test("replicates are one group", () => {
    const groups = groupsBy(all, ["experiment.network.tau"]);
    expect(groups.map((g) => [g.name, g.members.length])).toEqual([
      ["10", 2],
      ["20", 2],
    ]);
  });
  test("a mean has Student's confidence limits", () => {
    // 1 and 3: s = sqrt 2, s / sqrt n = 1, t(0.975, 1) = 12.706.
    expect(meanOf([1, 3])).toEqual({
      mean: 2,
      low: 2 - 12.706,
      high: 2 + 12.706,
      n: 2,
    });
    expect(meanOf([])).toBeNull();
  });
  test("a mean course leaves absent points out", () => {
    const course = meanCourse([
      { x: [1, 2], y: [1, null] },
      { x: [1, 3], y: [3, 4] },
    ]);
    expect(course.x).toEqual([1, 2, 3]);
    expect(course.mean).toEqual([2, null, 4]);
  });
  test("cells of a grid are means, absent where nothing is", () => {
    const { matrix } = gridOf(
      all,
      { name: "r", unit: "Hz" },
      "experiment.network.tau",
      "seed",
    );
    expect([...matrix.values]).toEqual([1, 5, 3, NaN]);
  });
});

describe("a series that grows", () => {
  const series = (pointCount: number) =>
    create(SeriesSchema, { name: "s", pointCount: BigInt(pointCount) });
  const own = {
    series: series(2),
    x: [1, 2],
    y: [5, 6],
    count: 2,
    isSampled: false,
  };
  test("takes new points, and none twice", () => {
    const next = appended(own, {
      series: series(4),
      x: [2, 3, 4],
      values: [6, 7, 0],
      absent: [2n],
    });
    expect(next?.x).toEqual([1, 2, 3, 4]);
    expect(next?.y).toEqual([5, 6, 7, null]);
    expect(
      appended(own, { series: series(2), x: [2], values: [6], absent: [] }),
    ).toBe(own);
  });
  test("is read again when points are missing", () => {
    expect(
      appended(own, { series: series(9), x: [9], values: [1], absent: [] }),
    ).toBeNull();
    expect(withAbsent([0, 1], [0n])).toEqual([null, 1]);
  });
});

test("a run is copied with its own values in place of the sweep", () => {
  const run = create(RunSchema, {
    treeJson: JSON.stringify({
      experiment: { type: "a", rule: { type: "b" } },
      seed: 7,
    }),
  });
  const text = asYaml(
    run,
    "# why\nname: x\nexperiment: {type: a}\nsweep: {seed: 1..3}\nclaims: []\n",
  );
  expect(read(text).value).toEqual({
    name: "x",
    experiment: { type: "a", rule: { type: "b" } },
    seed: 7,
  });
});

test("axes of an array are named by its meaning", () => {
  expect(axisNames("B (n_items, n_items)")).toEqual(["item", "item"]);
  expect(axisNames("(n, n_points)")).toEqual(["variable", "point"]);
  expect(axisNames("(n, 2)")).toEqual(["variable", "column"]);
  expect(axisNames("each look (n_looks + 1, n_walkers), -1 for none")).toEqual([
    "look",
    "walker",
  ]);
  expect(axisNames("weights (n_post, n_pre)")).toEqual(["post", "pre"]);
  expect(axisNames("of each point")).toEqual(["row", "column"]);
});

test("rows and columns of weights are units", () => {
  expect(matrixAxes("rule.weights", [])).toEqual([
    "postsynaptic unit",
    "presynaptic unit",
  ]);
  expect(matrixAxes("block_means", [])).toEqual(["row", "column"]);
});

test("claims of a preset that has not been run are shown as written", () => {
  const [claim] = writtenClaims(
    "claims:\n  - {that: it holds, value: v, expect: {at_least: 2}, published: 3, source: me}\n",
  );
  expect(claim).toMatchObject({
    that: "it holds",
    expect: "at least 2",
    published: "3",
    source: "me",
  });
});

test("an event that overtook the answer is not lost, an older one is", () => {
  const run = (state: RunState, seconds: number) =>
    create(RunSchema, {
      name: "experiments/aaaaaaaaaa/runs/0",
      state,
      stateTime: { seconds: BigInt(seconds) },
      treeJson: state === RunState.RUNNING ? "{}" : "",
    });
  const answer = run(RunState.RUNNING, 5);
  expect(newerState(answer, run(RunState.SUCCEEDED, 6))).toMatchObject({
    state: RunState.SUCCEEDED,
    treeJson: "{}",
  });
  expect(newerState(answer, run(RunState.STARTING, 4))).toBeNull();
});
