import { create } from "@bufbuild/protobuf";
import { describe, expect, test } from "vitest";
import { EventSchema } from "../../src/api/engram/v1/events_pb";
import { ExperimentSchema } from "../../src/api/engram/v1/experiments_pb";
import { type Run, RunSchema, RunState } from "../../src/api/engram/v1/runs_pb";
import { ComponentTypeSchema } from "../../src/api/engram/v1/catalog_pb";
import { Catalogue } from "../../src/spec/catalogue";
import { alsoWhere, firstResults } from "../../src/views/history/columns";
import { complete } from "../../src/views/history/completion";
import { applyEvents } from "../../src/views/history/listing";
import { nextOrder } from "../../src/views/history/table";

const known = {
  fields: ["state", "user", "experiment.rule.type", "sequence_length"],
  values: (field: string) =>
    field === "state"
      ? ["QUEUED", "RUNNING", "FAILED"]
      : field === "user"
        ? ["ada", "bob"]
        : [],
};
const options = (text: string) => complete(text, text.length, known).options;

describe("completion of a filter", () => {
  test("begins with fields", () => {
    expect(options("")).toContain("state");
    expect(options("st")).toEqual(["state"]);
    expect(options("rule")).toEqual(["experiment.rule.type"]);
  });
  test("goes on with operators, then values of that field", () => {
    expect(options("state ")).toContain("=");
    expect(options("state = ")).toEqual(["QUEUED", "RUNNING", "FAILED"]);
    expect(options("user = a")).toEqual(["ada"]);
  });
  test("joins terms, and lists values", () => {
    expect(options("state = FAILED ")).toEqual(["AND", "OR"]);
    expect(options("state = FAILED AND us")).toEqual(["user"]);
    expect(options("state IN (QUEUED, ")).toEqual([
      "QUEUED",
      "RUNNING",
      "FAILED",
    ]);
    expect(options("NOT (st")).toEqual(["state"]);
  });
  test("replaces the word that is being typed alone", () => {
    expect(complete("user = ada AND sta", 18, known).from).toBe(15);
  });
});

test("a condition is added without changing what was meant", () => {
  expect(alsoWhere("", "a = 1")).toBe("a = 1");
  expect(alsoWhere("b = 2", "a = 1")).toBe("b = 2 AND a = 1");
  expect(alsoWhere("b = 2 OR c = 3", "a = 1")).toBe(
    "(b = 2 OR c = 3) AND a = 1",
  );
});

test("the first four results that have a value are columns at first", () => {
  const names = ["loss", "accuracy", "perplexity", "epochs", "tau"];
  const catalogue = new Catalogue([
    create(ComponentTypeSchema, {
      type: "training",
      outputs: names.map((name) => ({ name })),
    }),
  ]);
  const value = (x: number) => ({ content: { case: "value" as const, value: x } });
  const run = create(RunSchema, {
    summary: {
      tau: value(3),
      epochs: value(2),
      accuracy: value(0.9),
      perplexity: { content: { case: "absentReason", value: "no classes" } },
      loss: value(0.1),
      other: value(1),
    },
  });
  expect(firstResults([run], catalogue)).toEqual([
    "loss",
    "accuracy",
    "epochs",
    "tau",
  ]);
  expect(firstResults([run], undefined)).toEqual([]);
});

test("a column sorts down, then up, then not", () => {
  expect(nextOrder("", "x")).toBe("x desc");
  expect(nextOrder("x desc", "x")).toBe("x");
  expect(nextOrder("x", "x")).toBe("");
  expect(nextOrder("y", "x")).toBe("x desc");
});

describe("rows as events leave them", () => {
  const name = "experiments/aaaaaaaaaa/runs/0";
  const run = (state: RunState, seconds: number) =>
    create(RunSchema, {
      name,
      state,
      stateTime: { seconds: BigInt(seconds), nanos: 0 },
    });
  const stateEvent = (to: Run, fromState = RunState.QUEUED) =>
    create(EventSchema, {
      parent: to.name,
      content: {
        case: "state",
        value: { run: to, transition: { fromState, toState: to.state } },
      },
    });
  const places = new Map([[name, 0]]);

  test("a newer state takes the place, an older one does not", () => {
    const rows = [run(RunState.RUNNING, 5)];
    const next = applyEvents(
      rows,
      places,
      [stateEvent(run(RunState.SUCCEEDED, 6))],
      "runs",
    );
    expect((next.rows[0] as Run).state).toBe(RunState.SUCCEEDED);
    const same = applyEvents(
      rows,
      places,
      [stateEvent(run(RunState.STARTING, 4))],
      "runs",
    );
    expect(same.rows).toBe(rows);
  });
  test("runs that are not shown are counted once", () => {
    const other = create(RunSchema, {
      name: "experiments/b/runs/1",
      state: RunState.QUEUED,
    });
    const change = applyEvents(
      [run(1, 1)],
      places,
      [stateEvent(other), stateEvent(other)],
      "runs",
    );
    expect(change.unknown).toBe(1);
  });
  test("an experiment counts its runs again", () => {
    const experiment = create(ExperimentSchema, {
      name: "experiments/aaaaaaaaaa",
      stateCounts: { QUEUED: 2n, RUNNING: 1n },
    });
    const at = new Map([[experiment.name, 0]]);
    const { rows } = applyEvents(
      [experiment],
      at,
      [stateEvent(run(RunState.RUNNING, 1))],
      "experiments",
    );
    expect((rows[0] as typeof experiment).stateCounts).toEqual({
      QUEUED: 1n,
      RUNNING: 2n,
    });
  });
});
