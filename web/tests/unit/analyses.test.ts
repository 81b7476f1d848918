import { create } from "@bufbuild/protobuf";
import { describe, expect, test } from "vitest";
import {
  ArrayManifestSchema,
  ArrayOrder,
  ElementType,
} from "../../src/api/engram/v1/array_pb";
import { ComponentTypeSchema } from "../../src/api/engram/v1/catalog_pb";
import { RunSchema, SeriesSchema } from "../../src/api/engram/v1/runs_pb";
import type { Matrix } from "../../src/charts/matrix";
import { npyOf } from "../../src/charts/npy";
import type { Snapshots } from "../../src/views/run/arrays";
import {
  type Points,
  constantsAlong,
  withFits,
} from "../../src/views/run/series";
import {
  leading,
  pointGroups,
  pointTable,
  stabilityOf,
} from "../../src/views/run/point_groups";

const array = (path: string, ...shape: number[]): Snapshots => ({
  path,
  shape,
  steps: [-1n],
  unit: "1",
});
const matrix = (rows: number, ...values: number[]): Matrix => ({
  rows,
  columns: values.length / rows,
  values: Float64Array.from(values),
  unit: "1",
});

describe("points of a state space", () => {
  const arrays = [
    array("near.points", 2, 3),
    array("near.point_q", 3),
    array("near.point_is_slow", 3),
    array("near.point_eigenvalues_real", 2, 3),
    array("near.point_eigenvalues_imaginary", 2, 3),
    array("near.basins", 3),
    array("near.pointless", 3),
  ];
  test("are one table with what is said of each", () => {
    expect(pointGroups(arrays)).toEqual([
      {
        path: "near.points",
        vectors: [
          { path: "near.point_q", name: "q" },
          { path: "near.point_is_slow", name: "is slow" },
        ],
        real: "near.point_eigenvalues_real",
        imaginary: "near.point_eigenvalues_imaginary",
      },
    ]);
  });
  test("are no table when nothing is said of them", () => {
    expect(pointGroups([array("points", 2, 3), array("basins", 3)])).toEqual(
      [],
    );
    expect(pointGroups([array("points", 2, 0), array("point_q", 0)])).toEqual(
      [],
    );
  });
  test("a row has stability, leading eigenvalue, place, numbers", () => {
    const [group] = pointGroups(arrays);
    const table = pointTable(
      group!,
      new Map([
        ["near.points", matrix(2, 1, 2, 3, 4, 5, 6)],
        ["near.point_q", matrix(1, 7, 8, 9)],
        ["near.point_is_slow", matrix(1, 0, 0, 1)],
        ["near.point_eigenvalues_real", matrix(2, -1, -2, 1, -3, 0.5, 2)],
        ["near.point_eigenvalues_imaginary", matrix(2, 0, 0, 0.1, 0, 0, -0.1)],
      ]),
    );
    expect(table.header).toEqual([
      "point",
      "stability",
      "leading eigenvalue",
      "x1",
      "x2",
      "q",
      "is slow",
    ]);
    expect(table.rows).toEqual([
      [1, "stable", "\u22121", 1, 4, 7, 0],
      [2, "saddle, 1 unstable", "0.5", 2, 5, 8, 0],
      [3, "unstable", "2 ± 0.1i", 3, 6, 9, 1],
    ]);
  });
  test("stability goes by the signs of the real parts", () => {
    expect(stabilityOf([-1, -2])).toBe("stable");
    expect(stabilityOf([-1, 0])).toBe("neutral");
    expect(stabilityOf([1, 2])).toBe("unstable");
    expect(leading([-2, -1], [0, -3])).toBe("\u22121 ± 3i");
  });
});

