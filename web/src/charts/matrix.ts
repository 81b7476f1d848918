// Recorded arrays as the page holds them, and what is read off them.
import {
  ArrayOrder,
  ElementType,
  type ArrayManifest,
} from "../api/engram/v1/array_pb";

/** Two dimensions, by rows; a vector is one row. */
export interface Matrix {
  rows: number;
  columns: number;
  /** Row after row. */
  values: Float64Array;
  unit: string;
}

const SIZES: Partial<Record<ElementType, number>> = {
  [ElementType.FLOAT64]: 8,
  [ElementType.FLOAT32]: 4,
  [ElementType.INT64]: 8,
  [ElementType.INT32]: 4,
  [ElementType.UINT8]: 1,
};

/** Elements in the order in which they lie; the wire is little-endian. */
export function elements(type: ElementType, bytes: Uint8Array): Float64Array {
  const size = SIZES[type];
  if (size === undefined) throw new Error(`element type ${type} is not known`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const read: Record<number, (at: number) => number> = {
    [ElementType.FLOAT64]: (at) => view.getFloat64(at, true),
    [ElementType.FLOAT32]: (at) => view.getFloat32(at, true),
    [ElementType.INT64]: (at) => Number(view.getBigInt64(at, true)),
    [ElementType.INT32]: (at) => view.getInt32(at, true),
    [ElementType.UINT8]: (at) => view.getUint8(at),
  };
  const at = read[type]!;
  const values = new Float64Array(Math.floor(bytes.byteLength / size));
  for (let i = 0; i < values.length; i += 1) values[i] = at(i * size);
  return values;
}

/** Rows first; further dimensions are laid beside each other as columns. */
export function toMatrix(manifest: ArrayManifest, bytes: Uint8Array): Matrix {
  const raw = elements(manifest.type, bytes);
  const shape = manifest.shape.map(Number);
  const unit = manifest.unit;
  if (shape.length < 2)
    return { rows: 1, columns: raw.length, values: raw, unit };
  const rows = shape[0]!;
  const columns = raw.length / Math.max(1, rows);
  if (manifest.order !== ArrayOrder.COLUMN_MAJOR)
    return { rows, columns, values: raw, unit };
  const values = new Float64Array(raw.length);
  for (let j = 0; j < columns; j += 1)
    for (let i = 0; i < rows; i += 1)
      values[i * columns + j] = raw[j * rows + i]!;
  return { rows, columns, values, unit };
}

export function difference(a: Matrix, b: Matrix): Matrix {
  if (a.rows !== b.rows || a.columns !== b.columns)
    throw new Error("matrices of different shapes have no difference");
  return { ...a, values: a.values.map((value, i) => value - b.values[i]!) };
}

/** Rows and columns in these orders; null leaves them as they are. */
export function reordered(
  m: Matrix,
  rows: readonly number[] | null,
  columns: readonly number[] | null,
): Matrix {
  if (rows === null && columns === null) return m;
  const values = new Float64Array(m.values.length);
  for (let i = 0; i < m.rows; i += 1) {
    const from = (rows?.[i] ?? i) * m.columns;
    for (let j = 0; j < m.columns; j += 1)
      values[i * m.columns + j] = m.values[from + (columns?.[j] ?? j)]!;
  }
  return { ...m, values };
}

export function extent(
  values: Float64Array | readonly number[],
): [number, number] {
  let min = Infinity;
  let max = -Infinity;
  for (const value of values) {
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return [min, max];
}

export interface Histogram {
  min: number;
  width: number;
  counts: number[];
}

/** Equal bins; the count follows Freedman and Diaconis (1981), 5 to 80 bins. */
export function histogram(values: Float64Array): Histogram {
  const [min, max] = extent(values);
  if (values.length === 0 || min === max)
    return { min: min - 0.5, width: 1, counts: [values.length] };
  // Quartiles of a large matrix are those of every so many of its elements.
  const every = Math.ceil(values.length / 20_000);
  const sorted = values.filter((_, i) => i % every === 0).sort();
  const at = (q: number) => sorted[Math.floor(q * (sorted.length - 1))]!;
  const wanted = (2 * (at(0.75) - at(0.25))) / Math.cbrt(values.length);
  const bins = Math.min(
    80,
    Math.max(5, wanted > 0 ? Math.ceil((max - min) / wanted) : 40),
  );
  const width = (max - min) / bins;
  const counts = new Array<number>(bins).fill(0);
  for (const value of values) {
    const bin = Math.min(bins - 1, Math.floor((value - min) / width));
    counts[bin]! += 1;
  }
  return { min, width, counts };
}

export interface Moments {
  mean: number;
  deviation: number;
  min: number;
  max: number;
}

export function moments(values: Float64Array): Moments {
  const [min, max] = extent(values);
  let sum = 0;
  for (const value of values) sum += value;
  const mean = sum / Math.max(1, values.length);
  let squares = 0;
  for (const value of values) squares += (value - mean) ** 2;
  return {
    mean,
    min,
    max,
    deviation: Math.sqrt(squares / Math.max(1, values.length)),
  };
}

/** The place of each in the order from the least to the greatest. */
export const ranking = (values: ArrayLike<number>): number[] =>
  Array.from(values, (_, i) => i).sort(
    (a, b) => values[a]! - values[b]! || a - b,
  );

/** Whether these are the numbers 0 to n-1 in some order. */
export function isPermutation(values: ArrayLike<number>): boolean {
  const seen = new Set<number>();
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i]!;
    if (!Number.isInteger(value) || value < 0 || value >= values.length)
      return false;
    seen.add(value);
  }
  return seen.size === values.length;
}
