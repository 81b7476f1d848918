// One series of all runs: replicates as their mean with a band, or each alone.
import { useMemo } from "react";
import { EventKind } from "../../api/engram/v1/events_pb";
import type { Series } from "../../api/engram/v1/runs_pb";
import { category } from "../../charts/color";
import type { Curve } from "../../charts/curves";
import { LineChart } from "../../charts/line_chart";
import { MOST_IN_LEGEND } from "../../charts/line_options";
import { integer, plain } from "../../format";
import { Fetched } from "../../layout/states";
import { isEnded } from "../../layout/state_mark";
import { theme } from "../../layout/theme";
import { setParameters, shortName, useParameter } from "../../route";
import { runs } from "../../server/client";
import { useEvents, useQuery } from "../../server/query";
import { useStore } from "../../server/store";
import { useCatalogue } from "../../spec/catalogue";
import { parseZoom, zoomText } from "../run/metrics";
import { useCurves } from "./read_curves";
import {
  ALL,
  type Compared,
  type Value,
  groupsBy,
  levelsOf,
  meanCourse,
  valueOf,
} from "./table";

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
  const list = useQuery(
    `series ${first.run.name} ${first.run.state}`,
    (signal) => runs.listSeries({ name: first.run.name }, { signal }),
  );
  // A run that waits has no series: they come with its first points.
  const isWaiting =
    list.data?.series.length === 0 && all.some((c) => !isEnded(c.run.state));
  useEvents(
    isWaiting
      ? {
          parents: [first.run.name],
          kinds: [EventKind.POINTS_STORED],
          since: list.since,
          onEvents: list.refresh,
          onReset: list.refresh,
        }
      : null,
  );
  const catalogue = useCatalogue();
  return (
    <Fetched query={list} what="series">
      {({ series }) =>
        series.length === 0 ? null : (
          <Chosen
            all={all}
            series={catalogue.data?.inOrder(series) ?? series}
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
  const read = useCurves(all, own.name, range, each !== "1");
  const colors = useStore(theme);
  // As the dots below have them: one value, one colour.
  const levels = useMemo(
    () => levelsOf(all.map((c) => valueOf(c, by))),
    [all, by],
  );
  const curves = useMemo<Curve[]>(() => {
    const points = read.data;
    if (!points) return [];
    const of = (c: Compared) => points.points.get(c.run.name);
    const level = (value: Value | undefined) => {
      const at = value === undefined ? -1 : levels.indexOf(value);
      return at < 0 ? levels.length : at;
    };
    if (each === "1")
      return all.flatMap((c) => {
        const p = of(c);
        const value = valueOf(c, by);
        const isAlone = by === "seed" || by === ALL;
        return p
          ? [
              {
                name: `${shortName(c.run.name)}${by === ALL ? "" : ` ${plain(value)}`}`,
                x: p.x,
                y: p.y,
                ...(isAlone ? {} : { color: level(value) }),
              },
            ]
          : [];
      });
    return groupsBy(all, [by])
      .filter((group) => group.members.some((c) => of(c) !== undefined))
      .sort((a, b) => level(a.key[0]) - level(b.key[0]))
      .map((group) => {
        const members = group.members.flatMap((c) => of(c) ?? []);
        const course = meanCourse(members);
        return {
          name: `${group.name}${members.length > 1 ? ` (mean of ${members.length}, 95 % band)` : ""}`,
          x: course.x,
          y: course.mean,
          color: level(group.key[0]),
          ...(members.length > 1 ? { low: course.low, high: course.high } : {}),
        };
      });
  }, [read.data, all, by, each, levels]);

  const count = [...(read.data?.points.values() ?? [])].reduce(
    (sum, p) => sum + p.count,
    0,
  );

  return (
    <section
      className="panel stack"
      aria-label="Curves"
      data-points={read.data ? count : undefined}
    >
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
        {({ buckets }) => (
          <>
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
            {curves.length > MOST_IN_LEGEND && by !== "seed" && by !== ALL && (
              <div className="legend">
                {levels.map((value, i) => (
                  <span key={value}>
                    <i style={{ background: category(i, colors) }} />
                    {plain(value)}
                  </span>
                ))}
              </div>
            )}
            {buckets > 0 && (
              <p className="quiet small">
                {integer(count)} points;{" "}
                {each === "1" ? "least and greatest" : "the mean"} of each of{" "}
                {integer(buckets)} buckets of a run
              </p>
            )}
          </>
        )}
      </Fetched>
    </section>
  );
}
