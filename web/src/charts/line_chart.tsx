// Curves over a common x, drawn by uPlot: cursors linked between charts of one
// group, linear or logarithmic axes, smoothing over the raw line, zoom by
// dragging or by keys, which the caller may answer with finer data.
import { useEffect, useMemo, useRef } from "react";
import uPlot from "uplot";
import { axis } from "../format";
import { theme } from "../layout/theme";
import { useStore } from "../server/store";
import { type LineChartProps, arrange } from "./curves";
import { Figure, useWidth } from "./figure";
import { chartSvg, curvesCsv } from "./line_files";
import { options } from "./line_options";
import { titledPng } from "./save";

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
    arranged.areWhole,
    arranged.isWholeX,
    props.left,
    props.x,
    props.y,
    props.isLogX,
    props.isLogY,
    props.zoom,
    props.group,
    props.height,
    props.hasPoints,
    props.hasBars,
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
  const isEmpty = useMemo(
    () =>
      arranged.data[0].length > 0 &&
      arranged.data
        .slice(1)
        .every((y) => Array.from(y!).every((v) => v == null)),
    [arranged],
  );
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
      {isEmpty && (
        <p className="quiet small">
          {props.isLogY
            ? "No value is above zero."
            : "Absent: there is no value at any point."}
        </p>
      )}
    </Figure>
  );
}
