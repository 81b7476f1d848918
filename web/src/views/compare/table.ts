// Runs as a table of parameters and results, and what is read off it: which
// parameters differ, groups of replicates, means with their confidence.
import type { Run } from "../../api/engram/v1/runs_pb";
import { plain } from "../../format";

export type Value = string | number;

export interface Compared {
  run: Run;
  /** Every parameter by path, defaults too. */
  parameters: ReadonlyMap<string, Value>;
}

/** Every leaf of a tree by its path; list items go by name, type or number. */
export function flatten(tree: unknown, path = ""): [string, Value][] {
  if (Array.isArray(tree)) {
    const isComponents = tree.some(
      (item) => typeof item === "object" && item !== null && "type" in item,
    );
    if (!isComponents) return [[path, plain(tree)]];
    return tree.flatMap((item: { name?: string; type?: string }, i) =>
      flatten(item, `${path}.${item.name ?? item.type ?? i}`),
    );
  }
  if (typeof tree === "object" && tree !== null)
    return Object.entries(tree).flatMap(([key, value]) =>
      flatten(value, path ? `${path}.${key}` : key),
    );
  if (typeof tree === "number" || typeof tree === "string")
    return [[path, tree]];
  return [[path, plain(tree)]];
}

export const compared = (run: Run): Compared => ({
  run,
  parameters: new Map(flatten(JSON.parse(run.treeJson || "{}"))),
});

/** Components without a name go by their type where others have one. */
export function withNames(all: readonly Compared[]): Compared[] {
  const named = new Set(
    all.flatMap((c) =>
      [...c.parameters.keys()].filter((path) => path.endsWith(".name")),
    ),
  );
  if (named.size === 0) return [...all];
  return all.map((c) => {
    const parameters = new Map(c.parameters);
    for (const path of named) {
      const type = parameters.get(path.replace(/name$/, "type"));
      if (!parameters.has(path) && type !== undefined)
        parameters.set(path, type);
    }
    return { run: c.run, parameters };
  });
}

/** In the place of a path: all runs are one group. */
export const ALL = "all";

/** What a run has at a path. */
export const valueOf = (one: Compared, path: string): Value | undefined =>
  path === ALL ? "all runs" : one.parameters.get(path);

/**
 * What groups runs best by itself: names, then types, then anything; runs that
 * differ in nothing but the seed are one group.
 */
export const groupingOf = (paths: readonly string[]): string =>
  paths.find((p) => p.endsWith(".name")) ??
  paths.find((p) => p.endsWith(".type")) ??
  paths.find((p) => p !== "seed") ??
  ALL;

/** How many values a path has, and in how many runs it has one. */
function spans(
  all: readonly Compared[],
): Map<string, { values: Set<Value>; runs: number }> {
  const found = new Map<string, { values: Set<Value>; runs: number }>();
  for (const { parameters } of all)
    for (const [path, value] of parameters) {
      const own = found.get(path) ?? { values: new Set(), runs: 0 };
      own.values.add(value);
      own.runs += 1;
      found.set(path, own);
    }
  return found;
}

/**
 * Paths that have different values in different runs: components first, of them
 * those of most kinds; the seed last.
 */
export function differing(all: readonly Compared[]): string[] {
  const found = spans(all);
  const kinds = (path: string) =>
    rank(path) === 0 ? found.get(path)!.values.size : 0;
  return [...found]
    .filter(([, { values }]) => values.size > 1)
    .map(([path]) => path)
    .sort(
      (a, b) => rank(a) - rank(b) || kinds(b) - kinds(a) || a.localeCompare(b),
    );
}

/** Paths that some runs have and others have not, always with one value. */
export const ofSome = (all: readonly Compared[]): string[] =>
  [...spans(all)]
    .filter(([, { values, runs }]) => values.size === 1 && runs < all.length)
    .map(([path]) => path)
    .sort();

/** Whether most runs have it, so that figures may be drawn over it. */
export const isCommon = (all: readonly Compared[], path: string): boolean =>
  2 * all.filter((c) => c.parameters.has(path)).length >= all.length;

const rank = (path: string) =>
  path === "seed" ? 2 : /\.(type|name)$/.test(path) ? 0 : 1;

/** Names of values and their units, those that vary first. */
export function resultNames(
  all: readonly Compared[],
): { name: string; unit: string }[] {
  const units = new Map<string, string>();
  for (const { run } of all)
    for (const [name, value] of Object.entries(run.summary))
      units.set(name, value.unit);
  return [...units]
    .map(([name, unit]) => ({ name, unit }))
    .sort((a, b) => a.name.localeCompare(b.name));
}

export function resultOf(run: Run, name: string): number | null {
  const content = run.summary[name]?.content;
  return content?.case === "value" ? content.value : null;
}

/** Runs that differ in nothing but what is left out (the seed, as a rule). */
export function groupsBy(
  all: readonly Compared[],
  paths: readonly string[],
): {
  name: string;
  key: readonly (Value | undefined)[];
  members: Compared[];
}[] {
  const groups = new Map<
    string,
    { name: string; key: (Value | undefined)[]; members: Compared[] }
  >();
  for (const one of all) {
    const key = paths.map((path) => valueOf(one, path));
    const name = key.map((v) => (v === undefined ? "–" : plain(v))).join(", ");
    const own = groups.get(name);
    if (own) own.members.push(one);
    else groups.set(name, { name: name || "all runs", key, members: [one] });
  }
  return [...groups.values()];
}

// Two-sided 95 % quantiles of Student's t for 1 to 30 degrees of freedom.
const T = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201,
  2.179, 2.16, 2.145, 2.131, 2.12, 2.11, 2.101, 2.093, 2.086, 2.08, 2.074,
  2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042,
];

export interface Mean {
  mean: number;
  /** 95 % confidence limits of the mean; the mean itself for one value. */
  low: number;
  high: number;
  n: number;
}

export function meanOf(values: readonly number[]): Mean | null {
  const n = values.length;
  if (n === 0) return null;
  const mean = values.reduce((a, b) => a + b, 0) / n;
  if (n === 1) return { mean, low: mean, high: mean, n };
  const variance =
    values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (n - 1);
  const half = (T[n - 2] ?? 1.96) * Math.sqrt(variance / n);
  return { mean, low: mean - half, high: mean + half, n };
}

export interface Course {
  x: number[];
  mean: (number | null)[];
  low: (number | null)[];
  high: (number | null)[];
}

/** Mean and confidence of curves at each x that any of them has. */
export function meanCourse(
  curves: readonly { x: readonly number[]; y: readonly (number | null)[] }[],
): Course {
  const at = new Map<number, number[]>();
  for (const curve of curves)
    curve.x.forEach((x, i) => {
      const y = curve.y[i];
      const own = at.get(x) ?? [];
      if (y !== null && y !== undefined) own.push(y);
      at.set(x, own);
    });
  const x = [...at.keys()].sort((a, b) => a - b);
  const means = x.map((v) => meanOf(at.get(v)!));
  return {
    x,
    mean: means.map((m) => m?.mean ?? null),
    low: means.map((m) => m?.low ?? null),
    high: means.map((m) => m?.high ?? null),
  };
}

/** Numbers in order, then names in order. */
export function levelsOf(values: readonly (Value | undefined)[]): Value[] {
  const own = [...new Set(values.filter((v): v is Value => v !== undefined))];
  return own.every((v) => typeof v === "number")
    ? own.sort((a, b) => Number(a) - Number(b))
    : own.sort((a, b) => String(a).localeCompare(String(b)));
}
