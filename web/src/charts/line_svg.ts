// Curves between their axes as an SVG file of its own: the same lines, ranges
// and colours that the page's chart draws on its canvas.
import { axis, tickLabels } from "../format";
import { linearTicks, logTicks } from "./ticks";

/** A curve over the common x: null breaks it, undefined has no point there. */
export interface SvgLine {
  name: string;
  color: string;
  width: number;
  alpha: number;
  dash: readonly number[];
  /** Drawn and in the legend; edges of bands are not in it. */
  isShown: boolean;
  y: readonly (number | null | undefined)[];
}

export interface SvgAxis {
  name: string;
  unit: string;
  min: number;
  max: number;
  isLog: boolean;
}

export interface SvgChart {
  title: string;
  width: number;
  height: number;
  x: SvgAxis;
  y: SvgAxis;
  xs: readonly number[];
  lines: readonly SvgLine[];
  /** Areas between two lines, by their numbers. */
  bands: readonly { upper: number; lower: number; fill: string }[];
  hasPoints: boolean;
  /** Bars instead of lines, of this share of the neighbours' distance; 0: no. */
  barWidth: number;
  paint: { ground: string; ink: string; grid: string; font: string };
}

const TITLE = 26;
const LEFT = 64;
const RIGHT = 26;
const BOTTOM = 40;
const LEGEND_ROW = 18;

const escaped = (text: string): string =>
  text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");

const short = (v: number): string => String(Math.round(v * 100) / 100);

/** Where a value lies, from 0 at the least to 1 at the greatest. */
const share = (a: SvgAxis) => {
  const of = a.isLog ? Math.log10 : (v: number) => v;
  const span = of(a.max) - of(a.min) || 1;
  return (v: number) => (of(v) - of(a.min)) / span;
};

const ticksOf = (a: SvgAxis, wanted: number): number[] =>
  a.isLog ? logTicks(a.min, a.max) : linearTicks(a.min, a.max, wanted);

type Place = (i: number, value: number) => string;

/** Runs of neighbouring points, each as path data; a lone point is a dash. */
function pathOf(y: SvgLine["y"], place: Place): string {
  let path = "";
  let isDown = false;
  y.forEach((value, i) => {
    if (value === undefined) return;
    if (value === null) {
      isDown = false;
      return;
    }
    path += `${isDown ? "L" : "M"}${place(i, value)}`;
    isDown = true;
  });
  return path;
}

/** The closed outlines of a band: there and back between its edges. */
function bandOf(upper: SvgLine["y"], lower: SvgLine["y"], place: Place) {
  const outlines: string[] = [];
  let there: string[] = [];
  let back: string[] = [];
  const close = () => {
    if (there.length > 1)
      outlines.push(`M${[...there, ...back.reverse()].join("L")}Z`);
    there = [];
    back = [];
  };
  upper.forEach((high, i) => {
    const low = lower[i];
    if (high === undefined || low === undefined) return;
    if (high === null || low === null) close();
    else {
      there.push(place(i, high));
      back.push(place(i, low));
    }
  });
  close();
  return outlines.join("");
}

function frame(chart: SvgChart, w: number, h: number): string {
  const { paint } = chart;
  const parts: string[] = [];
  const across = ticksOf(chart.x, Math.floor(w / 80));
  const up = ticksOf(chart.y, Math.floor(h / 36));
  const text = (x: number, y: number, words: string, more: string) =>
    parts.push(
      `<text x="${short(x)}" y="${short(y)}" fill="${paint.ink}" ${more}>${escaped(words)}</text>`,
    );
  const line = (x1: number, y1: number, x2: number, y2: number) =>
    parts.push(
      `<line x1="${short(x1)}" y1="${short(y1)}" x2="${short(x2)}" y2="${short(y2)}" stroke="${paint.grid}"/>`,
    );
  const xNames = tickLabels(across);
  const yNames = tickLabels(up);
  across.forEach((tick, i) => {
    const x = LEFT + share(chart.x)(tick) * w;
    line(x, TITLE, x, TITLE + h);
    text(x, TITLE + h + 15, xNames[i]!, 'text-anchor="middle"');
  });
  up.forEach((tick, i) => {
    const y = TITLE + (1 - share(chart.y)(tick)) * h;
    line(LEFT, y, LEFT + w, y);
    text(LEFT - 6, y + 4, yNames[i]!, 'text-anchor="end"');
  });
  text(
    LEFT + w / 2,
    TITLE + h + 33,
    axis(chart.x.name, chart.x.unit),
    'text-anchor="middle"',
  );
  text(
    -(TITLE + h / 2),
    13,
    axis(chart.y.name, chart.y.unit),
    'text-anchor="middle" transform="rotate(-90)"',
  );
  text(LEFT, 17, chart.title, 'font-size="13" font-weight="600"');
  return parts.join("");
}

