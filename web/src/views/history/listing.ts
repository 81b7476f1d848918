// Rows of the history: pages of the server's listing, one after the other as
// the reader scrolls, kept as they are now by the events.
import { useCallback, useEffect, useRef, useState } from "react";
import { EventKind, type Event } from "../../api/engram/v1/events_pb";
import type { Experiment } from "../../api/engram/v1/experiments_pb";
import { type Run, RunState } from "../../api/engram/v1/runs_pb";
import { milliseconds } from "../../format";
import { experimentOf } from "../../route";
import { experiments, runs } from "../../server/client";
import { faultsOf, isAway, isLoggedOut, wasAborted } from "../../server/faults";
import { feed } from "../../server/feed";
import { useEvents } from "../../server/query";
import { session } from "../../server/session";
import { useStore } from "../../server/store";
import type { Listed } from "./columns";

export type Row = Run | Experiment;

export interface Wanted {
  listed: Listed;
  parent: string;
  filter: string;
  order: string;
}

export interface Listing {
  rows: readonly Row[];
  total: number;
  isLowerBound: boolean;
  isLoading: boolean;
  hasMore: boolean;
  error: unknown;
  /** What is wrong with the filter or the order. */
  fault: string;
  /** Runs that were submitted since, and are not shown. */
  newer: number;
  more(): void;
  refresh(): void;
}

const PAGE = 500;

interface Page {
  rows: Row[];
  next: string;
  total: number;
  isLowerBound: boolean;
}

async function fetchPage(
  wanted: Wanted,
  token: string,
  signal: AbortSignal,
  size = PAGE,
): Promise<Page> {
  if (wanted.listed === "experiments") {
    const answer = await experiments.listExperiments(
      { filter: wanted.filter, pageSize: size, pageToken: token },
      { signal },
    );
    return {
      rows: answer.experiments,
      next: answer.nextPageToken,
      total: Number(answer.totalSize),
      isLowerBound: answer.totalIsLowerBound,
    };
  }
  const answer = await runs.listRuns(
    {
      parent: wanted.parent || "experiments/-",
      filter: wanted.filter,
      orderBy: wanted.order,
      pageSize: size,
      pageToken: token,
    },
    { signal },
  );
  return {
    rows: answer.runs,
    next: answer.nextPageToken,
    total: Number(answer.totalSize),
    isLowerBound: answer.totalIsLowerBound,
  };
}

/** Every row that matches, loaded or not. */
export async function everyRow(wanted: Wanted): Promise<Row[]> {
  const rows: Row[] = [];
  const { signal } = new AbortController();
  for (let token = ""; ;) {
    const page = await fetchPage(wanted, token, signal, 1000);
    rows.push(...page.rows);
    token = page.next;
    if (token === "") return rows;
  }
}

/** Whether an event's run is newer than the one that is shown. */
const isNewer = (fresh: Run, shown: Run) =>
  milliseconds(fresh.stateTime) >= milliseconds(shown.stateTime);

