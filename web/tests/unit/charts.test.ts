import { create } from "@bufbuild/protobuf";
import { describe, expect, test } from "vitest";
import {
  ArrayManifestSchema,
  ArrayOrder,
  ElementType,
} from "../../src/api/engram/v1/array_pb";
import {
  TABLE_SIZE,
  colorAt,
  colorTable,
  scaleOf,
} from "../../src/charts/color";
import {
  difference,
  histogram,
  isPermutation,
  moments,
  ranking,
  reordered,
  toMatrix,
} from "../../src/charts/matrix";
import {
  arrowsOf,
  linesOf,
  stabilityAt,
  trajectoriesOf,
} from "../../src/charts/phase_plane";
import { toCsv } from "../../src/charts/save";
import { movingMean } from "../../src/charts/smooth";
import { linearTicks, logTicks, rangeOf } from "../../src/charts/ticks";
import { transposed } from "../../src/charts/transpose";

describe("recorded arrays", () => {
  const bytes = new Uint8Array(Float64Array.from([1, 2, 3, 4, 5, 6]).buffer);
  const manifest = (order: ArrayOrder) =>
    create(ArrayManifestSchema, {
      type: ElementType.FLOAT64,
      order,
      shape: [2n, 3n],
      unit: "mV",
    });

  test("columns that lie together become rows", () => {
    const m = toMatrix(manifest(ArrayOrder.COLUMN_MAJOR), bytes);
    expect([...m.values]).toEqual([1, 3, 5, 2, 4, 6]);
    expect([m.rows, m.columns, m.unit]).toEqual([2, 3, "mV"]);
  });
  test("rows that lie together stay", () => {
    expect([...toMatrix(manifest(ArrayOrder.ROW_MAJOR), bytes).values]).toEqual(
      [1, 2, 3, 4, 5, 6],
    );
  });
  test("every element type is read as it is", () => {
    const read = (type: ElementType, buffer: ArrayBufferLike) => [
      ...toMatrix(
        create(ArrayManifestSchema, { type, shape: [2n] }),
        new Uint8Array(buffer),
      ).values,
    ];
    expect(
      read(ElementType.FLOAT32, Float32Array.from([0.5, -2]).buffer),
    ).toEqual([0.5, -2]);
    expect(
      read(ElementType.INT64, BigInt64Array.from([-7n, 9n]).buffer),
    ).toEqual([-7, 9]);
    expect(read(ElementType.INT32, Int32Array.from([-7, 9]).buffer)).toEqual([
      -7, 9,
    ]);
    expect(read(ElementType.UINT8, Uint8Array.from([0, 255]).buffer)).toEqual([
      0, 255,
    ]);
  });
  test("differences, orders and transposes", () => {
    const m = toMatrix(manifest(ArrayOrder.ROW_MAJOR), bytes);
    expect([...difference(m, m).values]).toEqual([0, 0, 0, 0, 0, 0]);
    expect([...reordered(m, [1, 0], [2, 0, 1]).values]).toEqual([
      6, 4, 5, 3, 1, 2,
    ]);
    expect([...transposed(m).values]).toEqual([1, 4, 2, 5, 3, 6]);
    expect(() => difference(m, transposed(m))).toThrow("different shapes");
  });
  test("an order is a permutation, or made from the values", () => {
    expect(isPermutation([2, 0, 1])).toBe(true);
    expect(isPermutation([0, 0, 1])).toBe(false);
    expect(isPermutation([0, 1, 3])).toBe(false);
    expect(ranking([0.3, 0.1, 0.2, 0.1])).toEqual([1, 3, 2, 0]);
  });
});

test("a histogram counts everything once", () => {
  const values = Float64Array.from({ length: 1000 }, (_, i) => Math.sin(i));
  const own = histogram(values);
  expect(own.counts.reduce((a, b) => a + b)).toBe(1000);
  expect(own.min + own.width * own.counts.length).toBeCloseTo(
    Math.max(...values),
    12,
  );
  expect(histogram(Float64Array.from([2, 2])).counts).toEqual([2]);
});

test("moments of two values", () => {
  expect(moments(Float64Array.from([1, 3]))).toEqual({
    mean: 2,
    deviation: 1,
    min: 1,
    max: 3,
  });
});

describe("colours", () => {
  test("signed values are symmetric about zero, which is white", () => {
    const scale = scaleOf(-0.25, 1);
    expect(scale).toEqual({ min: -1, max: 1, isSigned: true });
    expect(colorAt(scale, 0)).toBe("rgb(255, 255, 255)");
    expect(colorAt(scale, -1)).toBe("rgb(45, 0, 75)");
    expect(colorAt(scale, 1)).toBe("rgb(127, 59, 8)");
  });
  test("magnitudes begin at zero and get brighter all the way", () => {
    expect(scaleOf(2, 5)).toEqual({ min: 0, max: 5, isSigned: false });
    const table = colorTable(false);
    const light = (word: number) =>
      0.2126 * (word & 255) +
      0.7152 * ((word >> 8) & 255) +
      0.0722 * ((word >> 16) & 255);
    for (let i = 16; i < TABLE_SIZE; i += 16)
      expect(light(table[i]!)).toBeGreaterThanOrEqual(light(table[i - 16]!));
  });
  test("nothing to show is a scale all the same", () => {
    expect(scaleOf(Infinity, -Infinity).max).toBe(1);
    expect(scaleOf(0, 0).max).toBe(1);
  });
});

