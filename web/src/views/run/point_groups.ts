// Points of a state space with what an analysis says of each: "points" (n, k)
// beside vectors "point_..." of k numbers are one table of k rows.
import type { Matrix } from "../../charts/matrix";
import { number } from "../../format";
import type { Snapshots } from "./arrays";

export interface PointGroup {
  /** The array of the points themselves. */
  path: string;
  /** Numbers of each point: their arrays, and what they are called. */
  vectors: { path: string; name: string }[];
  /** Eigenvalues at each point, when there are both parts. */
  real: string | null;
  imaginary: string | null;
}

/** The groups among the arrays of one analysis. */
export function pointGroups(snapshots: readonly Snapshots[]): PointGroup[] {
  return snapshots.flatMap((points) => {
    const { path, shape } = points;
    if (!path.endsWith("s") || shape.length !== 2) return [];
    const count = shape[1]!;
    const stem = `${path.slice(0, -1)}_`;
    const own = snapshots.filter((s) => s.path.startsWith(stem));
    const vectors = own
      .filter((s) => s.shape.length === 1 && s.shape[0] === count)
      .map((s) => ({
        path: s.path,
        name: s.path.slice(stem.length).replaceAll("_", " "),
      }));
    if (vectors.length === 0 || count === 0) return [];
    const part = (ending: string) =>
      own.find(
        (s) =>
          s.path.endsWith(`eigenvalues_${ending}`) &&
          s.shape.length === 2 &&
          s.shape[1] === count,
      )?.path ?? null;
    const [real, imaginary] = [part("real"), part("imaginary")];
    const hasBoth = real !== null && imaginary !== null;
    return [
      {
        path,
        vectors,
        real: hasBoth ? real : null,
        imaginary: hasBoth ? imaginary : null,
      },
    ];
  });
}

/** Points of more variables are left to a picture. */
export const MOST_COORDINATES = 4;

/** By the signs of the real parts of the eigenvalues at a point. */
export function stabilityOf(real: readonly number[]): string {
  const up = real.filter((v) => v > 0).length;
  if (up === 0) return real.some((v) => v === 0) ? "neutral" : "stable";
  return up < real.length ? `saddle, ${up} unstable` : "unstable";
}

const column = (m: Matrix, j: number): number[] =>
  Array.from({ length: m.rows }, (_, i) => m.values[i * m.columns + j]!);

/** "−0.9 ± 0.1i" of the eigenvalue with the largest real part. */
export function leading(
  real: readonly number[],
  imaginary: readonly number[],
): string {
  const at = real.reduce((best, v, i) => (v > real[best]! ? i : best), 0);
  const turn = Math.abs(imaginary[at] ?? 0);
  return `${number(real[at]!)}${turn > 0 ? ` ± ${number(turn)}i` : ""}`;
}

export interface PointTable {
  header: string[];
  rows: (string | number)[][];
}

/** A row for each point, by the arrays of the group. */
export function pointTable(
  group: PointGroup,
  arrays: ReadonlyMap<string, Matrix>,
): PointTable {
  const points = arrays.get(group.path)!;
  const real = group.real ? arrays.get(group.real) : undefined;
  const imaginary = group.imaginary ? arrays.get(group.imaginary) : undefined;
  const isShown = points.rows <= MOST_COORDINATES;
  const header = [
    "point",
    ...(real ? ["stability", "leading eigenvalue"] : []),
    ...(isShown ? column(points, 0).map((_, i) => `x${i + 1}`) : []),
    ...group.vectors.map((v) => v.name),
  ];
  const rows = Array.from({ length: points.columns }, (_, j) => {
    const re = real ? column(real, j) : [];
    return [
      j + 1,
      ...(real
        ? [stabilityOf(re), leading(re, imaginary ? column(imaginary, j) : [])]
        : []),
      ...(isShown ? column(points, j) : []),
      ...group.vectors.map((v) => arrays.get(v.path)!.values[j]!),
    ];
  });
  return { header, rows };
}
