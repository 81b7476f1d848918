// Recorded arrays of a run: which there are, and their bytes, kept for a while.
import type { RecordedArray } from "../../api/engram/v1/runs_pb";
import { type Matrix, toMatrix } from "../../charts/matrix";
import { integer } from "../../format";
import { runs } from "../../server/client";
import { type Query, useQuery } from "../../server/query";

export const FINAL = -1n;

/** An array at all the steps at which it was kept. */
export interface Snapshots {
  path: string;
  /** In time; `final` last. */
  steps: readonly bigint[];
  shape: readonly number[];
  unit: string;
}

export function snapshotsOf(arrays: readonly RecordedArray[]): Snapshots[] {
  const byPath = new Map<string, RecordedArray[]>();
  for (const array of arrays) {
    const own = byPath.get(array.path);
    if (own) own.push(array);
    else byPath.set(array.path, [array]);
  }
  return [...byPath].map(([path, own]) => ({
    path,
    steps: own
      .map((a) => a.step)
      .sort((a, b) =>
        a === b ? 0 : a === FINAL ? 1 : b === FINAL ? -1 : a < b ? -1 : 1,
      ),
    shape: own[0]!.manifest!.shape.map(Number),
    unit: own[0]!.manifest!.unit,
  }));
}

export const stepName = (step: bigint, tick: string): string =>
  step === FINAL ? "final" : `${tick} ${integer(step)}`;

const MOST_BYTES = 256e6;
const kept = new Map<string, { matrix: Matrix; bytes: number }>();
let keptBytes = 0;

export async function readArray(
  run: string,
  path: string,
  step: bigint,
  signal?: AbortSignal,
): Promise<Matrix> {
  const key = `${run} ${path} ${step}`;
  const known = kept.get(key);
  if (known) return known.matrix;
  const parts: Uint8Array[] = [];
  let manifest: RecordedArray["manifest"];
  for await (const answer of runs.readArray(
    { name: run, path, step },
    signal ? { signal } : {},
  )) {
    manifest ??= answer.array?.manifest;
    parts.push(answer.data);
  }
  const size = parts.reduce((sum, part) => sum + part.length, 0);
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  const matrix = toMatrix(manifest!, bytes);
  kept.set(key, { matrix, bytes: size });
  keptBytes += size;
  for (const [old, entry] of kept) {
    if (keptBytes <= MOST_BYTES || old === key) break;
    kept.delete(old);
    keptBytes -= entry.bytes;
  }
  return matrix;
}

export const useArray = (
  run: string,
  path: string,
  step: bigint | null,
): Query<Matrix> =>
  useQuery(step === null ? null : `array ${run} ${path} ${step}`, (signal) =>
    readArray(run, path, step!, signal),
  );
