// What the run recorded over its course, as charts with one cursor.
import { useMemo } from "react";
import type { Run } from "../../api/engram/v1/runs_pb";
import { LineChart } from "../../charts/line_chart";
import { Empty, Failed, Loading } from "../../layout/states";
import { isEnded } from "../../layout/state_mark";
import { useParameter } from "../../route";
import { type Part, findOutput, recordedName } from "../../spec/catalogue";
import { type Points, type Zoom, useRunSeries } from "./series";

/** "trial:10:20" of the address. */
export function parseZoom(text: string): { x: string; range: Zoom } {
  const [x, from, to] = text.split(":");
  const range = [Number(from), Number(to)] as const;
  if (!x || !(range[0] < range[1])) return { x: "", range: null };
  return { x, range };
}

export const zoomText = (x: string, range: Zoom): string =>
  range
    ? `${x}:${Number(range[0].toPrecision(6))}:${Number(range[1].toPrecision(6))}`
    : "";

const SMOOTHING = [0, 2, 5, 20, 100];

export function ChartControls() {
  const [log, setLog] = useParameter("log");
  const [smooth, setSmooth] = useParameter("smooth", "0");
  const toggle = (axis: string) =>
    setLog(log.includes(axis) ? log.replace(axis, "") : log + axis);
  return (
    <div className="bar">
      <div className="segments" role="group" aria-label="Logarithmic axes">
        {["x", "y"].map((axis) => (
          <button
            key={axis}
            type="button"
            aria-pressed={log.includes(axis)}
            onClick={() => toggle(axis)}
          >
            log {axis}
          </button>
        ))}
      </div>
      <label className="check">
        Smoothing
        <select value={smooth} onChange={(e) => setSmooth(e.target.value)}>
          {SMOOTHING.map((half) => (
            <option key={half} value={half}>
              {half === 0 ? "none" : `mean of ${2 * half + 1} points`}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}

export function Metrics({ run, parts }: { run: Run; parts: readonly Part[] }) {
  const [zoomParameter, setZoom] = useParameter("zoom");
  const [log] = useParameter("log");
  const [smooth] = useParameter("smooth", "0");
  const zoom = useMemo(() => parseZoom(zoomParameter), [zoomParameter]);
  const series = useRunSeries(run.name, zoom.range, zoom.x);
  const root = parts[0];
  const own = useMemo(() => {
    const found = [...series.byName.values()].filter((points) => {
      const output = findOutput(parts, points.series.name);
      return !output || output.part === root;
    });
    return inOrderOf(root, found);
  }, [series.byName, parts, root]);
  if (series.isLoading) return <Loading what="series" />;
  if (series.error !== null && own.length === 0)
    return <Failed what="series" error={series.error} />;
  if (own.length === 0)
    return (
      <Empty
        title={isEnded(run.state) ? "No series were recorded" : "No points yet"}
      >
        {isEnded(run.state)
          ? "What the analyses found is among the results."
          : "They appear here as the run records them."}
      </Empty>
    );
  return (
    <div className="stack">
      <div className="bar">
        <ChartControls />
        {zoom.range && (
          <button type="button" onClick={() => setZoom("")}>
            Show all
          </button>
        )}
        <span className="quiet small">
          Drag over a chart to zoom; double-click shows all.
        </span>
      </div>
      <div className="grid fitted">
        {own.map((points) => (
          <SeriesChart
            key={points.series.name}
            points={points}
            hint={findOutput(parts, points.series.name)?.output.meaning}
            run={run}
            height={own.length < 3 ? 320 : 220}
            log={log}
            smoothing={Number(smooth)}
            zoom={zoom.x === points.series.x ? zoom.range : null}
            onZoom={(range) => setZoom(zoomText(points.series.x, range))}
          />
        ))}
      </div>
    </div>
  );
}

/** As the program lists its outputs: what matters most comes first. */
function inOrderOf(root: Part | undefined, all: Points[]): Points[] {
  const names = root?.type.outputs.map((o) => recordedName(root, o)) ?? [];
  const place = (points: Points) => {
    const at = names.indexOf(points.series.name);
    return at < 0 ? names.length : at;
  };
  return all.sort((a, b) => place(a) - place(b));
}

function SeriesChart({
  points,
  hint,
  run,
  height,
  log,
  smoothing,
  zoom,
  onZoom,
}: {
  points: Points;
  hint: string | undefined;
  run: Run;
  height: number;
  log: string;
  smoothing: number;
  zoom: Zoom;
  onZoom: (range: Zoom) => void;
}) {
  const { series, x, y } = points;
  const curves = useMemo(
    () => [{ name: series.name.replaceAll("_", " "), x, y }],
    [x, y, series.name],
  );
  return (
    <section className="panel" data-points={points.count}>
      <LineChart
        title={series.name.replaceAll("_", " ")}
        hint={hint}
        x={{ name: series.x, unit: series.xUnit }}
        y={{ name: series.name, unit: series.unit }}
        curves={curves}
        isLogX={log.includes("x")}
        isLogY={log.includes("y")}
        smoothing={smoothing}
        group={`${run.name} ${series.x}`}
        zoom={zoom}
        onZoom={onZoom}
        height={height}
        hasPoints={x.length < 60 && smoothing === 0}
      />
      {points.isSampled && (
        <p className="quiet small">
          {points.count.toLocaleString("en")} points; least and greatest of each
          of the {Math.round(x.length / 2).toLocaleString("en")} buckets in
          sight
        </p>
      )}
    </section>
  );
}
