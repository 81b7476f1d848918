// What stands in a cell, as a view and as text for CSV.
import type { ReactNode } from "react";
import type { Experiment } from "../../api/engram/v1/experiments_pb";
import { type Run, RunState } from "../../api/engram/v1/runs_pb";
import {
  bytes,
  digest,
  durationSeconds,
  integer,
  milliseconds,
  percent,
  plain,
  relative,
  seconds,
  shortPaths,
  summary,
  ticks,
  time,
} from "../../format";
import { Link } from "../../layout/link";
import { StateMark, isEnded, stateName } from "../../layout/state_mark";
import { shortName } from "../../route";
import { valueAt } from "../../spec/catalogue";
import { claimCounts, jsonOf } from "./columns";

/** Values that are the same in every run of an experiment, by its name. */
export type Constants = (experiment: string) => unknown;

export const tookSeconds = (run: Run, now = Date.now()): number => {
  const from = milliseconds(run.startTime);
  if (!Number.isFinite(from)) return NaN;
  const to = run.endTime ? milliseconds(run.endTime) : now;
  return (to - from) / 1000;
};

const LONGEST_VALUE = 16;

// The tree has long lists in full.
const briefly = (value: unknown): string => {
  const text = plain(value);
  return isList(value) && text.length > LONGEST_VALUE ? "[…]" : text;
};

// A list of lists comes as text.
const isList = (value: unknown): boolean =>
  Array.isArray(value) || (typeof value === "string" && value.startsWith("["));

/** What varies: lists after single values, the seed last. */
export function varyingText(run: Run): string {
  const names = shortPaths(Object.keys(run.varying));
  const rank = (path: string) =>
    path === "seed" ? 2 : isList(jsonOf(run, path)) ? 1 : 0;
  return [...names]
    .sort(([a], [b]) => rank(a) - rank(b) || a.localeCompare(b))
    .map(([path, name]) => `${name} ${briefly(jsonOf(run, path))}`)
    .join(" · ");
}

export function ProgressCell({ run }: { run: Run }) {
  const { progress } = run;
  if (isEnded(run.state)) {
    return (
      <span className="quiet" title={run.error?.message}>
        {run.state === RunState.SUCCEEDED
          ? ticks(progress?.total ?? 0n, progress?.tickName ?? "tick")
          : (run.error?.reason ?? run.stateReason)}
      </span>
    );
  }
  if (!progress || run.state === RunState.QUEUED) return null;
  const part =
    progress.total > 0n ? Number(progress.tick) / Number(progress.total) : 0;
  const left = durationSeconds(progress.remaining);
  return (
    <span className="state" style={{ width: "100%" }}>
      <span
        className="meter"
        role="progressbar"
        aria-label="progress"
        aria-valuenow={Math.floor(part * 100)}
        aria-valuemin={0}
        aria-valuemax={100}
      >
        <div style={{ width: `${part * 100}%` }} />
      </span>
      <span>{percent(part)}</span>
      {Number.isFinite(left) && <span className="quiet">{seconds(left)}</span>}
    </span>
  );
}

export function runCell(
  run: Run,
  name: string,
  constants: Constants,
): ReactNode {
  switch (name) {
    case "run":
      return (
        <Link to={`/${run.name}`} className="mono" tabIndex={-1}>
          {shortName(run.name)}
        </Link>
      );
    case "state":
      return <StateMark state={run.state} />;
    case "progress":
      return <ProgressCell run={run} />;
    case "tags":
      return run.tags.map((tag) => (
        <span className="tag" key={tag}>
          {tag}
        </span>
      ));
    case "create_time":
    case "start_time":
    case "end_time": {
      const t = {
        create_time: run.createTime,
        start_time: run.startTime,
        end_time: run.endTime,
      }[name];
      return <span title={relative(t)}>{time(t)}</span>;
    }
    default:
      return runText(run, name, constants);
  }
}

