// The state of a run with its cause, how far it is, and what can be done.
import { useEffect, useState } from "react";
import { type Run, RunState } from "../../api/engram/v1/runs_pb";
import {
  durationSeconds,
  integer,
  percent,
  relative,
  seconds,
  ticks,
  ticksPerSecond,
} from "../../format";
import { copyText } from "../../layout/copy";
import { Link } from "../../layout/link";
import { Menu } from "../../layout/menu";
import { useCommands } from "../../layout/palette";
import { StateMark, isEnded } from "../../layout/state_mark";
import { experimentOf, shortName } from "../../route";
import { cancel, continueRun, retry } from "../../server/changes";
import { experiments, runs } from "../../server/client";
import { useAction, useQuery } from "../../server/query";
import { useRights } from "../../server/session";
import { tookSeconds, varyingText } from "../history/cells";
import { asCommand, asPython, asYaml } from "./copies";

export function RunHead({ run, refresh }: { run: Run; refresh: () => void }) {
  const rights = useRights();
  const mayChange = rights.mayChange(run.owner);
  const action = useAction(async (change: () => Promise<unknown>) => {
    await change();
    refresh();
  });
  const [told, setTold] = useState("");
  const copy = (make: (text: string) => string) => () =>
    void experiments
      .getExperiment({ name: experimentOf(run.name) })
      .then(({ text }) => copyText(make(text)))
      .then((isDone) => {
        setTold(isDone ? "Copied" : "Could not copy");
        setTimeout(() => setTold(""), 1500);
      });
  const copies = [
    { name: "as YAML", run: copy((text) => asYaml(run, text)) },
    { name: "as CLI call", run: copy((text) => asCommand(run, text)) },
    { name: "as Python", run: copy((text) => asPython(run, text)) },
  ];
  useCommands([
    ...copies.map((c) => ({ name: `Copy ${c.name}`, hint: "run", run: c.run })),
    ...(mayChange && !isEnded(run.state)
      ? [
          {
            name: "Cancel this run",
            hint: "run",
            run: () => action.run(() => cancel(run.name)),
          },
        ]
      : []),
  ]);
  const canRetry = isEnded(run.state) && run.state !== RunState.SUCCEEDED;
  return (
    <section className="stack tight" aria-label="Run">
      <div className="bar">
        <h1 className="wrap">{run.title || shortName(run.name)}</h1>
        <Link className="mono" to={`/${experimentOf(run.name)}`}>
          {shortName(experimentOf(run.name))}
        </Link>
        <span className="mono">/ {integer(run.point)}</span>
        <strong data-testid="run-state">
          <StateMark state={run.state} />
        </strong>
        <span className="push bar">
          <span aria-live="polite" className="quiet">
            {told}
          </span>
          <Menu label="Copy" items={copies} />
          {rights.maySubmit && (
            <Link className="button" to={`/submit?from=${shortName(run.name)}`}>
              Submit again
            </Link>
          )}
          <Link
            className="button"
            to={`/compare?experiment=${shortName(experimentOf(run.name))}`}
          >
            Compare
          </Link>
          {mayChange && !isEnded(run.state) && (
            <button
              type="button"
              disabled={action.isBusy || run.state === RunState.CANCELLING}
              onClick={() => action.run(() => cancel(run.name))}
            >
              Cancel
            </button>
          )}
          {mayChange && canRetry && (
            <>
              <button
                type="button"
                disabled={action.isBusy}
                onClick={() => action.run(() => retry(run.name))}
              >
                Retry
              </button>
              <button
                type="button"
                disabled={action.isBusy}
                onClick={() => action.run(() => continueRun(run.name))}
              >
                Continue
              </button>
            </>
          )}
        </span>
      </div>
      <p className="quiet">{varyingText(run)}</p>
      <Cause run={run} />
      {action.error && (
        <p className="fault" role="alert">
          {action.error}
        </p>
      )}
      <ProgressLine run={run} />
    </section>
  );
}

function Cause({ run }: { run: Run }) {
  const isWaiting = run.state === RunState.QUEUED;
  const why = useQuery(
    isWaiting ? `why ${run.name} ${run.stateTime?.seconds}` : null,
    (signal) => runs.explainRun({ name: run.name }, { signal }),
  );
  const { refresh } = why;
  // Others come and go before it, of which no event of this run tells.
  useEffect(() => {
    if (!isWaiting) return undefined;
    const timer = setInterval(() => {
      if (!document.hidden) refresh();
    }, 10_000);
    return () => clearInterval(timer);
  }, [isWaiting, refresh]);
  if (run.error)
    return (
      <p className="bad wrap" role="alert">
        <strong>{run.error.reason}</strong> {run.error.message}
      </p>
    );
  if (isWaiting && why.data)
    return (
      <p>
        {why.data.explanation}
        {why.data.expectedStartTime &&
          ` (expected to start ${relative(why.data.expectedStartTime)})`}
      </p>
    );
  return (
    <p className="quiet">
      {run.stateReason}
      {run.stateActor && ` · ${run.stateActor.replace("users/", "")}`}
      {run.stateTime && ` · ${relative(run.stateTime)}`}
    </p>
  );
}

function ProgressLine({ run }: { run: Run }) {
  const { progress } = run;
  const took = tookSeconds(run);
  if (!progress || progress.total === 0n) return null;
  const part = Number(progress.tick) / Number(progress.total);
  const left = durationSeconds(progress.remaining);
  const isGoing = !isEnded(run.state);
  return (
    <div className="bar" data-testid="progress">
      {isGoing && (
        <div
          className="meter"
          style={{ maxWidth: 380 }}
          role="progressbar"
          aria-label="Progress of the run"
          aria-valuenow={Math.floor(part * 100)}
          aria-valuemin={0}
          aria-valuemax={100}
        >
          <div style={{ width: `${part * 100}%` }} />
        </div>
      )}
      <span>
        {integer(progress.tick)} of {ticks(progress.total, progress.tickName)}
        {isGoing && ` (${percent(part)})`}
      </span>
      {isGoing && progress.ticksPerSecond > 0 && (
        <span className="quiet">
          {ticksPerSecond(progress.ticksPerSecond, progress.tickName)}
        </span>
      )}
      {isGoing && Number.isFinite(left) && <span>{seconds(left)} left</span>}
      {Number.isFinite(took) && isEnded(run.state) && (
        <span className="quiet">took {seconds(took)}</span>
      )}
    </div>
  );
}
