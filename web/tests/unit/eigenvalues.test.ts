import { expect, test } from "vitest";
import { type Complex, eigenvalues } from "../../src/charts/eigenvalues";

const sorted = (all: Complex[]) =>
  all
    .map(
      ({ re, im }) =>
        [Number(re.toFixed(9)) + 0, Number(im.toFixed(9)) + 0] as const,
    )
    .sort((a, b) => a[0] - b[0] || a[1] - b[1]);

const of = (rows: number[][]) =>
  eigenvalues(Float64Array.from(rows.flat()), rows.length);

test("a rotation turns: cos ± i sin", () => {
  const [c, s] = [Math.cos(0.3), Math.sin(0.3)];
  expect(
    sorted(
      of([
        [c, -s],
        [s, c],
      ]),
    ),
  ).toEqual(
    sorted([
      { re: c, im: s },
      { re: c, im: -s },
    ]),
  );
});

test("a triangular matrix has its diagonal", () => {
  expect(
    sorted(
      of([
        [1, 5, -2],
        [0, -3, 7],
        [0, 0, 4],
      ]),
    ),
  ).toEqual([
    [-3, 0],
    [1, 0],
    [4, 0],
  ]);
});

test("a companion matrix has the roots of its polynomial", () => {
  // (x - 1)(x - 2)(x^2 + 4) = x^4 - 3x^3 + 6x^2 - 12x + 8
  const roots = of([
    [3, -6, 12, -8],
    [1, 0, 0, 0],
    [0, 1, 0, 0],
    [0, 0, 1, 0],
  ]);
  expect(sorted(roots)).toEqual([
    [0, -2],
    [0, 2],
    [1, 0],
    [2, 0],
  ]);
});

test("a cyclic shift has the roots of unity, which plain shifts cycle on", () => {
  const n = 8;
  const shift = Array.from({ length: n }, (_, i) =>
    Array.from({ length: n }, (__, j) => Number((i + 1) % n === j)),
  );
  const found = of(shift);
  for (const { re, im } of found) expect(Math.hypot(re, im)).toBeCloseTo(1, 12);
  for (let k = 0; k < n; k += 1) {
    const [re, im] = [
      Math.cos((2 * Math.PI * k) / n),
      Math.sin((2 * Math.PI * k) / n),
    ];
    expect(
      Math.min(...found.map((v) => Math.hypot(v.re - re, v.im - im))),
    ).toBeLessThan(1e-12);
  }
});

test("sums and sums of squares are those of the matrix", () => {
  const n = 60;
  let state = 1;
  const next = () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647 - 0.5;
  };
  const a = Float64Array.from({ length: n * n }, next);
  let trace = 0;
  let squares = 0;
  for (let i = 0; i < n; i += 1) {
    trace += a[i * n + i]!;
    for (let j = 0; j < n; j += 1) squares += a[i * n + j]! * a[j * n + i]!;
  }
  const found = eigenvalues(a.slice(), n);
  expect(found).toHaveLength(n);
  expect(found.reduce((sum, v) => sum + v.re, 0)).toBeCloseTo(trace, 9);
  expect(found.reduce((sum, v) => sum + v.im, 0)).toBeCloseTo(0, 9);
  expect(found.reduce((sum, v) => sum + v.re ** 2 - v.im ** 2, 0)).toBeCloseTo(
    squares,
    8,
  );
});

test("zeros and a single element", () => {
  expect(
    sorted(
      of([
        [0, 0],
        [0, 0],
      ]),
    ),
  ).toEqual([
    [0, 0],
    [0, 0],
  ]);
  expect(of([[7]])).toEqual([{ re: 7, im: 0 }]);
});
