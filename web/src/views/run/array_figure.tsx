// An array that an analysis left: a few numbers as points, many as a curve, a
// matrix as colours.
import { useMemo } from "react";
import { Heatmap } from "../../charts/heatmap";
import { LineChart } from "../../charts/line_chart";
import type { Matrix } from "../../charts/matrix";
import { Plot, axisFor } from "../../charts/plot";
import { Fetched } from "../../layout/states";
import type { Run } from "../../api/engram/v1/runs_pb";
import { type Part, findOutput } from "../../spec/catalogue";
import { type Snapshots, useArray } from "./arrays";

/** "n_items" is an item, "n" a variable, "n_looks + 1" a look. */
function axisName(size: string, unknown: string): string {
  const name = size.replace(/[\s+\d]*$/, "").trim();
  if (name === "" || !/^[a-z]\w*$/i.test(name)) return unknown;
  if (name === "n") return "variable";
  return name
    .replace(/^n_/, "")
    .replace(/(?<=[^s])s$/, "")
    .replaceAll("_", " ");
}

/** "(n_post, n_pre)" of a meaning: what rows and columns are. */
export function axisNames(meaning: string): [string, string] {
  const match = /\(([^(),]+),\s*([^(),]+)\)/.exec(meaning);
  return [
    axisName(match?.[1] ?? "", "row"),
    axisName(match?.[2] ?? "", "column"),
  ];
}

/** What rows and columns are: of weights as everywhere, else by the meaning. */
export function matrixAxes(
  path: string,
  parts: readonly Part[],
): [string, string] {
  const [rows, columns] = axisNames(
    findOutput(parts, path)?.output.meaning ?? "",
  );
  return path.endsWith("weights") || rows === "post"
    ? ["postsynaptic unit", "presynaptic unit"]
    : [rows, columns];
}

/** Above this, numbers are a curve. */
const MOST_POINTS = 80;

export function ArrayFigure({
  run,
  snapshots,
  hint,
}: {
  run: Run;
  snapshots: Snapshots;
  hint: string | undefined;
}) {
  const query = useArray(run.name, snapshots.path, snapshots.steps.at(-1)!);
  const title = snapshots.path.replaceAll("_", " ");
  const [rows, columns] = axisNames(hint ?? "");
  return (
    <section className="panel">
      <Fetched query={query} what={title}>
        {(matrix) =>
          matrix.rows === 1 || matrix.columns === 1 ? (
            <Numbers
              title={title}
              hint={hint}
              matrix={matrix}
              value={snapshots.path}
              along={
                snapshots.shape.length < 2
                  ? "index"
                  : matrix.columns === 1
                    ? rows
                    : columns
              }
            />
          ) : (
            <Heatmap
              title={title}
              hint={hint}
              matrix={matrix}
              value={snapshots.path}
              x={{ name: columns, unit: "1" }}
              y={{ name: rows, unit: "1" }}
              isSquare={matrix.rows === matrix.columns}
            />
          )
        }
      </Fetched>
    </section>
  );
}

function Numbers({
  title,
  hint,
  matrix,
  value,
  along,
}: {
  title: string;
  hint: string | undefined;
  matrix: Matrix;
  value: string;
  along: string;
}) {
  const y = useMemo(() => Array.from(matrix.values), [matrix]);
  const curves = useMemo(
    () => [{ name: title, x: y.map((_, i) => i), y }],
    [y, title],
  );
  // An order or the numbers of groups: what lies between two is nothing.
  const areWhole = y.every((v) => Number.isNaN(v) || Number.isInteger(v));
  if (y.length > MOST_POINTS && !areWhole)
    return (
      <LineChart
        title={title}
        hint={hint}
        x={{ name: along, unit: "1" }}
        y={{ name: value, unit: matrix.unit }}
        curves={curves}
      />
    );
  return (
    <Plot
      title={title}
      hint={hint}
      x={{
        name: along,
        unit: "1",
        min: -0.5,
        max: y.length - 0.5,
        isWhole: true,
      }}
      y={axisFor(value, matrix.unit, [...y, 0])}
      marks={{
        points: y.flatMap((v, i) =>
          Number.isFinite(v) ? [{ x: i, y: v }] : [],
        ),
        errors: y.flatMap((v, i) =>
          Number.isFinite(v) && y.length <= MOST_POINTS
            ? [
                {
                  x: i,
                  low: Math.min(0, v),
                  high: Math.max(0, v),
                  color: "var(--line-strong)",
                },
              ]
            : [],
        ),
      }}
      header={[along, value]}
      rows={() => y.map((v, i) => [i, v])}
    />
  );
}
