// A table of points with their stability, saved as numbers.
import { saveText, toCsv } from "../../charts/save";
import { integer, number } from "../../format";
import { Fetched } from "../../layout/states";
import { useQuery } from "../../server/query";
import type { Run } from "../../api/engram/v1/runs_pb";
import { type Snapshots, readArray } from "./arrays";
import { type PointGroup, type PointTable, pointTable } from "./point_groups";

const MOST_ROWS = 200;

export function PointFigure({
  run,
  group,
  snapshots,
}: {
  run: Run;
  group: PointGroup;
  snapshots: readonly Snapshots[];
}) {
  const paths = [
    group.path,
    ...group.vectors.map((v) => v.path),
    ...(group.real && group.imaginary ? [group.real, group.imaginary] : []),
  ];
  const query = useQuery(
    `points ${run.name} ${paths.join()}`,
    async (signal) => {
      const read = await Promise.all(
        paths.map(async (path) => {
          const own = snapshots.find((s) => s.path === path)!;
          return [
            path,
            await readArray(run.name, path, own.steps.at(-1)!, signal),
          ] as const;
        }),
      );
      return pointTable(group, new Map(read));
    },
  );
  const title = group.path.replaceAll("_", " ");
  return (
    <Fetched query={query} what={title}>
      {(table) => <Drawn title={title} table={table} />}
    </Fetched>
  );
}

function Drawn({ title, table }: { title: string; table: PointTable }) {
  const { header, rows } = table;
  return (
    <div className="stack">
      <div className="bar">
        <strong className="caption">{title}</strong>
        {rows.length > MOST_ROWS && (
          <span className="quiet small">
            the first {MOST_ROWS} of {integer(rows.length)}
          </span>
        )}
        <button
          type="button"
          className="plain push"
          onClick={() =>
            saveText(`${title}.csv`, toCsv(header, rows), "text/csv")
          }
        >
          Numbers (CSV)
        </button>
      </div>
      <div
        className="table"
        tabIndex={0}
        role="region"
        aria-label={title}
        style={{ maxHeight: 420 }}
      >
        <table>
          <thead>
            <tr>
              {header.map((name, i) => (
                <th
                  scope="col"
                  key={name}
                  className={isText(rows, i) ? undefined : "number"}
                >
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, MOST_ROWS).map((row, j) => (
              <tr key={j}>
                {row.map((cell, i) =>
                  typeof cell === "string" ? (
                    <td key={i}>{cell}</td>
                  ) : (
                    <td key={i} className="number" title={String(cell)}>
                      {number(cell)}
                    </td>
                  ),
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

const isText = (rows: PointTable["rows"], i: number): boolean =>
  typeof rows[0]?.[i] === "string";
