// Columns of the history: what a run or an experiment has to show under a name
// of the filter language, so that every column can be filtered and sorted by.
import type { JsonValue } from "@bufbuild/protobuf";
import { toJson } from "@bufbuild/protobuf";
import { ValueSchema } from "@bufbuild/protobuf/wkt";
import type { Experiment } from "../../api/engram/v1/experiments_pb";
import type { Run } from "../../api/engram/v1/runs_pb";
import type { Catalogue } from "../../spec/catalogue";

export type Listed = "runs" | "experiments";

export interface Column {
  name: string;
  label: string;
  width: number;
  isNumber?: boolean;
  /** The server can order by it. */
  isSortable: boolean;
}

const column = (
  name: string,
  label: string,
  width: number,
  more: Partial<Column> = {},
): Column => ({ name, label, width, isSortable: true, ...more });

export const RUN_COLUMNS: readonly Column[] = [
  column("run", "run", 124, { isSortable: false }),
  column("title", "title", 230),
  column("state", "state", 112),
  column("progress", "progress", 190, { isSortable: false }),
  column("varying", "varies", 230, { isSortable: false }),
  column("user", "user", 90),
  column("tags", "tags", 130, { isSortable: false }),
  column("create_time", "submitted", 148),
  column("start_time", "started", 148),
  column("end_time", "ended", 148),
  column("duration", "took", 84, { isSortable: false, isNumber: true }),
  column("seed", "seed", 64, { isNumber: true }),
  column("point", "point", 64, { isNumber: true }),
  column("attempt_count", "attempts", 76, { isNumber: true }),
  column("state_reason", "cause", 170),
  column("error", "error", 130),
  column("run_hash", "run hash", 120),
  column("result_hash", "result hash", 120),
  column("build", "build", 100),
];

export const EXPERIMENT_COLUMNS: readonly Column[] = [
  column("experiment", "experiment", 112, { isSortable: false }),
  column("title", "title", 300, { isSortable: false }),
  column("runs", "runs", 170, { isSortable: false }),
  column("claims", "claims", 110, { isSortable: false }),
  column("user", "user", 90, { isSortable: false }),
  column("preset", "preset", 130, { isSortable: false }),
  column("tags", "tags", 190, { isSortable: false }),
  column("create_time", "submitted", 148, { isSortable: false }),
  column("end_time", "ended", 148, { isSortable: false }),
  column("stored_bytes", "stored", 84, { isSortable: false, isNumber: true }),
  column("notes", "notes", 260, { isSortable: false }),
];

export const DEFAULT_COLUMNS: Record<Listed, string> = {
  runs: "run,title,state,progress,varying,user,create_time,duration",
  experiments: "experiment,title,runs,claims,user,tags,create_time",
};

/** The column of a name; one that is not built in is a value of the run. */
export function columnOf(name: string, listed: Listed): Column {
  const built = listed === "runs" ? RUN_COLUMNS : EXPERIMENT_COLUMNS;
  return (
    built.find((c) => c.name === name) ??
    column(name, name.replace(/^experiment\./, ""), 130, { isNumber: true })
  );
}

export const jsonOf = (run: Run, path: string): JsonValue | undefined => {
  const value = run.varying[path];
  return value === undefined ? undefined : toJson(ValueSchema, value);
};

/** Names of values that these runs have, for columns and completion. */
export function valueNames(runs: readonly Run[]): string[] {
  const names = new Set<string>();
  // The newest runs stand for all: a hundred thousand would be slow to look at.
  for (const run of runs.slice(0, 300)) {
    for (const name of Object.keys(run.varying))
      if (name !== "seed") names.add(name);
    for (const name of Object.keys(run.summary)) names.add(name);
  }
  return [...names].sort();
}

const MOST_RESULTS = 4;

/** What these runs have found, the first of it as the catalogue lists it. */
export function firstResults(
  runs: readonly Run[],
  catalogue: Catalogue | undefined,
): string[] {
  const names = new Set<string>();
  for (const run of runs.slice(0, 300))
    for (const [name, { content }] of Object.entries(run.summary))
      if (content.case === "value") names.add(name);
  const all = [...names].map((name) => ({ name }));
  return (catalogue?.inOrder(all) ?? [])
    .slice(0, MOST_RESULTS)
    .map(({ name }) => name);
}

export const claimCounts = (
  experiment: Experiment,
): { holds: number; all: number; open: number } => ({
  holds: experiment.claims.filter((c) => c.outcome === 2).length,
  all: experiment.claims.length,
  open: experiment.claims.filter((c) => c.outcome <= 1).length,
});

/** "state = FAILED AND user = ada" with one more condition. */
export const alsoWhere = (filter: string, condition: string): string => {
  if (filter.trim() === "") return condition;
  const isPlain = !/\bOR\b/.test(filter);
  return isPlain
    ? `${filter} AND ${condition}`
    : `(${filter}) AND ${condition}`;
};
