// What each analysis found, drawn as its outputs ask.
import { useMemo } from "react";
import type { ListArraysResponse, Run } from "../../api/engram/v1/runs_pb";
import { LineChart } from "../../charts/line_chart";
import { quantity } from "../../format";
import { Empty, Fetched } from "../../layout/states";
import { useParameter } from "../../route";
import type { Query } from "../../server/query";
import { type Part, findOutput, recordedName } from "../../spec/catalogue";
import { Recorded } from "./activity";
import { ArrayFigure } from "./array_figure";
import { type Snapshots, useArray } from "./arrays";
import { PhasePlane, fieldArrays, obviousArrays } from "./phase_plane";
import { PointFigure } from "./point_figure";
import { MOST_COORDINATES, pointGroups } from "./point_groups";
import { type Points, constantsAlong, useRunSeries, withFits } from "./series";
import { ChartControls } from "./metrics";
import { ComplexPlane } from "./spectrum";
import { isOverTime } from "./weights";

interface Props {
  run: Run;
  parts: readonly Part[];
  snapshots: readonly Snapshots[];
  arrays: Query<ListArraysResponse>;
}

export function Results({ run, parts, snapshots, arrays }: Props) {
  const series = useRunSeries(run.name, null, "");
  if (arrays.data === undefined)
    return (
      <Fetched query={arrays} what="results">
        {() => null}
      </Fetched>
    );
  const withResults = parts.filter((part) =>
    part.type.outputs.some((o) => {
      const name = recordedName(part, o);
      return (
        name in run.summary ||
        snapshots.some((s) => s.path === name) ||
        series.byName.has(name)
      );
    }),
  );
  const listed = new Set(
    parts.flatMap((part) =>
      part.type.outputs.map((o) => recordedName(part, o)),
    ),
  );
  const others = Object.keys(run.summary).filter((name) => !listed.has(name));
  if (withResults.length === 0 && others.length === 0)
    return <Empty title="There are no results yet" />;
  const hasCurves = [...series.byName.keys()].some(
    (name) => (findOutput(parts, name)?.part ?? parts[0]) !== parts[0],
  );
  return (
    <div className="stack">
      {hasCurves && <ChartControls />}
      {withResults.map((part) => (
        <PartResults
          key={part.path}
          run={run}
          part={part}
          isRoot={part === parts[0]}
          told={part === parts[0] ? toldElsewhere(parts) : NONE}
          snapshots={snapshots.filter(
            (s) => findOutput(parts, s.path)?.part === part,
          )}
          series={[...series.byName.values()].filter(
            (p) => findOutput(parts, p.series.name)?.part === part,
          )}
        />
      ))}
      {others.length > 0 && (
        <section className="panel">
          <h2>Further values</h2>
          <ValueTable run={run} names={others.map((name) => [name, ""])} />
        </section>
      )}
    </div>
  );
}

const NONE: ReadonlySet<string> = new Set();

/** What an analysis tells of need not be told of the program, too. */
const toldElsewhere = (parts: readonly Part[]): ReadonlySet<string> =>
  new Set(
    parts
      .slice(1)
      .flatMap((part) => part.type.outputs.map((o) => recordedName(part, o))),
  );

