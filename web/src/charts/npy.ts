// Arrays as NPY files, version 1.0: what NumPy's `load` reads, and the command
// line's `snapshots --get` writes.
import {
  type ArrayManifest,
  ArrayOrder,
  ElementType,
} from "../api/engram/v1/array_pb";

const TYPES: Partial<Record<ElementType, string>> = {
  [ElementType.FLOAT64]: "<f8",
  [ElementType.FLOAT32]: "<f4",
  [ElementType.INT64]: "<i8",
  [ElementType.INT32]: "<i4",
  [ElementType.UINT8]: "|u1",
};

export const elementName = (type: ElementType): string =>
  ElementType[type]?.toLowerCase() ?? `type ${type}`;

/** "100 × 100"; a single number has no dimension. */
export const shapeText = (shape: readonly bigint[]): string =>
  shape.length > 0 ? shape.join(" × ") : "one number";

/** The array as it lies, behind the header that says how. */
export function npyOf(
  manifest: ArrayManifest,
  parts: readonly Uint8Array[],
): Blob {
  const type = TYPES[manifest.type];
  if (type === undefined)
    throw new Error(`element type ${manifest.type} has no place in NPY files`);
  const order =
    manifest.order === ArrayOrder.COLUMN_MAJOR && manifest.shape.length > 1;
  const shape =
    manifest.shape.length === 1
      ? `(${manifest.shape[0]},)`
      : `(${manifest.shape.join(", ")})`;
  const words = `{'descr': '${type}', 'fortran_order': ${order ? "True" : "False"}, 'shape': ${shape}, }`;
  // Magic, version and length take ten bytes; the data begin at a multiple of
  // 64.
  const size = Math.ceil((10 + words.length + 1) / 64) * 64;
  const header = new Uint8Array(size).fill(0x20);
  header.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
  new DataView(header.buffer).setUint16(8, size - 10, true);
  header.set(new TextEncoder().encode(words), 10);
  header[size - 1] = 0x0a;
  return new Blob([header, ...(parts as Uint8Array<ArrayBuffer>[])]);
}