describe("ticks", () => {
  test("round numbers within", () => {
    expect(linearTicks(0, 1, 5)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
    expect(linearTicks(-3, 11, 4)).toEqual([0, 5, 10]);
    expect(linearTicks(2, 2)).toEqual([2]);
  });
  test("powers of ten", () => {
    expect(logTicks(1e-6, 1)).toEqual([1e-6, 1e-5, 1e-4, 1e-3, 0.01, 0.1, 1]);
    expect(logTicks(1, 100)).toEqual([1, 2, 5, 10, 20, 50, 100]);
  });
});

test("smoothing leaves absent points absent and constant curves as they are", () => {
  expect(movingMean([4, 4, null, 4], 1)).toEqual([4, 4, null, 4]);
  expect(movingMean([0, 3, 6], 1)).toEqual([1.5, 3, 4.5]);
});

test("CSV quotes what needs it; absent is empty", () => {
  expect(
    toCsv(
      ["a", 'b "x"'],
      [
        [1.5, null],
        ["x,y", "z"],
      ],
    ),
  ).toBe('a,"b ""x"""\r\n1.5,\r\n"x,y",z\r\n');
});

describe("a phase plane", () => {
  // dx = x - x^3, dy = -y: stable at x = -1 and 1, a saddle at 0.
  const n = 41;
  const axis = Array.from({ length: n }, (_, i) => -2 + (4 * i) / (n - 1));
  const grid = (f: (x: number, y: number) => number) => ({
    rows: n,
    columns: n,
    unit: "1",
    values: Float64Array.from({ length: n * n }, (_, k) =>
      f(axis[Math.floor(k / n)]!, axis[k % n]!),
    ),
  });
  const field = {
    axis,
    first: grid((x) => x - x ** 3),
    second: grid((_, y) => -y),
  };
  test("tells stable points from saddles and unstable ones", () => {
    expect(stabilityAt(field, 1, 0)).toBe("stable");
    expect(stabilityAt(field, -1, 0)).toBe("stable");
    expect(stabilityAt(field, 0, 0)).toBe("saddle");
    const reversed = { axis, first: grid((x) => x), second: grid((_, y) => y) };
    expect(stabilityAt(reversed, 0, 0)).toBe("unstable");
  });
  test("has arrows along the field, no more than fit", () => {
    const arrows = arrowsOf(field);
    expect(arrows.length).toBeLessThanOrEqual(400);
    for (const a of arrows) {
      const [u, v] = [a.x - a.x ** 3, -a.y];
      expect(a.dx * v - a.dy * u).toBeCloseTo(0, 9);
      expect(a.dx * u + a.dy * v).toBeGreaterThan(0);
    }
  });
  test("lines lie one behind the other, trajectories in pairs of columns", () => {
    const points = {
      rows: 2,
      columns: 3,
      unit: "1",
      values: Float64Array.from([1, 2, 3, 4, 5, 6]),
    };
    expect(linesOf(points, [0, 2])).toEqual([
      [
        [1, 4],
        [2, 5],
      ],
      [[3, 6]],
    ]);
    const two = {
      rows: 2,
      columns: 4,
      unit: "1",
      values: Float64Array.from([0, 0, 1, 1, 9, 0, 1, 2]),
    };
    expect(trajectoriesOf(two, -3, 3)).toEqual([
      [[0, 0]],
      [
        [1, 1],
        [1, 2],
      ],
    ]);
  });
});

test("a range has room, to a zero that is near and none beyond it", () => {
  expect(rangeOf(10, 20)).toEqual([9.5, 20.5]);
  expect(rangeOf(0, 10)).toEqual([0, 10.5]);
  expect(rangeOf(2, 12)).toEqual([0, 12.5]);
  expect(rangeOf(-12, -2)).toEqual([-12.5, 0]);
  expect(rangeOf(-10, 0)).toEqual([-10.5, 0]);
  expect(rangeOf(-1, 1)).toEqual([-1.1, 1.1]);
  expect(rangeOf(0, 0)).toEqual([-1, 1]);
  expect(rangeOf(3, 3, true)).toEqual([0, 4]);
  expect(rangeOf(-3, -3, true)).toEqual([-4, -2]);
  expect(rangeOf(0, 0, true)).toEqual([0, 1.05]);
  expect(rangeOf(1, 1, true)).toEqual([0, 1.05]);
  expect(rangeOf(null, null)).toEqual([0, 1]);
  expect(rangeOf(-1e-19, 2e-19)[1]).toBeCloseTo(5e-15, 16);
});
