// Where an axis has its ticks.

/** About `wanted` round numbers from `min` to `max`. */
export function linearTicks(min: number, max: number, wanted = 5): number[] {
  if (!(max > min)) return [min];
  const raw = (max - min) / Math.max(1, wanted);
  const size = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((m) => m * size).find((s) => s >= raw)!;
  const first = Math.ceil(min / step - 1e-9);
  const last = Math.floor(max / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => {
    const tick = (first + i) * step;
    return Math.abs(tick) < step * 1e-9 ? 0 : Number(tick.toPrecision(12));
  });
}

/** Powers of ten within; between them 2 and 5 when there are few. */
export function logTicks(min: number, max: number): number[] {
  const low = Math.floor(Math.log10(min));
  const high = Math.ceil(Math.log10(max));
  const factors = high - low <= 2 ? [1, 2, 5] : [1];
  const every = Math.max(1, Math.ceil((high - low) / 8));
  const ticks: number[] = [];
  for (let e = low; e <= high; e += every)
    for (const f of factors) {
      const tick = Number((f * 10 ** e).toPrecision(3));
      if (tick >= min * (1 - 1e-9) && tick <= max * (1 + 1e-9))
        ticks.push(tick);
    }
  return ticks;
}

const LEAST_SPAN = 1e-14;

/** What values span, with room; down to zero where it bounds them and is near. */
export function rangeOf(
  low: number | null | undefined,
  high: number | null | undefined,
  areWhole = false,
): [number, number] {
  if (low == null || high == null) return [0, 1];
  if (areWhole && low === high) {
    // A share that stays at 1, or at 0, is one of 0 to 1.
    if (low === 0 || low === 1) return [0, 1.05];
    // Of a constant count, its neighbours.
    if (Math.abs(low) < 10) return [low > 0 ? 0 : low - 1, low + 1];
  }
  const [from, to] = padded(low, high);
  // uPlot has no ticks for less, which is rounding as a rule.
  if (to - from < LEAST_SPAN)
    return [low - LEAST_SPAN / 2, low + LEAST_SPAN / 2];
  if (low === high) return [from, to];
  const isNear = (value: number) => Math.abs(value) < 0.3 * (high - low);
  return [
    low >= 0 && (isNear(low) || from < 0) ? 0 : from,
    high <= 0 && (isNear(high) || to > 0) ? 0 : to,
  ];
}

/** A range with room at both ends. */
export function padded(
  min: number,
  max: number,
  part = 0.05,
): [number, number] {
  if (!Number.isFinite(min) || !Number.isFinite(max)) return [0, 1];
  if (min === max) {
    const room = Math.abs(min) * 0.1 || 1;
    return [min - room, max + room];
  }
  const room = (max - min) * part;
  return [min - room, max + room];
}
