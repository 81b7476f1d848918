// What can be done with the rows that are selected.
import { useState } from "react";
import type { Experiment } from "../../api/engram/v1/experiments_pb";
import { count } from "../../format";
import { Dialog } from "../../layout/dialog";
import { experimentOf, go, shortName } from "../../route";
import { annotate, cancel, retry } from "../../server/changes";
import { experiments } from "../../server/client";
import { messageOf } from "../../server/faults";
import { useRights } from "../../server/session";
import { MOST_RUNS } from "../compare/load";
import type { Row } from "./listing";

const ownerOf = (row: Row) => row.owner;

/** One after the other; the first refusal is told, the rest still happen. */
async function each<T>(
  items: readonly T[],
  act: (item: T) => Promise<unknown>,
): Promise<string> {
  let refused = 0;
  let first = "";
  for (const item of items) {
    try {
      await act(item);
    } catch (thrown) {
      refused += 1;
      first ||= messageOf(thrown);
    }
  }
  if (refused === 0) return "";
  return refused === 1 ? first : `${first} (and ${refused - 1} more)`;
}

export function SelectionBar({
  rows,
  clear,
  exportRows,
  refresh,
}: {
  rows: readonly Row[];
  clear: () => void;
  exportRows: () => void;
  refresh: () => void;
}) {
  const rights = useRights();
  const [told, setTold] = useState("");
  const [isTagging, setTagging] = useState(false);
  const names = rows.map((row) => row.name);
  const mayChange = rows.every((row) => rights.mayChange(ownerOf(row)));
  const why = rights.maySubmit
    ? "Some of these belong to somebody else"
    : "Your token may read, and nothing else";
  const act = (change: (name: string) => Promise<unknown>) => () =>
    void each(names, change).then((fault) => {
      setTold(fault);
      refresh();
    });
  const compare = () =>
    go(`/compare?runs=${names.slice(0, MOST_RUNS).map(shortName).join(",")}`);
  return (
    <div className="bar" role="toolbar" aria-label="Selection">
      <strong>{count(rows.length, "row")}</strong>
      <button type="button" onClick={compare}>
        {names.length > MOST_RUNS
          ? `Compare the first ${MOST_RUNS}`
          : "Compare"}
      </button>
      <button
        type="button"
        disabled={!mayChange}
        title={mayChange ? undefined : why}
        onClick={act(cancel)}
      >
        Cancel
      </button>
      <button
        type="button"
        disabled={!mayChange}
        title={mayChange ? undefined : why}
        onClick={act(retry)}
      >
        Retry
      </button>
      <button
        type="button"
        disabled={!mayChange}
        title={mayChange ? undefined : why}
        onClick={() => setTagging(true)}
      >
        Tag
      </button>
      <button type="button" onClick={exportRows}>
        Export CSV
      </button>
      <button type="button" className="plain" onClick={clear}>
        Clear
      </button>
      {told && (
        <span className="fault" role="alert">
          {told}
        </span>
      )}
      {isTagging && (
        <TagDialog
          experiments={[...new Set(names.map(experimentOf))]}
          close={(fault) => {
            setTagging(false);
            setTold(fault);
            refresh();
          }}
        />
      )}
    </div>
  );
}

function TagDialog({
  experiments: names,
  close,
}: {
  experiments: readonly string[];
  close: (fault: string) => void;
}) {
  const [text, setText] = useState("");
  const tags = text.split(/[\s,]+/).filter(Boolean);
  const apply = () =>
    void each(names, async (name) => {
      const experiment: Experiment = await experiments.getExperiment({ name });
      await annotate(
        experiment,
        [...new Set([...experiment.tags, ...tags])],
        experiment.notes,
      );
    }).then(close);
  return (
    <Dialog title="Tag" close={() => close("")}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          apply();
        }}
      >
        <p>
          Tags belong to experiments: {count(names.length, "experiment")} of
          these rows.
        </p>
        <label className="stack">
          <span>Tags to add, with spaces between</span>
          <input
            data-first
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        </label>
        <div>
          <button
            type="submit"
            className="primary"
            disabled={tags.length === 0}
          >
            Add
          </button>
        </div>
      </form>
    </Dialog>
  );
}