function ValueTable({
  run,
  names,
}: {
  run: Run;
  names: readonly (readonly [string, string])[];
}) {
  return (
    <div className="table values">
      <table>
        <thead>
          <tr>
            <th scope="col">value</th>
            <th scope="col" className="number">
              found
            </th>
            <th scope="col">meaning</th>
          </tr>
        </thead>
        <tbody>
          {names.map(([name, meaning]) => {
            const found = run.summary[name];
            return (
              <tr key={name}>
                <th scope="row">{name.replaceAll("_", " ")}</th>
                {found?.content.case === "value" ? (
                  <td className="number" title={String(found.content.value)}>
                    {quantity(found.content.value, found.unit)}
                  </td>
                ) : (
                  <td className="number quiet">
                    {found?.content.case === "absentReason"
                      ? "absent"
                      : "not yet"}
                  </td>
                )}
                <td className="quiet">
                  {meaning}
                  {found?.content.case === "absentReason" &&
                    ` (absent: ${found.content.value})`}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function PartResults({
  run,
  part,
  isRoot,
  told,
  snapshots,
  series,
}: {
  run: Run;
  part: Part;
  isRoot: boolean;
  told: ReadonlySet<string>;
  snapshots: readonly Snapshots[];
  series: readonly Points[];
}) {
  // A value and the series that ends with it have one name.
  const meanings = new Map<string, string>();
  for (const o of part.type.outputs) {
    const name = recordedName(part, o);
    if (name in run.summary && !told.has(name) && !meanings.has(name))
      meanings.set(name, o.meaning);
  }
  const values = [...meanings];
  const meaning = (path: string) =>
    part.type.outputs.find((o) => recordedName(part, o) === path)?.meaning;
  const pairs = snapshots.filter(
    (s) =>
      s.path.endsWith("_real") &&
      snapshots.some((o) => o.path === s.path.replace(/_real$/, "_imaginary")),
  );
  const inPairs = new Set(
    pairs.flatMap((p) => [p.path, p.path.replace(/_real$/, "_imaginary")]),
  );
  const plane = fieldArrays(part, snapshots);
  const obvious = obviousArrays(part, snapshots);
  const groups = pointGroups(snapshots);
  const inTables = new Set(
    groups.flatMap((g) => {
      const points = snapshots.find((s) => s.path === g.path)!;
      return [
        ...g.vectors.map((v) => v.path),
        ...(points.shape[0]! <= MOST_COORDINATES ? [g.path] : []),
      ];
    }),
  );
  const single = snapshots.filter(
    (s) =>
      !inPairs.has(s.path) &&
      !inTables.has(s.path) &&
      !plane.includes(s.path) &&
      !obvious.includes(s.path) &&
      s.shape.every((n) => n > 0),
  );
  const overTime = new Set(
    single.filter((s) => isOverTime(s, [part])).map((s) => s.path),
  );
  if (isRoot && values.length === 0 && snapshots.length === 0) return null;
  return (
    <section className="stack" aria-label={part.name || part.type.type}>
      <div className="bar">
        <h2>{part.name || part.type.type.replaceAll("_", " ")}</h2>
        <span className="quiet">{part.type.summary}</span>
        {part.type.reference && (
          <span className="quiet small wrap">{part.type.reference}</span>
        )}
      </div>
      {values.length > 0 && <ValueTable run={run} names={values} />}
      {groups.map((group) => (
        <PointFigure
          key={group.path}
          run={run}
          group={group}
          snapshots={snapshots}
        />
      ))}
      <div className="grid">
        {!isRoot &&
          withFits(series).map((all, i) => (
            <section className="panel" key={all[0]!.series.name}>
              <SeriesFigure
                all={all}
                hint={meaning(all[0]!.series.name)}
                constants={i === 0 ? constantsAlong(run, part, all[0]!) : ""}
              />
            </section>
          ))}
        {plane.length > 0 && (
          <PhasePlane run={run} part={part} snapshots={snapshots} />
        )}
        {pairs.map((s) => (
          <PairFigure
            key={s.path}
            run={run}
            snapshots={s}
            hint={meaning(s.path)}
          />
        ))}
        {single.map((s) =>
          overTime.has(s.path) ? (
            <Recorded
              key={s.path}
              run={run}
              snapshots={s}
              meaning={meaning(s.path)}
            />
          ) : (
            <ArrayFigure
              key={s.path}
              run={run}
              snapshots={s}
              hint={meaning(s.path)}
            />
          ),
        )}
      </div>
    </section>
  );
}

/** A series, and its fits over the same x. */
function SeriesFigure({
  all,
  hint,
  constants,
}: {
  all: readonly Points[];
  hint: string | undefined;
  /** What the fit found: "tau 98.2 ms". */
  constants: string;
}) {
  const { series, x } = all[0]!;
  const [log] = useParameter("log");
  const [smooth] = useParameter("smooth", "0");
  const curves = useMemo(
    () =>
      all.map((p, i) => ({
        name: `${p.series.name.replaceAll("_", " ")}${i > 0 && constants ? ` (${constants})` : ""}`,
        x: p.x,
        y: p.y,
      })),
    [...all.flatMap((p) => [p.x, p.y]), all.length, constants],
  );
  return (
    <LineChart
      title={series.name.replaceAll("_", " ")}
      hint={hint}
      x={{ name: series.x, unit: series.xUnit }}
      y={{ name: series.name, unit: series.unit }}
      curves={curves}
      isLogX={log.includes("x")}
      isLogY={log.includes("y")}
      smoothing={Number(smooth)}
      hasPoints={x.length < 80 && all.length === 1}
      hasBars={series.name.endsWith("_histogram")}
    />
  );
}

function PairFigure({
  run,
  snapshots,
  hint,
}: {
  run: Run;
  snapshots: Snapshots;
  hint: string | undefined;
}) {
  const step = snapshots.steps.at(-1)!;
  const real = useArray(run.name, snapshots.path, step);
  const imaginary = useArray(
    run.name,
    snapshots.path.replace(/_real$/, "_imaginary"),
    step,
  );
  const values = useMemo(
    () =>
      real.data && imaginary.data
        ? Array.from(real.data.values, (re, i) => ({
            re,
            im: imaginary.data!.values[i] ?? 0,
          }))
        : null,
    [real.data, imaginary.data],
  );
  if (!values)
    return (
      <Fetched query={real.data ? imaginary : real} what={snapshots.path}>
        {() => null}
      </Fetched>
    );
  return (
    <ComplexPlane
      title={snapshots.path.replace(/_real$/, "").replaceAll("_", " ")}
      hint={hint}
      values={values}
      unit={snapshots.unit}
    />
  );
}
