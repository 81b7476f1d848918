// A result of many runs over a parameter: every run a dot, every group its mean
// with the 95 % confidence of it.
import { useMemo } from "react";
import { category } from "../../charts/color";
import { Plot, type PlotAxis, type Point, axisFor } from "../../charts/plot";
import { axis, plain, shortPath } from "../../format";
import { theme } from "../../layout/theme";
import { go, shortName } from "../../route";
import { useStore } from "../../server/store";
import {
  ALL,
  type Compared,
  type Value,
  groupsBy,
  levelsOf,
  meanOf,
  resultOf,
  valueOf,
} from "./table";

// Runs of one place lie beside each other, by their number: nothing is random.
const spread = (i: number, n: number, width: number) =>
  n < 2 ? 0 : (i / (n - 1) - 0.5) * width;

export function Dots({
  all,
  result,
  unit,
  units,
  over,
  colorBy,
  isLog,
  height = 260,
}: {
  all: readonly Compared[];
  result: string;
  unit: string;
  units?: ReadonlyMap<string, string>;
  over: string;
  colorBy: string;
  isLog?: boolean;
  height?: number;
}) {
  const colors = useStore(theme);
  const levels = useMemo(
    () => levelsOf(all.map((c) => valueOf(c, over))),
    [all, over],
  );
  const shades = useMemo(
    () => levelsOf(all.map((c) => valueOf(c, colorBy))),
    [all, colorBy],
  );
  const isNumeric =
    levels.length > 0 && levels.every((v) => typeof v === "number");
  const placeOf = (value: Value | undefined) =>
    isNumeric ? Number(value) : levels.indexOf(value as Value);
  const paths = colorBy && colorBy !== over ? [over, colorBy] : [over];
  const groups = groupsBy(all, paths);
  const numbers = levels.map(Number);
  const gap = isNumeric
    ? numbers.reduce(
        (least, v, i) => (i ? Math.min(least, v - numbers[i - 1]!) : least),
        Infinity,
      )
    : 1;
  const width = Number.isFinite(gap) && !(isLog && isNumeric) ? gap * 0.3 : 0;
  const colorOf = (value: Value | undefined) =>
    category(Math.max(0, shades.indexOf(value as Value)), colors);

  const points: Point[] = [];
  const errors: { x: number; low: number; high: number; color: string }[] = [];
  const values: number[] = [];
  const rows: (string | number | null)[][] = [];
  for (const group of groups) {
    const found = group.members.flatMap((c) => {
      const y = resultOf(c.run, result);
      return y === null ? [] : [{ c, y }];
    });
    const x = placeOf(group.key[0]);
    if (!Number.isFinite(x) || (x < 0 && !isNumeric)) continue;
    const shade = shades.indexOf(
      (paths.length > 1
        ? group.key[1]
        : group.members[0] && valueOf(group.members[0], colorBy)) as Value,
    );
    const shift =
      paths.length > 1 ? spread(shade, shades.length, width * 1.4) : 0;
    found.forEach(({ c, y }, i) => {
      values.push(y);
      rows.push([
        shortName(c.run.name),
        plain(valueOf(c, over)),
        plain(valueOf(c, colorBy)),
        y,
      ]);
      points.push({
        x:
          x +
          shift +
          spread(i, found.length, width * (paths.length > 1 ? 0.4 : 1)),
        y,
        color: colorOf(valueOf(c, colorBy)),
        label: shortName(c.run.name),
        open: () => go(`/${c.run.name}`),
      });
    });
    const mean = meanOf(found.map((f) => f.y));
    if (mean && mean.n > 1) {
      errors.push({
        x: x + shift + width * 0.9,
        low: mean.low,
        high: mean.high,
        color: "var(--ink)",
      });
      points.push({
        x: x + shift + width * 0.9,
        y: mean.mean,
        color: "var(--ink)",
        shape: "square",
        label: `mean of ${mean.n}`,
      });
      values.push(mean.low, mean.high);
    }
  }
  const xAxis: PlotAxis = isNumeric
    ? axisFor(
        shortPath(over),
        units?.get(over) ?? "1",
        numbers,
        isLog && numbers.every((v) => v > 0),
      )
    : {
        name: over === ALL ? "" : shortPath(over),
        unit: "",
        min: -0.6,
        max: levels.length - 0.4,
        names: levels.map((v) => plain(v)),
      };
  return (
    <Plot
      title={`${result.replaceAll("_", " ")} ${over === ALL ? "of all runs" : `over ${shortPath(over)}`}`}
      height={height}
      x={xAxis}
      y={axisFor(result, unit, values)}
      marks={{ points, errors }}
      header={["run", over, colorBy, axis(result, unit)]}
      rows={() => rows}
      legend={[
        ...(shades.length > 1 && colorBy !== over
          ? shades.map((v) => ({ name: plain(v), color: colorOf(v) }))
          : []),
        ...(errors.length > 0
          ? [{ name: "mean with its 95 % confidence", color: "var(--ink)" }]
          : []),
      ]}
    />
  );
}
