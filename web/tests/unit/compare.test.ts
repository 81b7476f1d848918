import { describe, expect, test } from "vitest";
import { create } from "@bufbuild/protobuf";
import { RunSchema } from "../../src/api/engram/v1/runs_pb";
import { crossing } from "../../src/views/compare/grid_figure";
import { planOf } from "../../src/views/compare/read_curves";
import type { Compared } from "../../src/views/compare/table";

const extent = (count: number, first = 1, last = count) => ({
  count,
  first,
  last,
});
const many = (n: number, count: number) =>
  Array.from({ length: n }, () => extent(count));

describe("how the curves of many runs are read", () => {
  test("short ones as they are", () => {
    expect(planOf([...many(10, 3000), null], null, true)).toEqual({
      buckets: 0,
      range: null,
    });
  });
  test("means of long ones have the buckets of one range", () => {
    const plan = planOf(
      [extent(100_000), extent(50_000, 0, 50_000), null],
      null,
      true,
    );
    expect(plan).toEqual({ buckets: 1000, range: [0, 100_000] });
  });
  test("peaks of long ones go by what each spans, or by the zoom", () => {
    const long = many(10, 100_000);
    expect(planOf(long, null, false)).toEqual({ buckets: 1000, range: null });
    expect(planOf(long, [5, 6], false).range).toEqual([5, 6]);
    expect(planOf(long, [5, 6], true).range).toEqual([5, 6]);
  });
  test("two hundred are drawn with no more points than ten", () => {
    const { buckets } = planOf(many(200, 5000), null, false);
    expect(buckets).toBe(100);
    expect(200 * 2 * buckets).toBeLessThanOrEqual(40_000);
  });
});

test("a grid is drawn of axes that cross, not of one told twice", () => {
  const of = (parameters: Record<string, string | number>): Compared => ({
    run: create(RunSchema, {}),
    parameters: new Map(Object.entries(parameters)),
  });
  const all = [
    of({ name: "a", type: "x", tau: 1 }),
    of({ name: "b", type: "x", tau: 1 }),
    of({ name: "a", type: "x", tau: 2 }),
  ];
  expect(crossing(all, ["name", "type", "tau"])).toEqual(["name", "tau"]);
  expect(crossing(all, ["name", "type"])).toBeNull();
  expect(crossing(all, [])).toBeNull();
});