export function useListing(wanted: Wanted, isAtTop: () => boolean): Listing {
  const key = JSON.stringify(wanted);
  const [state, setState] = useState<{
    key: string;
    rows: readonly Row[];
    next: string;
    total: number;
    isLowerBound: boolean;
    error: unknown;
    isLoading: boolean;
  }>({
    key: "",
    rows: [],
    next: "",
    total: 0,
    isLowerBound: false,
    error: null,
    isLoading: true,
  });
  const [turn, setTurn] = useState(0);
  const [newer, setNewer] = useState(0);
  const returns = useStore(feed.returns);
  const places = useRef(new Map<string, number>());
  // Events may come faster than the page is drawn.
  const newest = useRef<readonly Row[]>([]);
  const fetching = useRef<AbortController | null>(null);
  const isFetching = useRef(false);

  const load = useCallback(
    (token: string, size: number) => {
      fetching.current?.abort();
      const controller = new AbortController();
      fetching.current = controller;
      isFetching.current = true;
      setState((old) => ({ ...old, isLoading: true }));
      fetchPage(wanted, token, controller.signal, size)
        .then((page) => {
          isFetching.current = false;
          const rows =
            token === "" ? page.rows : [...newest.current, ...page.rows];
          places.current = new Map(rows.map((row, i) => [row.name, i]));
          newest.current = rows;
          if (token === "") setNewer(0);
          setState({
            key,
            rows,
            next: page.next,
            total:
              token === "" ? page.total : Math.max(page.total, rows.length),
            isLowerBound: page.isLowerBound,
            error: null,
            isLoading: false,
          });
        })
        .catch((error: unknown) => {
          if (controller.signal.aborted || wasAborted(error)) return;
          isFetching.current = false;
          if (isLoggedOut(error)) session.set({ state: "out" });
          if (isAway(error)) setTimeout(() => setTurn((n) => n + 1), 3000);
          setState((old) => ({
            ...old,
            ...(old.key === key ? {} : { rows: [], next: "", total: 0 }),
            key,
            error,
            isLoading: false,
          }));
        });
    },
    [key],
  );

  useEffect(() => {
    load("", PAGE);
    return () => fetching.current?.abort();
  }, [load, turn, returns]);

  // Many submissions at once are one new look.
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const lookAgain = useCallback(() => {
    if (timer.current !== undefined) return;
    timer.current = setTimeout(() => {
      timer.current = undefined;
      if (isAtTop()) setTurn((n) => n + 1);
    }, 700);
  }, []);
  useEffect(
    () => () => {
      clearTimeout(timer.current);
      timer.current = undefined;
    },
    [],
  );

  const onEvents = (events: readonly Event[]) => {
    const change = applyEvents(
      newest.current,
      places.current,
      events,
      wanted.listed,
    );
    if (change.rows !== newest.current) {
      newest.current = change.rows;
      setState((old) => ({ ...old, rows: change.rows }));
    }
    // The answer that is under way may be from before these events.
    if (isFetching.current && events.some((e) => e.content.case === "state"))
      lookAgain();
    if (change.unknown > 0) {
      if (!isAtTop()) setNewer((n) => n + change.unknown);
      lookAgain();
    }
  };
  useEvents({
    parents: wanted.parent ? [wanted.parent] : [],
    kinds: [EventKind.STATE, EventKind.CLAIM, EventKind.NOTE, EventKind.LIVE],
    onEvents,
    onReset: () => setTurn((n) => n + 1),
  });

  const isCurrent = state.key === key;
  return {
    rows: isCurrent ? state.rows : [],
    total: isCurrent ? state.total : 0,
    isLowerBound: isCurrent && state.isLowerBound,
    isLoading: !isCurrent || state.isLoading,
    hasMore: isCurrent && state.next !== "",
    error: isCurrent ? state.error : null,
    fault: isCurrent && state.error ? faultOfFilter(state.error) : "",
    newer,
    more: () => {
      if (isCurrent && state.next !== "" && !state.isLoading)
        load(state.next, 1000);
    },
    refresh: () => setTurn((n) => n + 1),
  };
}

function faultOfFilter(error: unknown): string {
  const [first] = faultsOf(error);
  return first ? first.description : "";
}

/** Rows as they are after these events, and how many runs are not among them. */
export function applyEvents(
  rows: readonly Row[],
  places: ReadonlyMap<string, number>,
  events: readonly Event[],
  listed: Listed,
): { rows: readonly Row[]; unknown: number } {
  let changed: Row[] | null = null;
  const put = (i: number, row: Row) => {
    changed ??= [...rows];
    changed[i] = row;
  };
  const at = (i: number) => (changed ?? rows)[i];
  let unknown = 0;
  const seen = new Set<string>();
  for (const { parent, content } of events) {
    if (listed === "experiments") {
      const name = experimentOf(parent);
      const i = places.get(name);
      const isNew =
        content.case === "state" &&
        content.value.transition?.fromState === RunState.UNSPECIFIED;
      if (i === undefined) {
        if (isNew && !seen.has(name)) unknown += 1;
        seen.add(name);
        continue;
      }
      const row = at(i) as Experiment;
      if (content.case === "state" && !isNew)
        put(i, countedAgain(row, content.value.transition!));
      if (content.case === "note")
        put(i, {
          ...row,
          notes: content.value.notes,
          tags: content.value.tags,
          etag: content.value.etag,
        });
      if (content.case === "claim") {
        const claim = content.value;
        put(i, {
          ...row,
          claims: row.claims.map((c) => (c.that === claim.that ? claim : c)),
        });
      }
      continue;
    }
    const i = places.get(parent);
    if (i === undefined) {
      if (content.case === "state" && !seen.has(parent)) unknown += 1;
      seen.add(parent);
      continue;
    }
    const row = at(i) as Run;
    if (
      content.case === "state" &&
      content.value.run &&
      isNewer(content.value.run, row)
    )
      put(i, content.value.run);
    if (content.case === "live" && content.value.progress)
      put(i, { ...row, progress: content.value.progress });
  }
  return { rows: changed ?? rows, unknown };
}

function countedAgain(
  experiment: Experiment,
  { fromState, toState }: { fromState: RunState; toState: RunState },
): Experiment {
  const counts = { ...experiment.stateCounts };
  const from = RunState[fromState]!;
  const to = RunState[toState]!;
  // What was fetched may be newer than the event.
  if ((counts[from] ?? 0n) <= 0n) return experiment;
  counts[from] = counts[from]! - 1n;
  if (counts[from] === 0n) delete counts[from];
  counts[to] = (counts[to] ?? 0n) + 1n;
  return { ...experiment, stateCounts: counts };
}
