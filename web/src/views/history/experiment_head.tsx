// What an experiment is, above its runs: states, claims, notes, actions.
import { useState } from "react";
import { EventKind } from "../../api/engram/v1/events_pb";
import type { Experiment } from "../../api/engram/v1/experiments_pb";
import { bytes, digest, integer, relative, time } from "../../format";
import { CopyButton } from "../../layout/copy";
import { Dialog } from "../../layout/dialog";
import { Link } from "../../layout/link";
import { StateMark, isEnded } from "../../layout/state_mark";
import { Fetched } from "../../layout/states";
import { go, shortName } from "../../route";
import {
  annotate,
  cancel,
  continueRun,
  remove,
  retry,
} from "../../server/changes";
import { experiments } from "../../server/client";
import { useAction, useEvents, useQuery } from "../../server/query";
import { useRights } from "../../server/session";
import { ClaimTable } from "../claim_table";
import { stateCounts } from "./cells";

export function ExperimentHead({ name }: { name: string }) {
  const query = useQuery(`experiment ${name}`, (signal) =>
    experiments.getExperiment({ name }, { signal }),
  );
  const [isQueued, setQueued] = useState(false);
  useEvents({
    parents: [name],
    kinds: [EventKind.STATE, EventKind.CLAIM, EventKind.NOTE],
    onEvents: () => {
      // Many changes at once are one new look.
      if (isQueued) return;
      setQueued(true);
      setTimeout(() => {
        setQueued(false);
        query.refresh();
      }, 400);
    },
    onReset: query.refresh,
  });
  return (
    <Fetched query={query} what="experiment">
      {(experiment) => <Head experiment={experiment} refresh={query.refresh} />}
    </Fetched>
  );
}

function Head({
  experiment: e,
  refresh,
}: {
  experiment: Experiment;
  refresh: () => void;
}) {
  const rights = useRights();
  const [isEditing, setEditing] = useState(false);
  const [isRemoving, setRemoving] = useState(false);
  const action = useAction(async (change: () => Promise<unknown>) => {
    await change();
    refresh();
  });
  const counts = stateCounts(e);
  const isOpen = counts.some((c) => !isEnded(c.state));
  const hasFailures = counts.some(
    (c) => isEnded(c.state) && stateCanRetry(c.state),
  );
  const mayChange = rights.mayChange(e.owner);
  return (
    <section className="stack" aria-label="Experiment">
      <div className="bar">
        <h1 className="wrap">{e.title || shortName(e.name)}</h1>
        <span className="mono quiet">{shortName(e.name)}</span>
        {counts.map(({ state, count }) => (
          <span key={state}>
            {integer(count)} <StateMark state={state} />
          </span>
        ))}
        <span className="push bar">
          <Link
            className="button"
            to={`/compare?experiment=${shortName(e.name)}`}
          >
            Compare
          </Link>
          {rights.maySubmit && (
            <Link className="button" to={`/submit?from=${shortName(e.name)}`}>
              Submit again
            </Link>
          )}
          {mayChange && isOpen && (
            <button
              type="button"
              onClick={() => action.run(() => cancel(e.name))}
            >
              Cancel
            </button>
          )}
          {mayChange && hasFailures && (
            <>
              <button
                type="button"
                onClick={() => action.run(() => retry(e.name))}
              >
                Retry
              </button>
              <button
                type="button"
                onClick={() => action.run(() => continueRun(e.name))}
              >
                Continue
              </button>
            </>
          )}
          {mayChange && (
            <button type="button" onClick={() => setEditing(true)}>
              Notes and tags
            </button>
          )}
          {mayChange && !isOpen && (
            <button
              type="button"
              className="danger"
              onClick={() => setRemoving(true)}
            >
              Delete
            </button>
          )}
        </span>
      </div>
      {action.error && (
        <p className="fault" role="alert">
          {action.error}
        </p>
      )}
      {e.notes && <p className="quiet wrap">{e.notes}</p>}
      <p className="quiet small">
        {e.owner.replace("users/", "")} · submitted {time(e.createTime)} (
        {relative(e.createTime)}) · {bytes(e.storedBytes)} stored ·{" "}
        <span className="mono" title={e.experimentHash}>
          {digest(e.experimentHash)}
        </span>
        {e.preset && (
          <>
            {" "}
            · preset <Link to={`/presets/${e.preset}`}>{e.preset}</Link>
          </>
        )}{" "}
        {e.tags.map((tag) => (
          <span className="tag" key={tag}>
            {tag}
          </span>
        ))}
      </p>
      {e.claims.length > 0 && (
        <details className="panel" open={e.claims.length < 5}>
          <summary>
            Claims: {e.claims.filter((c) => c.outcome === 2).length} of{" "}
            {e.claims.length} hold
          </summary>
          <ClaimTable claims={e.claims} />
        </details>
      )}
      <details className="panel">
        <summary>Text</summary>
        <pre className="text" tabIndex={0}>
          {e.text}
        </pre>
        <CopyButton text={e.text} label="Copy as YAML" />
      </details>
      {isEditing && (
        <NotesDialog
          experiment={e}
          close={() => {
            setEditing(false);
            refresh();
          }}
        />
      )}
      {isRemoving && (
        <Dialog
          title="Delete this experiment?"
          close={() => setRemoving(false)}
        >
          <p>
            “{e.title}” and everything that its {integer(e.runCount)} runs
            recorded ({bytes(e.storedBytes)}) are removed for good.
          </p>
          <div className="bar">
            <button
              type="button"
              className="danger"
              onClick={() =>
                action.run(async () => {
                  await remove(e.name, e.etag);
                  go("/history", { replace: true });
                })
              }
            >
              Delete for good
            </button>
            <button type="button" onClick={() => setRemoving(false)}>
              Keep
            </button>
          </div>
          <p className="fault">{action.error}</p>
        </Dialog>
      )}
    </section>
  );
}

const stateCanRetry = (state: number) => state >= 6;

function NotesDialog({
  experiment,
  close,
}: {
  experiment: Experiment;
  close: () => void;
}) {
  const [notes, setNotes] = useState(experiment.notes);
  const [tags, setTags] = useState(experiment.tags.join(" "));
  const action = useAction(async () => {
    await annotate(experiment, tags.split(/[\s,]+/).filter(Boolean), notes);
    close();
  });
  return (
    <Dialog title="Notes and tags" close={close}>
      <label className="stack">
        <span>Notes</span>
        <textarea
          data-first
          rows={6}
          value={notes}
          onChange={(event) => setNotes(event.target.value)}
        />
      </label>
      <label className="stack">
        <span>Tags, with spaces between</span>
        <input value={tags} onChange={(event) => setTags(event.target.value)} />
      </label>
      <p className="fault" role="alert">
        {action.error}
      </p>
      <div>
        <button
          type="button"
          className="primary"
          disabled={action.isBusy}
          onClick={() => action.run()}
        >
          Save
        </button>
      </div>
    </Dialog>
  );
}
