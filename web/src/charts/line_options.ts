// What uPlot is told of a line chart: scales, axes, series, cursor and zoom.
import uPlot from "uplot";
import { axis, number, tickLabels } from "../format";
import { cssColor } from "../layout/theme";
import type { Arranged, LineChartProps } from "./curves";
import { linearTicks, logTicks, rangeOf } from "./ticks";

export const MOST_IN_LEGEND = 24;
const LABEL_SIZE = 20;
/** Of the distance between neighbours. */
export const BAR_WIDTH = 0.9;

const gapSize = (value: number | null | undefined) =>
  value === null || value === undefined ? "–" : number(value, 5);

/** Half a bar of room at both ends. */
function aroundBars(u: uPlot, low: number | null, high: number | null) {
  if (low == null || high == null) return [0, 1] as [number, number];
  const half = (high - low || 1) / Math.max(1, u.data[0].length - 1) / 2;
  return [low - half, high + half] as [number, number];
}

export function options(
  props: LineChartProps,
  arranged: Arranged,
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
    labelSize: LABEL_SIZE,
    grid: { stroke: line, width: 1 },
    ticks: { stroke: line, width: 1, size: 4 },
    values: (_: uPlot, ticks: number[]) => tickLabels(ticks),
    // uPlot rounds to 16 decimals: too few for what is next to nothing.
    splits: (u: uPlot, i: number, min: number, max: number) => {
      if (i === 0 ? props.isLogX : props.isLogY) return logTicks(min, max);
      const room = i === 0 ? u.bbox.width / 60 : u.bbox.height / 34;
      const all = linearTicks(min, max, Math.floor(room / devicePixelRatio));
      const isWhole = i === 0 ? arranged.isWholeX : arranged.areWhole;
      return isWhole ? all.filter(Number.isInteger) : all;
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
        ...(!zoom && props.hasBars && !props.isLogX ? { range: aroundBars } : {}),
      },
      y: {
        distr: props.isLogY ? 3 : 1,
        range: (_, low, high) =>
          props.isLogY
            ? low == null
              ? [0.1, 10]
              : uPlot.rangeLog(low, high, 10, false)
            : rangeOf(
                props.hasBars && low != null ? Math.min(0, low) : low,
                high,
                arranged.areWhole,
              ),
      },
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
          const least = Math.max(0, (props.left ?? 0) - LABEL_SIZE);
          if (!values) return Math.max(least, 46);
          u.ctx.font = font;
          const widest = Math.max(0, ...values.map((v) => (v ?? "").length));
          return Math.max(least, 14 + widest * 6.6);
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
        ...(props.hasBars
          ? { paths: uPlot.paths.bars!({ size: [BAR_WIDTH] }), fill: own.color }
          : {}),
        points: props.hasPoints && !props.hasBars
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
