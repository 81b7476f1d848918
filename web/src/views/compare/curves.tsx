// One series of all runs: replicates as their mean with a band, or each alone.
import { useMemo } from "react";
import type { Series } from "../../api/engram/v1/runs_pb";
import { type Curve, LineChart } from "../../charts/line_chart";
import { plain } from "../../format";
import { Fetched } from "../../layout/states";
import { setParameters, shortName, useParameter } from "../../route";
import { runs } from "../../server/client";
import { useQuery } from "../../server/query";
import { parseZoom, zoomText } from "../run/metrics";
import { type Points, type Zoom, readSeries } from "../run/series";
import { type Compared, groupsBy, meanCourse } from "./table";

async function readAll(
  all: readonly Compared[],
  series: Series,
  zoom: Zoom,
  signal: AbortSignal,
): Promise<(Points | null)[]> {
  const found: (Points | null)[] = [];
  const width = 8;
  for (let i = 0; i < all.length; i += width)
    found.push(
      ...(await Promise.all(
        all.slice(i, i + width).map(({ run }) =>
          readSeries(run.name, series, zoom, signal).catch(
            (thrown: unknown) => {
              if (signal.aborted) throw thrown;
              return null; // A run that ended early may not have it.
            },
          ),
        ),
      )),
    );
  return found;
}

export function Curves({
  all,
  by,
  paths,
  setBy,
}: {
  all: readonly Compared[];
  by: string;
  paths: readonly { value: string; text: string }[];
  setBy: (path: string) => void;
}) {
  const first =
    all.find((c) => Object.keys(c.run.summary).length > 0) ?? all[0]!;
  const list = useQuery(`series ${first.run.name}`, (signal) =>
    runs.listSeries({ name: first.run.name }, { signal }),
  );
  return (
    <Fetched query={list} what="series">
      {({ series }) =>
        series.length === 0 ? null : (
          <Chosen
            all={all}
            series={series}
            by={by}
            paths={paths}
            setBy={setBy}
          />
        )
      }
    </Fetched>
  );
}

function Chosen({
  all,
  series,
  by,
  paths,
  setBy,
}: {
  all: readonly Compared[];
  series: readonly Series[];
  by: string;
  paths: readonly { value: string; text: string }[];
  setBy: (path: string) => void;
}) {
  const longest = series.reduce((a, b) =>
    b.x === "trial" && a.x !== "trial" ? b : a,
  );
  const [name] = useParameter("series", longest.name);
  const [each, setEach] = useParameter("each");
  const [log, setLog] = useParameter("logy");
  const [zoomParameter] = useParameter("zoom");
  const zoom = useMemo(() => parseZoom(zoomParameter), [zoomParameter]);
  const own = series.find((s) => s.name === name) ?? longest;
  const range = zoom.x === own.x ? zoom.range : null;
  const read = useQuery(
    `curves ${own.name} ${zoomParameter} ${all.map((c) => c.run.name + c.run.state).join()}`,
    (signal) => readAll(all, own, range, signal),
  );
  const curves = useMemo<Curve[]>(() => {
    const points = read.data;
    if (!points) return [];
    const of = new Map(all.map((c, i) => [c, points[i] ?? null]));
    if (each === "1")
      return all.flatMap((c) => {
        const p = of.get(c);
        return p
          ? [
              {
                name: `${shortName(c.run.name)} ${plain(c.parameters.get(by))}`,
                x: p.x,
                y: p.y,
              },
            ]
          : [];
      });
    return groupsBy(all, [by]).map((group) => {
      const members = group.members.flatMap((c) => of.get(c) ?? []);
      const course = meanCourse(members);
      return {
        name: `${group.name}${members.length > 1 ? ` (mean of ${members.length}, 95 % band)` : ""}`,
        x: course.x,
        y: course.mean,
        ...(members.length > 1 ? { low: course.low, high: course.high } : {}),
      };
    });
  }, [read.data, all, by, each]);

  return (
    <section className="panel stack" aria-label="Curves">
      <div className="bar">
        <h2>Curves</h2>
        <label className="check">
          Series
          <select
            value={own.name}
            onChange={(event) =>
              setParameters({ series: event.target.value, zoom: null })
            }
          >
            {series.map((s) => (
              <option key={s.name} value={s.name}>
                {s.name.replaceAll("_", " ")}
              </option>
            ))}
          </select>
        </label>
        <label className="check">
          by
          <select value={by} onChange={(event) => setBy(event.target.value)}>
            {paths.map((p) => (
              <option key={p.value} value={p.value}>
                {p.text}
              </option>
            ))}
          </select>
        </label>
        <label className="check">
          <input
            type="checkbox"
            checked={each === "1"}
            onChange={(event) => setEach(event.target.checked ? "1" : "")}
          />
          each run
        </label>
        <label className="check">
          <input
            type="checkbox"
            checked={log === "1"}
            onChange={(event) => setLog(event.target.checked ? "1" : "")}
          />
          log y
        </label>
      </div>
      <Fetched query={read} what="curves">
        {() => (
          <LineChart
            title={own.name.replaceAll("_", " ")}
            x={{ name: own.x, unit: own.xUnit }}
            y={{ name: own.name, unit: own.unit }}
            curves={curves}
            isLogY={log === "1"}
            height={280}
            zoom={range}
            onZoom={(next) => setParameters({ zoom: zoomText(own.x, next) })}
          />
        )}
      </Fetched>
    </section>
  );
}
