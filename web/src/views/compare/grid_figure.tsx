// A result over two axes of a sweep: the mean of each cell as a colour.
import { useMemo } from "react";
import { Heatmap } from "../../charts/heatmap";
import type { Matrix } from "../../charts/matrix";
import { shortPath } from "../../format";
import { setParameters, useParameter } from "../../route";
import { type Compared, levelsOf, meanOf, resultOf } from "./table";

export function gridOf(
  all: readonly Compared[],
  result: { name: string; unit: string },
  across: string,
  down: string,
): { matrix: Matrix; columns: (string | number)[]; rows: (string | number)[] } {
  const columns = levelsOf(all.map((c) => c.parameters.get(across)));
  const rows = levelsOf(all.map((c) => c.parameters.get(down)));
  const values = new Float64Array(rows.length * columns.length);
  rows.forEach((row, i) =>
    columns.forEach((column, j) => {
      const found = all
        .filter(
          (c) =>
            c.parameters.get(down) === row &&
            c.parameters.get(across) === column,
        )
        .flatMap((c) => resultOf(c.run, result.name) ?? []);
      values[i * columns.length + j] = meanOf(found)?.mean ?? NaN;
    }),
  );
  return {
    matrix: {
      rows: rows.length,
      columns: columns.length,
      values,
      unit: result.unit,
    },
    columns,
    rows,
  };
}

/** Names have none. */
const unitOf = (
  levels: readonly (string | number)[],
  unit: string | undefined,
): string =>
  levels.every((level) => typeof level === "number") ? (unit ?? "") : "";

/** Two axes whose values were combined, not one told by the other. */
export function crossing(
  all: readonly Compared[],
  axes: readonly string[],
): [string, string] | null {
  const distinct = (paths: readonly string[]) =>
    new Set(
      all.map((c) => JSON.stringify(paths.map((p) => c.parameters.get(p)))),
    ).size;
  for (const [i, a] of axes.entries())
    for (const b of axes.slice(i + 1))
      if (distinct([a, b]) > Math.max(distinct([a]), distinct([b])))
        return [a, b];
  return null;
}

export function GridFigure({
  all,
  result,
  axes,
  units,
}: {
  all: readonly Compared[];
  result: { name: string; unit: string };
  axes: readonly string[];
  units: ReadonlyMap<string, string>;
}) {
  const first = useMemo(() => crossing(all, axes), [all, axes]);
  const [across] = useParameter("across", first?.[0] ?? axes[0]!);
  const [down] = useParameter("down", first?.[1] ?? axes[1]!);
  const grid = useMemo(
    () => gridOf(all, result, across, down),
    [all, result, across, down],
  );
  if (!first) return null;
  const choose = (label: string, name: string, value: string) => (
    <label className="check">
      {label}
      <select
        value={value}
        onChange={(event) => setParameters({ [name]: event.target.value })}
      >
        {axes.map((path) => (
          <option key={path} value={path}>
            {shortPath(path)}
          </option>
        ))}
      </select>
    </label>
  );
  return (
    <Heatmap
      title={`mean ${result.name.replaceAll("_", " ")} by ${shortPath(across)} and ${shortPath(down)}`}
      matrix={grid.matrix}
      value={result.name}
      x={{
        name: shortPath(across),
        unit: unitOf(grid.columns, units.get(across)),
        values: grid.columns,
      }}
      y={{
        name: shortPath(down),
        unit: unitOf(grid.rows, units.get(down)),
        values: grid.rows,
      }}
      isSquare={false}
      controls={
        <>
          {choose("across", "across", across)}
          {choose("down", "down", down)}
        </>
      }
    />
  );
}
