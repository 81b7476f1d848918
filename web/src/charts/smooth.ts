// A smoothed curve is drawn over the raw one, never instead of it.

/** Mean over `2 * half + 1` points around each; absent points are left out. */
export function movingMean(
  values: readonly (number | null)[],
  half: number,
): (number | null)[] {
  const sums = new Float64Array(values.length + 1);
  const counts = new Int32Array(values.length + 1);
  values.forEach((value, i) => {
    sums[i + 1] = sums[i]! + (value ?? 0);
    counts[i + 1] = counts[i]! + (value === null ? 0 : 1);
  });
  return values.map((value, i) => {
    if (value === null) return null;
    const from = Math.max(0, i - half);
    const to = Math.min(values.length, i + half + 1);
    const n = counts[to]! - counts[from]!;
    return n === 0 ? null : (sums[to]! - sums[from]!) / n;
  });
}
