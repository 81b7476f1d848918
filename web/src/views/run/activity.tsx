// What the units do: previews while the run goes, and what was recorded over
// time.
import { useMemo } from "react";
import type { ListArraysResponse, Run } from "../../api/engram/v1/runs_pb";
import { Heatmap } from "../../charts/heatmap";
import type { Activities } from "../../charts/spikes";
import type { Matrix } from "../../charts/matrix";
import { transposed } from "../../charts/transpose";
import { Empty, Fetched, Loading } from "../../layout/states";
import { isEnded } from "../../layout/state_mark";
import type { Query } from "../../server/query";
import { type Part, findOutput } from "../../spec/catalogue";
import { type Snapshots, useArray } from "./arrays";
import type { Previews } from "./run";
import { Spikes, usePopulations } from "./spikes";
import { isMatrix, isOverTime } from "./weights";

interface Props {
  run: Run;
  parts: readonly Part[];
  snapshots: readonly Snapshots[];
  arrays: Query<ListArraysResponse>;
  previews: Previews;
  activities: Activities;
}

export function Activity({
  run,
  parts,
  snapshots,
  arrays,
  previews,
  activities,
}: Props) {
  const populations = usePopulations(run);
  const recorded = snapshots.filter((s) => isMatrix(s) && isOverTime(s, parts));
  const live = [...previews];
  const hasSpikes =
    activities.size > 0 || (populations.data?.populations.length ?? 0) > 0;
  if (populations.error !== null && populations.data === undefined)
    return (
      <Fetched query={populations} what="populations">
        {() => null}
      </Fetched>
    );
  if (
    (arrays.data === undefined || populations.data === undefined) &&
    live.length === 0 &&
    !hasSpikes
  )
    return (
      <Fetched query={arrays} what="arrays">
        {() => null}
      </Fetched>
    );
  if (recorded.length === 0 && live.length === 0 && !hasSpikes)
    return (
      <Empty
        title={
          isEnded(run.state)
            ? "No activity was recorded"
            : "No activity has arrived yet"
        }
      >
        {isEnded(run.state)
          ? "Previews are shown while a run goes, and are not kept."
          : "Previews appear here as the run sends them."}
      </Empty>
    );
  return (
    <div className="stack">
      <Spikes
        run={run}
        parts={parts}
        populations={populations}
        live={activities}
      />
      <div className="stack">
        {live.map(([name, rows]) => (
          <Preview key={name} name={name} rows={rows} />
        ))}
        {recorded.map((s) => (
          <Recorded
            key={s.path}
            run={run}
            snapshots={s}
            meaning={findOutput(parts, s.path)?.output.meaning}
          />
        ))}
      </div>
    </div>
  );
}

/** Previews that arrived while this page was open, the newest on the right. */
function Preview({
  name,
  rows,
}: {
  name: string;
  rows: readonly (readonly number[])[];
}) {
  const matrix = useMemo<Matrix>(() => {
    const units = rows.at(-1)!.length;
    const same = rows.filter((row) => row.length === units);
    const values = new Float64Array(units * same.length);
    same.forEach((row, j) =>
      row.forEach((value, i) => {
        values[i * same.length + j] = value;
      }),
    );
    return { rows: units, columns: same.length, values, unit: "1" };
  }, [rows]);
  return (
    <section className="panel" data-testid="preview">
      <Heatmap
        title={`${name.replaceAll("_", " ")}, live`}
        matrix={matrix}
        value={name}
        x={{ name: "preview", unit: "1" }}
        y={{ name: "element", unit: "1" }}
        isSquare={false}
      />
    </section>
  );
}

/** "of each unit (n_steps, n_items)": what the columns are. */
export const columnName = (meaning: string): string =>
  /\([^,()]*,\s*n_(\w+)\)/.exec(meaning)?.[1]?.replace(/s$/, "") ?? "column";

export function Recorded({
  run,
  snapshots,
  meaning,
}: {
  run: Run;
  snapshots: Snapshots;
  meaning: string | undefined;
}) {
  const query = useArray(run.name, snapshots.path, snapshots.steps.at(-1)!);
  const matrix = useMemo(
    () => (query.data ? transposed(query.data) : null),
    [query.data],
  );
  return (
    <section className="panel wide">
      {matrix === null ? (
        <Fetched query={query} what={snapshots.path}>
          {() => <Loading what={snapshots.path} />}
        </Fetched>
      ) : (
        <Heatmap
          title={snapshots.path.replaceAll("_", " ")}
          hint={meaning}
          matrix={matrix}
          value={snapshots.path}
          x={{ name: "step", unit: "1" }}
          y={{ name: columnName(meaning ?? ""), unit: "1" }}
          isSquare={false}
        />
      )}
    </section>
  );
}