function dots(y: SvgLine["y"], color: string, ground: string, place: Place) {
  return y
    .map((value, i) => {
      if (value === null || value === undefined) return "";
      const [x, at] = place(i, value).split(" ");
      return `<circle cx="${x}" cy="${at}" r="2.5" fill="${ground}" stroke="${color}"/>`;
    })
    .join("");
}

/** A bar about each point, from 0, or from the bottom of a logarithmic axis. */
function barsOf(
  y: SvgLine["y"],
  xs: readonly number[],
  { x, y: up, barWidth, width }: SvgChart,
  place: Place,
): string {
  const inner = Math.max(40, width - LEFT - RIGHT);
  const [first, last] = [share(x)(xs[0] ?? 0), share(x)(xs.at(-1) ?? 0)];
  const step = xs.length > 1 ? (last - first) / (xs.length - 1) : 1;
  const half = (step * inner * barWidth) / 2;
  const ground = up.isLog ? up.min : Math.max(0, up.min);
  return y
    .map((value, i) => {
      if (value === null || value === undefined) return "";
      const [at, top] = place(i, value).split(" ").map(Number);
      const bottom = place(i, ground).split(" ")[1];
      return `M${short(at! - half)} ${bottom}V${short(top!)}H${short(at! + half)}V${bottom}Z`;
    })
    .join("");
}

/** The chart as the text of an SVG file. */
export function lineSvg(chart: SvgChart): string {
  const { paint, xs, lines } = chart;
  const named = lines.filter((l) => l.isShown);
  const columns = Math.max(1, Math.floor(chart.width / 230));
  const rows = named.length > 1 ? Math.ceil(named.length / columns) : 0;
  const w = Math.max(40, chart.width - LEFT - RIGHT);
  const h = Math.max(40, chart.height - BOTTOM);
  const total = TITLE + h + BOTTOM + rows * LEGEND_ROW + (rows > 0 ? 6 : 0);
  const [xShare, yShare] = [share(chart.x), share(chart.y)];
  const place: Place = (i, value) =>
    `${short(LEFT + xShare(xs[i]!) * w)} ${short(TITLE + (1 - yShare(value)) * h)}`;

  const curves = [
    ...chart.bands.map(
      ({ upper, lower, fill }) =>
        `<path d="${bandOf(lines[upper]!.y, lines[lower]!.y, place)}" fill="${fill}"/>`,
    ),
    ...(chart.barWidth > 0 ? lines : []).map(
      (l) =>
        `<path d="${barsOf(l.y, xs, chart, place)}" fill="${l.color}"/>`,
    ),
    ...(chart.barWidth > 0 ? [] : lines).map(
      (l) =>
        `<path d="${pathOf(l.y, place)}" fill="none" stroke="${l.color}" stroke-width="${l.width}" stroke-opacity="${l.alpha}"${l.dash.length > 0 ? ` stroke-dasharray="${l.dash.join(" ")}"` : ""} stroke-linejoin="round"/>${chart.hasPoints ? dots(l.y, l.color, paint.ground, place) : ""}`,
    ),
  ];
  const legend = rows === 0 ? [] : named;
  const entries = legend.map((l, i) => {
    const x = LEFT + ((i % columns) * w) / columns;
    const y = TITLE + h + BOTTOM + Math.floor(i / columns) * LEGEND_ROW + 10;
    return `<line x1="${short(x)}" y1="${y - 4}" x2="${short(x + 18)}" y2="${y - 4}" stroke="${l.color}" stroke-width="2"${l.dash.length > 0 ? ` stroke-dasharray="${l.dash.join(" ")}"` : ""}/><text x="${short(x + 24)}" y="${y}" fill="${paint.ink}">${escaped(l.name)}</text>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${chart.width}" height="${total}" viewBox="0 0 ${chart.width} ${total}" font-family="${escaped(paint.font)}" font-size="11">`,
    `<rect width="100%" height="100%" fill="${paint.ground}"/>`,
    frame(chart, w, h),
    `<clipPath id="inside"><rect x="${LEFT}" y="${TITLE}" width="${w}" height="${h}"/></clipPath>`,
    `<g clip-path="url(#inside)">${curves.join("")}</g>`,
    ...entries,
    "</svg>",
  ].join("");
}
