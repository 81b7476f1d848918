// A line chart as files: as a drawing and as its numbers.
import type uPlot from "uplot";
import { axis } from "../format";
import { cssColor } from "../layout/theme";
import type { Arranged, Axis, LineChartProps } from "./curves";
import { BAR_WIDTH } from "./line_options";
import { lineSvg } from "./line_svg";
import { toCsv } from "./save";

/** What the chart shows at this moment, as the text of an SVG file. */
export function chartSvg(
  props: LineChartProps,
  { lines, bands, data }: Arranged,
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
    barWidth: props.hasBars ? BAR_WIDTH : 0,
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
