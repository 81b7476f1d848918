// Colours of data. Sequences and differences are chosen so that they keep their
// order in grey and for colour-blind readers: viridis for magnitudes (van der
// Walt and Smith 2015), purple-white-orange (PuOr, Brewer 2003) for signed
// values with white at zero, and Okabe and Ito (2008) for categories.

type Rgb = readonly [number, number, number];

const VIRIDIS: readonly Rgb[] = [
  [68, 1, 84],
  [72, 40, 120],
  [62, 74, 137],
  [49, 104, 142],
  [38, 130, 142],
  [31, 158, 137],
  [53, 183, 121],
  [109, 205, 89],
  [180, 222, 44],
  [253, 231, 37],
];

const PURPLE_ORANGE: readonly Rgb[] = [
  [45, 0, 75],
  [84, 39, 136],
  [128, 115, 172],
  [178, 171, 210],
  [216, 218, 235],
  [255, 255, 255],
  [254, 224, 182],
  [253, 184, 99],
  [224, 130, 20],
  [179, 88, 6],
  [127, 59, 8],
];

/** Of curves and points. The second set stands out on a dark ground. */
const LIGHT = [
  "#0072b2",
  "#d55e00",
  "#009e73",
  "#cc79a7",
  "#b58900",
  "#3f9fd6",
  "#5b5b5b",
  "#8c510a",
];
const DARK = [
  "#56b4e9",
  "#ff8c42",
  "#2fc8a0",
  "#e39ac1",
  "#f0c94a",
  "#9ad0f5",
  "#b9bec3",
  "#d8a06a",
];

export const categories = (theme: "light" | "dark"): readonly string[] =>
  theme === "dark" ? DARK : LIGHT;

export const category = (i: number, theme: "light" | "dark"): string => {
  const all = categories(theme);
  return all[i % all.length]!;
};

/** Dashes tell curves apart once the colours have come round. */
export const dash = (i: number): number[] =>
  [[], [8, 4], [2, 3], [10, 3, 2, 3]][Math.floor(i / LIGHT.length) % 4]!;

export interface Scale {
  min: number;
  max: number;
  isSigned: boolean;
}

/** Of these values: symmetric about zero as soon as one is negative. */
export function scaleOf(min: number, max: number): Scale {
  if (!(min <= max)) return { min: 0, max: 1, isSigned: false };
  if (min < 0) {
    const size = Math.max(-min, max);
    return { min: -size, max: size, isSigned: true };
  }
  return { min: Math.min(min, 0), max: max > 0 ? max : 1, isSigned: false };
}

function mix(stops: readonly Rgb[], at: number): Rgb {
  const place = Math.min(1, Math.max(0, at)) * (stops.length - 1);
  const i = Math.min(stops.length - 2, Math.floor(place));
  const part = place - i;
  const from = stops[i]!;
  const to = stops[i + 1]!;
  return [0, 1, 2].map((c) =>
    Math.round(from[c]! + part * (to[c]! - from[c]!)),
  ) as unknown as Rgb;
}

const stopsOf = (scale: Scale) => (scale.isSigned ? PURPLE_ORANGE : VIRIDIS);

export function colorAt(scale: Scale, value: number): string {
  const span = scale.max - scale.min || 1;
  const [r, g, b] = mix(stopsOf(scale), (value - scale.min) / span);
  return `rgb(${r}, ${g}, ${b})`;
}

export const TABLE_SIZE = 1024;

const tables = new Map<boolean, Uint32Array>();

/** Colours as a canvas holds them, one word a step: looked up, not computed. */
export function colorTable(isSigned: boolean): Uint32Array {
  const known = tables.get(isSigned);
  if (known) return known;
  const table = new Uint32Array(TABLE_SIZE);
  const stops = isSigned ? PURPLE_ORANGE : VIRIDIS;
  for (let i = 0; i < TABLE_SIZE; i += 1) {
    const [r, g, b] = mix(stops, i / (TABLE_SIZE - 1));
    table[i] = (255 << 24) | (b << 16) | (g << 8) | r;
  }
  tables.set(isSigned, table);
  return table;
}
