import type { Matrix } from "./matrix";

/** Rows become columns: time runs to the right in figures. */
export function transposed(m: Matrix): Matrix {
  const values = new Float64Array(m.values.length);
  for (let i = 0; i < m.rows; i += 1)
    for (let j = 0; j < m.columns; j += 1)
      values[j * m.rows + i] = m.values[i * m.columns + j]!;
  return { rows: m.columns, columns: m.rows, values, unit: m.unit };
}
