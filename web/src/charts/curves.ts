// Curves over a common x, and the lines that they are drawn as.
import type { ReactNode } from "react";
import uPlot from "uplot";
import { category, dash } from "./color";
import { movingMean } from "./smooth";

export interface Curve {
  name: string;
  x: readonly number[];
  y: readonly (number | null)[];
  /** Confidence limits of each point. */
  low?: readonly (number | null)[];
  high?: readonly (number | null)[];
  /** Which of the colours; its place among the curves, else. */
  color?: number;
}

export interface Axis {
  name: string;
  unit: string;
}

export interface LineChartProps {
  title: string;
  hint?: string | undefined;
  x: Axis;
  y: Axis;
  curves: readonly Curve[];
  isLogX?: boolean;
  isLogY?: boolean;
  /** Half the number of points that a smoothed one is the mean of; 0: none. */
  smoothing?: number;
  /** Charts of one group share their cursor. */
  group?: string;
  /** Range of x that is shown; null: everything. */
  zoom?: readonly [number, number] | null;
  onZoom?: (range: [number, number] | null) => void;
  hasPoints?: boolean;
  /** A bar from 0 about each x: a histogram. */
  hasBars?: boolean;
  height?: number;
  /** Least room before the first x, so that figures below each other align. */
  left?: number;
  controls?: ReactNode;
}

// What uPlot is given of a curve, in its order. Whole numbers have no ticks
// between them.
export interface Line {
  name: string;
  color: string;
  width: number;
  alpha: number;
  dash: number[];
  isShown: boolean;
}

const positive = (values: readonly (number | null)[], isLog: boolean) =>
  isLog ? values.map((v) => (v !== null && v > 0 ? v : null)) : values;

/** The curves as uPlot wants them: one x for all, and the lines over it. */
export function arrange(
  props: LineChartProps,
  colors: "light" | "dark",
): {
  data: uPlot.AlignedData;
  lines: Line[];
  bands: uPlot.Band[];
  areWhole: boolean;
  isWholeX: boolean;
} {
  const { curves, isLogX = false, isLogY = false, smoothing = 0 } = props;
  const tables: uPlot.AlignedData[] = [];
  const lines: Line[] = [];
  const bands: uPlot.Band[] = [];
  curves.forEach((curve, i) => {
    const keep = isLogX ? curve.x.map((x) => x > 0) : null;
    const only = <T>(values: readonly T[]): T[] =>
      keep ? values.filter((_, k) => keep[k]) : [...values];
    const raw = positive(only(curve.y), isLogY);
    const columns: (readonly (number | null)[])[] = [raw];
    const which = curve.color ?? i;
    const color = category(which, colors);
    const own = { name: curve.name, color, dash: dash(which), isShown: true };
    lines.push({
      ...own,
      width: smoothing ? 1 : 1.5,
      alpha: smoothing ? 0.45 : 1,
    });
    if (smoothing) {
      columns.push(movingMean(raw, smoothing));
      lines.push({
        ...own,
        name: `${curve.name} smoothed`,
        width: 2,
        alpha: 1,
      });
    }
    if (curve.low && curve.high) {
      const edge = { ...own, dash: [], width: 0.5, alpha: 0.5, isShown: false };
      columns.push(positive(only(curve.high), isLogY));
      lines.push({ ...edge, name: `${curve.name} upper` });
      columns.push(positive(only(curve.low), isLogY));
      lines.push({ ...edge, name: `${curve.name} lower` });
      const last = lines.length;
      bands.push({ series: [last - 1, last], fill: `${color}2e` });
    }
    tables.push([only(curve.x), ...columns] as uPlot.AlignedData);
  });
  const data =
    tables.length === 0
      ? ([[]] as uPlot.AlignedData)
      : tables.length === 1
        ? tables[0]!
        : uPlot.join(tables);
  const isWhole = (values: ArrayLike<number | null | undefined>) => {
    for (let i = 0; i < values.length; i += 1)
      if (values[i] != null && !Number.isInteger(values[i])) return false;
    return true;
  };
  const [x, ...ys] = data;
  return {
    data,
    lines,
    bands,
    areWhole: ys.every((y) => isWhole(y!)),
    isWholeX: isWhole(x),
  };
}

export type Arranged = ReturnType<typeof arrange>;
