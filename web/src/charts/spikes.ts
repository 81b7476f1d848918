// Spikes as marks of a raster: what a preview shows, what the server sent of a
// range, and where they are drawn.
import type { Activity } from "../api/engram/v1/activity_pb";

/** Spikes, or cells in which some unit fired: when [ms], and which unit. */
export interface Marks {
  ms: number[];
  unit: number[];
}

/** Spikes a unit fired, over time. */
export interface Rate {
  /** Middle of each bin [ms]. */
  ms: number[];
  /** Mean over the units [Hz]; null where nothing is known. */
  hz: (number | null)[];
}

export interface Band {
  name: string;
  units: number;
  marks: Marks;
}

/** The cells of a preview that are set, each in its middle. */
export function marksOf(activity: Activity): Marks {
  const { rows, cells, dt } = activity;
  const begin = Number(activity.beginStep);
  const end = Number(activity.endStep);
  const width = Number(activity.columnSteps);
  const unitsOfRow = Number(activity.unitCount) / rows;
  const marks: Marks = { ms: [], unit: [] };
  activity.counts.forEach((count, column) => {
    if (count === 0n) return;
    const from = begin + column * width;
    const middle = ((from + Math.min(from + width, end)) / 2) * dt;
    for (let row = 0; row < rows; row += 1) {
      const bit = column * rows + row;
      if (((cells[bit >> 3]! >> (bit & 7)) & 1) === 0) continue;
      marks.ms.push(middle);
      marks.unit.push((row + 0.5) * unitsOfRow);
    }
  });
  return marks;
}

export const join = (all: readonly Marks[]): Marks => ({
  ms: all.flatMap((m) => m.ms),
  unit: all.flatMap((m) => m.unit),
});

/** Counts of equal bins as a rate; neighbours are joined to at most `most`. */
export function rateOf(
  counts: readonly bigint[],
  beginMs: number,
  binMs: number,
  units: number,
  most: number,
  endMs = beginMs + counts.length * binMs,
): Rate {
  const size = Math.max(1, Math.ceil(counts.length / most));
  const rate: Rate = { ms: [], hz: [] };
  for (let i = 0; i < counts.length; i += size) {
    const from = beginMs + i * binMs;
    const to = Math.min(endMs, from + size * binMs);
    const spikes = counts
      .slice(i, i + size)
      .reduce((sum, count) => sum + Number(count), 0);
    rate.ms.push((from + to) / 2);
    rate.hz.push((spikes / units / (to - from)) * 1000);
  }
  return rate;
}

/** Rates of previews that follow each other; a gap where one was dropped. */
export function rateOfPreviews(previews: readonly Activity[]): Rate {
  const all: Rate = { ms: [], hz: [] };
  previews.forEach((one, i) => {
    const before = previews[i - 1];
    const begin = Number(one.beginStep) * one.dt;
    if (before && before.endStep !== one.beginStep) {
      all.ms.push((Number(before.endStep) * one.dt + begin) / 2);
      all.hz.push(null);
    }
    const part = rateOf(
      one.counts,
      begin,
      Number(one.columnSteps) * one.dt,
      Number(one.unitCount),
      8,
      Number(one.endStep) * one.dt,
    );
    all.ms.push(...part.ms);
    all.hz.push(...part.hz);
  });
  return all;
}

/** Live previews of each population, the newest last. */
export type Activities = ReadonlyMap<string, readonly Activity[]>;

const MOST_PREVIEWS = 60;

/** A preview from before the newest one says that the run began again. */
export function withActivity(old: Activities, next: Activity): Activities {
  const known = old.get(next.population) ?? [];
  const last = known.at(-1);
  const isBack = last !== undefined && next.beginStep < last.endStep;
  const base = isBack ? new Map<string, readonly Activity[]>() : new Map(old);
  return base.set(
    next.population,
    [...(isBack ? [] : known), next].slice(-MOST_PREVIEWS),
  );
}

export interface Place {
  top: number;
  height: number;
}

const GAP = 4;

const LEAST_HEIGHT = 26;

/** Bands below each other: by their units, but none too low to be seen. */
export function placesOf(
  bands: readonly { units: number }[],
  height: number,
): Place[] {
  const room = height - GAP * (bands.length - 1);
  const least = Math.min(LEAST_HEIGHT, room / bands.length);
  // The smallest first: who has the least leaves the others what remains.
  const heights = new Map<number, number>();
  let free = room;
  let units = bands.reduce((sum, band) => sum + band.units, 0);
  const order = [...bands.keys()].sort(
    (a, b) => bands[a]!.units - bands[b]!.units,
  );
  for (const i of order) {
    const own = Math.max(least, (free * bands[i]!.units) / units);
    heights.set(i, own);
    free -= own;
    units -= bands[i]!.units;
  }
  let top = 0;
  return bands.map((_, i) => {
    const place = { top, height: heights.get(i)! };
    top += place.height + GAP;
    return place;
  });
}

/** The colour "#rrggbb" as a canvas holds it. */
export function wordOf(color: string): number {
  const [r, g, b] = [1, 3, 5].map((i) => parseInt(color.slice(i, i + 2), 16));
  return ((255 << 24) | (b! << 16) | (g! << 8) | r!) >>> 0;
}

// Where dots would cover more than this part of a band, single ones are faint
// and many on one place are strong: else it would be one patch of colour.
const DENSE = 0.3;
const FAINT = 90;
const STRONGER = 40;

/** Draws the marks of a band into pixels of `width` by `height`. */
export function paintMarks(
  pixels: Uint32Array,
  width: number,
  height: number,
  band: Band,
  place: Place,
  range: readonly [number, number],
  color: number,
  dot: number,
): void {
  const perMs = width / (range[1] - range[0]);
  const perUnit = place.height / band.units;
  const { ms, unit } = band.marks;
  const bottom = Math.min(height, Math.round(place.top + place.height));
  const coverage = (ms.length * dot * dot) / (width * place.height);
  const isDense = coverage > DENSE;
  const bare = color & 0xffffff;
  const put = (at: number) => {
    const before = pixels[at]! >>> 24;
    const alpha = isDense && before === 0 ? FAINT : before + STRONGER;
    const shown = isDense ? Math.min(255, alpha) : 255;
    pixels[at] = ((shown << 24) | bare) >>> 0;
  };
  // Few units have high rows: a stroke in the middle of each, not a dot.
  const stroke = Math.max(dot, Math.floor(perUnit * 0.7));
  for (let i = 0; i < ms.length; i += 1) {
    const x = Math.floor((ms[i]! - range[0]) * perMs);
    if (x < 0 || x >= width) continue;
    const y = Math.floor(
      stroke > dot
        ? place.top + Math.floor(unit[i]!) * perUnit + (perUnit - stroke) / 2
        : place.top + unit[i]! * perUnit,
    );
    const right = Math.min(width, x + dot);
    const low = Math.min(bottom, y + stroke);
    for (let v = Math.max(0, y); v < low; v += 1)
      for (let u = x; u < right; u += 1) put(v * width + u);
  }
}