/** The same as text. */
export function runText(run: Run, name: string, constants: Constants): string {
  switch (name) {
    case "run":
      return shortName(run.name);
    case "title":
      return run.title;
    case "state":
      return stateName(run.state);
    case "progress":
      return run.progress ? `${run.progress.tick}/${run.progress.total}` : "";
    case "varying":
      return varyingText(run);
    case "user":
      return run.owner.replace("users/", "");
    case "tags":
      return run.tags.join(" ");
    case "create_time":
      return time(run.createTime);
    case "start_time":
      return time(run.startTime);
    case "end_time":
      return time(run.endTime);
    case "duration": {
      const s = tookSeconds(run);
      return Number.isFinite(s) ? seconds(s) : "";
    }
    case "seed":
      return integer(run.seed);
    case "point":
      return integer(run.point);
    case "attempt_count":
      return integer(run.attemptCount);
    case "state_reason":
      return run.stateReason;
    case "error":
      return run.error ? `${run.error.reason}: ${run.error.message}` : "";
    case "run_hash":
      return digest(run.runHash);
    case "result_hash":
      return digest(run.resultHash);
    case "build":
      return digest(run.build);
    default: {
      const found = run.summary[name];
      if (found) return summary(found);
      const value = jsonOf(run, name) ?? valueAt(constants(run.name), name);
      return value === undefined ? "" : plain(value);
    }
  }
}

const STATE_ORDER = [
  "RUNNING",
  "STARTING",
  "CANCELLING",
  "QUEUED",
  "SUCCEEDED",
  "FAILED",
  "TIMED_OUT",
  "CANCELLED",
];

export const stateCounts = (
  experiment: Experiment,
): { state: RunState; count: number }[] =>
  STATE_ORDER.filter((s) => (experiment.stateCounts[s] ?? 0n) > 0n).map(
    (s) => ({
      state: RunState[s as keyof typeof RunState],
      count: Number(experiment.stateCounts[s]),
    }),
  );

export function experimentCell(e: Experiment, name: string): ReactNode {
  switch (name) {
    case "experiment":
      return (
        <Link to={`/${e.name}`} className="mono" tabIndex={-1}>
          {shortName(e.name)}
        </Link>
      );
    case "runs": {
      const counts = stateCounts(e);
      return counts.map((one) => (
        <span key={one.state} style={{ marginRight: 10 }}>
          {integer(one.count)}{" "}
          <StateMark state={one.state} isBrief={counts.length > 1} />
        </span>
      ));
    }
    case "claims": {
      const { holds, all, open } = claimCounts(e);
      if (all === 0) return "";
      if (open === all) return <span className="quiet">{all} pending</span>;
      return (
        <span className={holds === all ? "good" : "bad"}>
          {holds} of {all} hold
        </span>
      );
    }
    case "tags":
      return e.tags.map((tag) => (
        <span className="tag" key={tag}>
          {tag}
        </span>
      ));
    case "create_time":
      return <span title={relative(e.createTime)}>{time(e.createTime)}</span>;
    default:
      return experimentText(e, name);
  }
}

export function experimentText(e: Experiment, name: string): string {
  switch (name) {
    case "experiment":
      return shortName(e.name);
    case "title":
      return e.title;
    case "runs":
      return stateCounts(e)
        .map(({ state, count }) => `${count} ${stateName(state)}`)
        .join(", ");
    case "claims": {
      const { holds, all } = claimCounts(e);
      return all ? `${holds} of ${all}` : "";
    }
    case "user":
      return e.owner.replace("users/", "");
    case "preset":
      return e.preset;
    case "tags":
      return e.tags.join(" ");
    case "create_time":
      return time(e.createTime);
    case "end_time":
      return time(e.endTime);
    case "stored_bytes":
      return bytes(e.storedBytes);
    case "notes":
      return e.notes;
    default:
      return "";
  }
}
