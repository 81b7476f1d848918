// A vector field on a grid, as the arrays of a phase plane have it: arrows,
// lines, and what kind of fixed point a crossing of nullclines is.
import type { Matrix } from "./matrix";

/** Velocities at (axis[i], axis[j]): row i along the first axis. */
export interface Field {
  axis: ArrayLike<number>;
  first: Matrix;
  second: Matrix;
}

export type Line = (readonly [number, number])[];

/** Lines that lie one behind the other as columns of (2, n). */
export function linesOf(points: Matrix, begins: ArrayLike<number>): Line[] {
  const starts = begins.length > 0 ? Array.from(begins) : [0];
  return starts.map((from, k) => {
    const to = starts[k + 1] ?? points.columns;
    return Array.from(
      { length: Math.max(0, to - from) },
      (_, i) =>
        [
          points.values[from + i]!,
          points.values[points.columns + from + i]!,
        ] as const,
    );
  });
}

/** Pairs of columns, each a trajectory; what leaves the box is cut off. */
export function trajectoriesOf(m: Matrix, low: number, high: number): Line[] {
  return Array.from({ length: Math.floor(m.columns / 2) }, (_, k) => {
    const line: Line = [];
    for (let i = 0; i < m.rows; i += 1) {
      const x = m.values[i * m.columns + 2 * k]!;
      const y = m.values[i * m.columns + 2 * k + 1]!;
      if (x < low || x > high || y < low || y > high) break;
      line.push([x, y]);
    }
    return line;
  });
}

/** At most 20 by 20 arrows; their length grows with the root of the speed. */
export function arrowsOf({ axis, first, second }: Field) {
  const n = axis.length;
  const every = Math.max(1, Math.ceil(n / 20));
  const cell = every * Math.abs((axis[n - 1]! - axis[0]!) / Math.max(1, n - 1));
  let fastest = 0;
  for (let i = 0; i < n * n; i += 1)
    fastest = Math.max(
      fastest,
      Math.hypot(first.values[i]!, second.values[i]!),
    );
  const arrows: { x: number; y: number; dx: number; dy: number }[] = [];
  for (let i = Math.floor(every / 2); i < n; i += every)
    for (let j = Math.floor(every / 2); j < n; j += every) {
      const u = first.values[i * n + j]!;
      const v = second.values[i * n + j]!;
      const speed = Math.hypot(u, v);
      if (!(speed > 0)) continue;
      const length = 0.85 * cell * Math.sqrt(speed / fastest);
      arrows.push({
        x: axis[i]!,
        y: axis[j]!,
        dx: (u / speed) * length,
        dy: (v / speed) * length,
      });
    }
  return arrows;
}

export type Stability = "stable" | "saddle" | "unstable";

/** By trace and determinant of the field's slopes on the cell around (x, y). */
export function stabilityAt(
  { axis, first, second }: Field,
  x: number,
  y: number,
): Stability {
  const n = axis.length;
  const step = (axis[n - 1]! - axis[0]!) / Math.max(1, n - 1);
  const near = (v: number) =>
    Math.min(n - 2, Math.max(1, Math.round((v - axis[0]!) / step)));
  const i = near(x);
  const j = near(y);
  const slope = (m: Matrix, di: number, dj: number) =>
    (m.values[(i + di) * n + j + dj]! - m.values[(i - di) * n + j - dj]!) /
    (2 * step);
  const [a, b, c, d] = [
    slope(first, 1, 0),
    slope(first, 0, 1),
    slope(second, 1, 0),
    slope(second, 0, 1),
  ];
  if (a * d - b * c < 0) return "saddle";
  return a + d < 0 ? "stable" : "unstable";
}
