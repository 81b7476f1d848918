import { create } from "@bufbuild/protobuf";
import { describe, expect, test } from "vitest";
import { ActivitySchema } from "../../src/api/engram/v1/activity_pb";
import {
  PopulationSchema,
  ReadSpikesResponseSchema,
} from "../../src/api/engram/v1/runs_pb";
import { marksCsv, zoomed } from "../../src/charts/raster";
import {
  marksOf,
  paintMarks,
  placesOf,
  rateOf,
  rateOfPreviews,
  withActivity,
  wordOf,
} from "../../src/charts/spikes";
import { endOf, pictureOf, rowsOf, stepAt } from "../../src/views/run/spikes";

// Ten units in five rows, steps 100 to 105 in columns of two: units 0 or 1 fire
// in the first column, 8 or 9 in the last.
const activity = (begin = 100n) =>
  create(ActivitySchema, {
    population: "exc",
    unitCount: 10n,
    dt: 0.5,
    beginStep: begin,
    endStep: begin + 5n,
    columnSteps: 2n,
    rows: 5,
    // Bits 0 (column 0, row 0) and 14 (column 2, row 4).
    cells: new Uint8Array([0b00000001, 0b01000000]),
    counts: [2n, 0n, 1n],
  });

const population = (name: string, units: bigint, last = 99n) =>
  create(PopulationSchema, {
    name,
    unitCount: units,
    dt: 0.1,
    spikeCount: 5n,
    lastStep: last,
  });

describe("previews", () => {
  test("a cell is a mark in its middle", () => {
    expect(marksOf(activity())).toEqual({ ms: [50.5, 52.25], unit: [1, 9] });
  });
  test("counts become rates of a unit, the short last column, too", () => {
    const { ms, hz } = rateOfPreviews([activity()]);
    expect(ms).toEqual([50.5, 51.5, 52.25]);
    // 2 spikes of 10 units in 1 ms; 1 in half a ms.
    expect(hz).toEqual([200, 0, 200]);
  });
  test("a preview that was dropped leaves a gap", () => {
    const { hz } = rateOfPreviews([activity(), activity(110n)]);
    expect(hz).toEqual([200, 0, 200, null, 200, 0, 200]);
    expect(rateOfPreviews([activity(), activity(105n)]).hz).not.toContain(null);
  });
  test("they follow each other; an earlier one begins again", () => {
    const one = withActivity(new Map(), activity(100n));
    const two = withActivity(one, activity(105n));
    expect(two.get("exc")).toHaveLength(2);
    expect(one.get("exc")).toHaveLength(1);
    const again = withActivity(two, activity(0n));
    expect(again.get("exc")!.map((a) => a.beginStep)).toEqual([0n]);
  });
  test("only so many are kept", () => {
    let all: ReturnType<typeof withActivity> = new Map();
    for (let i = 0n; i < 100n; i += 1n)
      all = withActivity(all, activity(5n * i));
    expect(all.get("exc")).toHaveLength(60);
    expect(all.get("exc")!.at(-1)!.beginStep).toBe(495n);
  });
});

