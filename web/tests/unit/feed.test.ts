import { expect, test } from "vitest";
import { EventKind } from "../../src/api/engram/v1/events_pb";
import { isFor, joinInterests } from "../../src/server/feed";

const interest = (parents: string[], kinds: EventKind[], isWeak = false) => ({
  parents,
  kinds,
  isWeak,
  onEvents: () => undefined,
});

test("one stream serves every interest", () => {
  expect(
    joinInterests([
      interest(["experiments/b"], [EventKind.STATE]),
      interest(["experiments/a/runs/1"], [EventKind.LOG, EventKind.STATE]),
    ]),
  ).toEqual({
    parents: ["experiments/a/runs/1", "experiments/b"],
    kinds: [EventKind.STATE, EventKind.LOG],
  });
});

test("who wants everything gets it, with the others", () => {
  expect(
    joinInterests([
      interest(["experiments/a"], [EventKind.LOG]),
      interest([], [EventKind.STATE]),
    ])?.parents,
  ).toEqual([]);
  expect(joinInterests([])).toBeNull();
});

test("a heartbeat alone does not widen what views want", () => {
  const heartbeat = interest([], [EventKind.NOTE], true);
  expect(joinInterests([heartbeat])).toEqual({
    parents: [],
    kinds: [EventKind.NOTE],
  });
  expect(
    joinInterests([heartbeat, interest(["experiments/a"], [EventKind.LOG])]),
  ).toEqual({
    parents: ["experiments/a"],
    kinds: [EventKind.LOG],
  });
});

test("events go to whom they are for", () => {
  expect(isFor([], "experiments/a")).toBe(true);
  expect(isFor(["experiments/a"], "experiments/a/runs/1")).toBe(true);
  expect(isFor(["experiments/a/runs/1"], "experiments/a")).toBe(true);
  expect(isFor(["experiments/a/runs/1"], "experiments/a/runs/10")).toBe(false);
  expect(isFor(["experiments/a"], "experiments/ab")).toBe(false);
});
