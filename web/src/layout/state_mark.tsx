// The state of a run as word, shape and colour: none of them alone.
import { RunState } from "../api/engram/v1/runs_pb";

export const stateName = (state: RunState): string =>
  RunState[state].toLowerCase().replaceAll("_", " ");

export const isEnded = (state: RunState): boolean =>
  state >= RunState.SUCCEEDED;

const SHAPES: Record<string, string> = {
  queued: "M5 1a4 4 0 1 0 .01 0zM5 2.4a2.6 2.6 0 1 1-.01 0z",
  starting: "M5 1a4 4 0 0 0 0 8z",
  running: "M2 1l7 4-7 4z",
  cancelling: "M1 4h8v2H1z",
  succeeded: "M5 1a4 4 0 1 0 .01 0z",
  failed: "M2 .8l3 3 3-3 1.2 1.2-3 3 3 3L8 9.200l-3-3-3 3L.8 8l3-3-3-3z",
  cancelled: "M1 4h8v2H1z",
  timed_out: "M1 1h8L6 5l3 4H1l3-4z",
};

export function StateMark({
  state,
  isBrief = false,
}: {
  state: RunState;
  /** The shape alone, where there is no room for the word of each. */
  isBrief?: boolean;
}) {
  const key = RunState[state].toLowerCase();
  return (
    <span className={`state ${key}`} title={stateName(state)}>
      <svg viewBox="0 0 10 10" aria-hidden="true">
        <path d={SHAPES[key] ?? ""} fill="currentColor" fillRule="evenodd" />
      </svg>
      <span className={isBrief ? "sr" : undefined}>{stateName(state)}</span>
    </span>
  );
}
