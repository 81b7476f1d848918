// Curves over a common x, drawn by uPlot: cursors linked between charts of one
// group, linear or logarithmic axes, smoothing over the raw line, zoom by
// dragging or by keys, which the caller may answer with finer data.
import { useEffect, useMemo, useRef } from "react";
import uPlot from "uplot";
import { axis, number, tickLabels } from "../format";
import { cssColor, theme } from "../layout/theme";
import { useStore } from "../server/store";
import { category, dash } from "./color";
import { Figure, useWidth } from "./figure";
import { lineSvg } from "./line_svg";
import { titledPng, toCsv } from "./save";
import { movingMean } from "./smooth";
import { linearTicks, logTicks } from "./ticks";

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

export const MOST_IN_LEGEND = 24;

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
  height?: number;
  controls?: React.ReactNode;
}

// What uPlot is given of a curve, in its order.
interface Line {
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
): { data: uPlot.AlignedData; lines: Line[]; bands: uPlot.Band[] } {
  const { curves, isLogX = false, isLogY = false, smoothing = 0 } = props;
  const tables: uPlot.AlignedData[] = [];
  const lines: Line[] = [];
  const bands: uPlot.Band[] = [];
  curves.forEach((curve, i) => {
    const keep = isLogX ? curve.x.map((x) => x > 0) : null;
    const only = <T,>(values: readonly T[]): T[] =>
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
  return { data, lines, bands };
}

const gapSize = (value: number | null | undefined) =>
  value === null || value === undefined ? "–" : number(value, 5);

function options(
  props: LineChartProps,
  arranged: ReturnType<typeof arrange>,
  width: number,
  onZoom: (range: [number, number] | null) => void,
): uPlot.Options {
  const ink = cssColor("--ink");
  const line = cssColor("--line");
  const font = "11px Inter Variable, system-ui, sans-serif";
  const common = {
    stroke: ink,
    font,
    labelFont: font,
    labelSize: 20,
    grid: { stroke: line, width: 1 },
    ticks: { stroke: line, width: 1, size: 4 },
    values: (_: uPlot, ticks: number[]) => tickLabels(ticks),
    // uPlot rounds to 16 decimals: too few for what is next to nothing.
    splits: (u: uPlot, i: number, min: number, max: number) => {
      if (i === 0 ? props.isLogX : props.isLogY) return logTicks(min, max);
      const room = i === 0 ? u.bbox.width / 70 : u.bbox.height / 34;
      return linearTicks(min, max, Math.floor(room / devicePixelRatio));
    },
  };
  const zoom = props.zoom;
  return {
    width,
    height: props.height ?? 220,
    // Room for half of a tick's number at the end.
    padding: [8, 24, 0, 0],
    scales: {
      x: {
        time: false,
        distr: props.isLogX ? 3 : 1,
        ...(zoom ? { range: [zoom[0], zoom[1]] as [number, number] } : {}),
      },
      y: { distr: props.isLogY ? 3 : 1 },
    },
    axes: [
      {
        ...common,
        label: axis(props.x.name, props.x.unit),
        size: 30,
        space: 60,
      },
      {
        ...common,
        label: axis(props.y.name, props.y.unit),
        size: (u, values) => {
          if (!values) return 46;
          u.ctx.font = font;
          const widest = Math.max(0, ...values.map((v) => (v ?? "").length));
          return 14 + widest * 6.6;
        },
        space: 34,
      },
    ],
    series: [
      {
        label: props.x.name.replaceAll("_", " "),
        value: (_, value) => gapSize(value),
      },
      ...arranged.lines.map((own) => ({
        label: own.name,
        stroke: own.color,
        width: own.width,
        alpha: own.alpha,
        dash: own.dash,
        // Points that the others have and this one has not are passed over;
        // absent values are a gap.
        spanGaps: false,
        ...(own.isShown ? {} : { class: "edge" }),
        points: props.hasPoints
          ? { show: true, size: 5, fill: cssColor("--panel") }
          : { show: false },
        value: (_: uPlot, value: number | null) => gapSize(value),
      })),
    ],
    bands: arranged.bands,
    // Of many curves a legend with a value of each would hide the chart.
    legend: {
      show: arranged.lines.filter((l) => l.isShown).length <= MOST_IN_LEGEND,
      live: true,
      markers: {
        dash: (_, i) =>
          (arranged.lines[i - 1]?.dash.length ?? 0) > 0 ? "dashed" : "solid",
      },
    },
    cursor: {
      drag: { x: true, y: false, setScale: false },
      focus: { prox: 24 },
      ...(props.group ? { sync: { key: props.group, setSeries: false } } : {}),
    },
    hooks: {
      setSelect: [
        (u) => {
          if (u.select.width < 4) return;
          const range: [number, number] = [
            u.posToVal(u.select.left, "x"),
            u.posToVal(u.select.left + u.select.width, "x"),
          ];
          u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
          onZoom(range);
        },
      ],
      ready: [(u) => u.over.addEventListener("dblclick", () => onZoom(null))],
    },
  };
}

export function LineChart(props: LineChartProps) {
  const colors = useStore(theme);
  const [box, width] = useWidth<HTMLDivElement>();
  const chart = useRef<uPlot | null>(null);
  const zoomTo = useRef(props.onZoom);
  zoomTo.current = props.onZoom;
  const arranged = useMemo(
    () => arrange(props, colors),
    [props.curves, props.isLogX, props.isLogY, props.smoothing, colors],
  );

  // A chart is made anew when its shape changes, and only given data else.
  const shape = JSON.stringify([
    arranged.lines.map((l) => [l.name, l.alpha]),
    props.x,
    props.y,
    props.isLogX,
    props.isLogY,
    props.zoom,
    props.group,
    props.height,
    props.hasPoints,
    colors,
  ]);
  useEffect(() => {
    if (!box.current || width === 0) return undefined;
    const own = new uPlot(
      options(props, arranged, width, (range) => zoomTo.current?.(range)),
      arranged.data,
      box.current,
    );
    chart.current = own;
    return () => {
      chart.current = null;
      own.destroy();
    };
  }, [shape, width === 0]);
  useEffect(() => {
    if (!chart.current) return;
    const start = performance.now();
    // Drawn at once and not with the next task, so that its cost is seen.
    chart.current.batch(() => chart.current?.setData(arranged.data));
    performance.measure("chart", { start });
  }, [arranged]);
  useEffect(() => {
    if (width > 0)
      chart.current?.setSize({ width, height: props.height ?? 220 });
  }, [width, props.height]);

  const keys = (event: React.KeyboardEvent) => {
    const u = chart.current;
    if (!u) return;
    const { min, max } = u.scales.x!;
    if (min == null || max == null) return;
    const points = u.data[0];
    const at = u.cursor.idx ?? Math.floor(points.length / 2);
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step !== undefined && points.length > 0) {
      event.preventDefault();
      const next = Math.min(points.length - 1, Math.max(0, at + step));
      u.setCursor({ left: u.valToPos(points[next]!, "x"), top: 10 });
    } else if (event.key === "+" || event.key === "-") {
      event.preventDefault();
      const middle = points[at] ?? (min + max) / 2;
      const half = ((max - min) / 2) * (event.key === "+" ? 0.5 : 2);
      const first = points[0]!;
      const last = points.at(-1)!;
      const isAll =
        props.zoom == null || middle - half > first || middle + half < last;
      zoomTo.current?.(isAll ? [middle - half, middle + half] : null);
    } else if (event.key === "0") zoomTo.current?.(null);
  };

  const legend = arranged.lines.filter((l) => l.isShown);
  return (
    <Figure
      title={props.title}
      hint={props.hint}
      controls={props.controls}
      files={{
        svg: () => chartSvg(props, arranged, chart.current!),
        png: () =>
          titledPng(
            box.current!.querySelector("canvas")!,
            props.title,
            legend.length > 1 ? legend : [],
          ),
        csv: () => curvesCsv(props),
      }}
    >
      <div
        className="plot"
        ref={box}
        role="application"
        tabIndex={0}
        aria-label={`${props.title}: ${axis(props.y.name, props.y.unit)} over ${axis(props.x.name, props.x.unit)}. Arrow keys move the cursor${props.onZoom ? ", plus and minus zoom, 0 shows all" : ""}.`}
        onKeyDown={keys}
      />
    </Figure>
  );
}

/** What the chart shows at this moment, as the text of an SVG file. */
function chartSvg(
  props: LineChartProps,
  { lines, bands, data }: ReturnType<typeof arrange>,
  shown: uPlot,
): string {
  const along = (scale: string, own: Axis, isLog = false) => ({
    ...own,
    isLog,
    min: shown.scales[scale]?.min ?? (isLog ? 1 : 0),
    max: shown.scales[scale]?.max ?? (isLog ? 10 : 1),
  });
  return lineSvg({
    title: props.title,
    width: shown.width,
    height: shown.height,
    x: along("x", props.x, props.isLogX),
    y: along("y", props.y, props.isLogY),
    xs: data[0] as readonly number[],
    lines: lines.map((line, i) => ({
      ...line,
      y: Array.from(data[i + 1] ?? []),
    })),
    bands: bands.map(({ series, fill }) => ({
      upper: series[0] - 1,
      lower: series[1] - 1,
      fill: String(fill),
    })),
    hasPoints: props.hasPoints === true,
    paint: {
      ground: cssColor("--panel"),
      ink: cssColor("--ink"),
      grid: cssColor("--line"),
      font: cssColor("--sans"),
    },
  });
}

export function curvesCsv(props: LineChartProps): string {
  const hasBand = props.curves.some((c) => c.low);
  const header = [
    "curve",
    axis(props.x.name, props.x.unit),
    axis(props.y.name, props.y.unit),
    ...(hasBand ? ["low", "high"] : []),
  ];
  const rows = props.curves.flatMap((c) =>
    c.x.map((x, i) => [
      c.name,
      x,
      c.y[i] ?? null,
      ...(hasBand ? [c.low?.[i] ?? null, c.high?.[i] ?? null] : []),
    ]),
  );
  return toCsv(header, rows);
}