describe("a raster", () => {
  test("bands share the height by their units, none below what is seen", () => {
    const places = placesOf([{ units: 4000 }, { units: 1000 }], 300);
    expect(places[0]!.top).toBe(0);
    expect(places[1]!.top).toBeCloseTo(places[0]!.height + 4);
    expect(places[1]!.top + places[1]!.height).toBeCloseTo(300);
    expect(places[0]!.height).toBeGreaterThan(3 * places[1]!.height);
    const [, low] = placesOf([{ units: 100000 }, { units: 1 }], 300);
    expect(low!.height).toBeGreaterThanOrEqual(26);
  });
  test("a mark is a dot at its time and unit, none is outside", () => {
    const pixels = new Uint32Array(10 * 10);
    const color = wordOf("#102030");
    expect(color).toBe(0xff302010);
    const band = {
      name: "exc",
      units: 5,
      marks: { ms: [0, 50, 99.9, 100, -1], unit: [0, 2, 4, 1, 1] },
    };
    paintMarks(
      pixels,
      10,
      10,
      band,
      { top: 0, height: 10 },
      [0, 100],
      color,
      1,
    );
    const set = [...pixels.keys()].filter((i) => pixels[i] !== 0);
    expect(set).toEqual([0, 45, 89]);
  });
  test("few units have strokes in the middle of their rows", () => {
    const pixels = new Uint32Array(4 * 40);
    const marks = { ms: [1, 3], unit: [0, 1] };
    const band = { name: "cell", units: 2, marks };
    paintMarks(pixels, 4, 40, band, { top: 0, height: 40 }, [0, 4], 1, 1);
    const rowsOf = (x: number) =>
      [...Array(40).keys()].filter((y) => pixels[y * 4 + x] !== 0);
    // 14 of the 20 pixels of a row, three from its edges.
    expect([rowsOf(1)[0], rowsOf(1).at(-1)]).toEqual([3, 16]);
    expect([rowsOf(3)[0], rowsOf(3).at(-1)]).toEqual([23, 36]);
    expect(rowsOf(0)).toEqual([]);
  });
  test("where dots are dense, many on one place are stronger", () => {
    const pixels = new Uint32Array(4);
    const marks = { ms: [0, 1, 1, 1, 2], unit: [0, 0, 0, 0, 0] };
    const band = { name: "exc", units: 1, marks };
    const color = wordOf("#102030");
    paintMarks(pixels, 4, 1, band, { top: 0, height: 1 }, [0, 4], color, 1);
    const [one, three, another, none] = [...pixels].map((p) => p >>> 24);
    expect(one).toBeGreaterThan(0);
    expect(three).toBeGreaterThan(one!);
    expect(another).toBe(one);
    expect(none).toBe(0);
    expect(pixels[1]! & 0xffffff).toBe(0x302010);
  });
  test("keys zoom about the middle and move, and 0 shows all", () => {
    expect(zoomed([0, 100], "+")).toEqual([25, 75]);
    expect(zoomed([100, 200], "-")).toEqual([50, 250]);
    expect(zoomed([10, 100], "ArrowLeft")).toEqual([0, 90]);
    expect(zoomed([0, 100], "ArrowRight")).toEqual([25, 125]);
    expect(zoomed([0, 100], "0")).toBeNull();
    expect(zoomed([0, 100], "x")).toBeUndefined();
  });
  test("its numbers are a line a mark", () => {
    const csv = marksCsv([
      { name: "exc", units: 2, marks: { ms: [1.5], unit: [1] } },
    ]);
    expect(csv).toBe("population,time [ms],unit\r\nexc,1.5,1\r\n");
  });
});

describe("recorded spikes", () => {
  test("rates are spikes a unit and second, in so many bins", () => {
    const rate = rateOf([1n, 3n, 0n, 4n], 100, 10, 2, 2);
    expect(rate.ms).toEqual([110, 130]);
    expect(rate.hz).toEqual([100, 100]);
  });
  test("rows go to populations by their size, no more than they have", () => {
    expect(rowsOf([population("e", 9000n), population("i", 1000n)])).toEqual([
      450, 50,
    ]);
    // A row each where there are few, so that none hides another.
    expect(rowsOf([population("e", 400n), population("i", 100n)])).toEqual([
      400, 100,
    ]);
    expect(rowsOf([population("e", 9000n), population("i", 10n)])[1]).toBe(10);
  });
  test("the last spike of all ends the picture", () => {
    expect(
      endOf([population("e", 1n, 99n), population("i", 1n, 49n)]),
    ).toBeCloseTo(10.1);
    // The step whose end is 5 ms, and the one after it.
    expect(stepAt(5, 0.1)).toBe(49);
    expect(stepAt(5.05, 0.1)).toBe(50);
    expect(stepAt(0, 0.1)).toBe(0);
  });
  test("says how many spikes there are and how many are drawn", () => {
    const reply = create(ReadSpikesResponseSchema, {
      steps: [3n, 8n],
      units: [0, 4],
      counts: [2n, 1n],
      beginStep: 0n,
      endStep: 10n,
    });
    const picture = pictureOf([reply], [population("e", 5n)]);
    expect(picture.spikes).toBe(3);
    expect(picture.drawn).toBe(2);
    expect(picture.bands[0]!.marks.ms[1]).toBeCloseTo(0.9);
    expect(picture.rates[0]!.hz[0]).toBeCloseTo(800);
  });
});