test("a series is drawn with its fits, over the same x", () => {
  const points = (name: string, x = "lag"): Points => ({
    series: create(SeriesSchema, { name, x }),
    x: [],
    y: [],
    count: 0,
    isSampled: false,
  });
  const all = [
    points("autocorrelation"),
    points("autocorrelation_fit"),
    points("autocorrelation_fit_with_offset"),
    points("autocorrelation_fit", "frequency"),
    points("power_fit"),
  ];
  expect(withFits(all).map((group) => group.map((p) => p.series.name))).toEqual(
    [
      [
        "autocorrelation",
        "autocorrelation_fit",
        "autocorrelation_fit_with_offset",
      ],
      ["autocorrelation_fit"],
      ["power_fit"],
    ],
  );
});

test("a fit is named with what was found along its x", () => {
  const decay = {
    series: create(SeriesSchema, { name: "decay", x: "lag", xUnit: "ms" }),
  } as Points;
  const part = {
    path: "experiment",
    name: "",
    values: {},
    type: create(ComponentTypeSchema, {
      outputs: [
        { name: "share", kind: "summary", unit: "1" },
        { name: "unit_tau", kind: "series", unit: "ms" },
        { name: "tau", kind: "summary", unit: "ms" },
        { name: "tau_fast", kind: "summary", unit: "ms" },
        { name: "terms", kind: "summary", unit: "1" },
        { name: "tau_one", kind: "summary", unit: "ms" },
      ],
    }),
  };
  const value = (x: number, unit: string) => ({
    unit,
    content: { case: "value" as const, value: x },
  });
  const found = create(RunSchema, {
    summary: {
      share: value(0.5, "1"),
      unit_tau: value(7, "ms"),
      tau: value(98.21, "ms"),
      tau_one: value(60, "ms"),
    },
  });
  expect(constantsAlong(found, part, decay)).toBe("tau 98.2\u202fms");
  const two = create(RunSchema, {
    summary: { ...found.summary, tau_fast: value(4, "ms") },
  });
  expect(constantsAlong(two, part, decay)).toBe(
    "tau 98.2\u202fms, tau fast 4\u202fms",
  );
  // Nothing was fitted, or there is nothing in that unit.
  const absent = create(RunSchema, {
    summary: {
      tau: {
        unit: "ms",
        content: { case: "absentReason", value: "constant activity" },
      },
    },
  });
  expect(constantsAlong(absent, part, decay)).toBe("");
  const other = {
    series: create(SeriesSchema, { name: "power", xUnit: "Hz" }),
  } as Points;
  expect(constantsAlong(found, part, other)).toBe("");
});

describe("NPY files", () => {
  const bytesOf = async (blob: Blob) =>
    new Uint8Array(await blob.arrayBuffer());
  test("have the header that NumPy writes for the same array", async () => {
    // numpy.save of numpy.array([[1., 3.], [2., 4.]], order="F"), whose data
    // are 1 2 3 4 as they lie: a header of 118 bytes behind the first ten.
    const data = new Uint8Array(Float64Array.from([1, 2, 3, 4]).buffer);
    const bytes = await bytesOf(
      npyOf(
        create(ArrayManifestSchema, {
          type: ElementType.FLOAT64,
          order: ArrayOrder.COLUMN_MAJOR,
          shape: [2n, 2n],
        }),
        [data.subarray(0, 8), data.subarray(8)],
      ),
    );
    expect(bytes.length).toBe(128 + 32);
    expect([...bytes.subarray(0, 10)]).toEqual([
      0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, 118, 0,
    ]);
    const words = new TextDecoder().decode(bytes.subarray(10, 128));
    expect(words.trimEnd()).toBe(
      "{'descr': '<f8', 'fortran_order': True, 'shape': (2, 2), }",
    );
    expect(words.at(-1)).toBe("\n");
    expect([...bytes.subarray(128)]).toEqual([...data]);
  });
  test("of bytes in one dimension", async () => {
    const bytes = await bytesOf(
      npyOf(
        create(ArrayManifestSchema, {
          type: ElementType.UINT8,
          order: ArrayOrder.ROW_MAJOR,
          shape: [3n],
        }),
        [Uint8Array.of(1, 2, 3)],
      ),
    );
    expect(new TextDecoder().decode(bytes.subarray(10, 128))).toContain(
      "{'descr': '|u1', 'fortran_order': False, 'shape': (3,), }",
    );
  });
});
