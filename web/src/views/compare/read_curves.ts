// One series of many runs: each with its peaks, or as means over buckets that
// all of them share, and read again as runs that still go store points.
import { useCallback, useEffect, useRef } from "react";
import { EventKind } from "../../api/engram/v1/events_pb";
import { isEnded } from "../../layout/state_mark";
import { runs } from "../../server/client";
import { isAway, wasAborted } from "../../server/faults";
import { type Query, useEvents, useQuery } from "../../server/query";
import { type Points, type Zoom, pointsOf } from "../run/series";
import type { Compared } from "./table";

// Of all curves of a chart together, so that two hundred are drawn as soon as
// ten are.
const MOST_POINTS = 40_000;
const MOST_OF_ONE = 6000;
const MOST_BUCKETS = 1000;
const WIDTH = 8;
const EVERY_MS = 1000;

/** What a series of one run spans; null when the run has none. */
interface Extent {
  count: number;
  first: number;
  last: number;
}

export interface Plan {
  /** 0: every point is read. */
  buckets: number;
  /** Range of the buckets; null: that of each run's own points. */
  range: Zoom;
}

/** How the curves are read, by what they span. */
export function planOf(
  extents: readonly (Extent | null)[],
  zoom: Zoom,
  areMeans: boolean,
): Plan {
  const own = extents.filter((e): e is Extent => e !== null && e.count > 0);
  const all = own.reduce((sum, e) => sum + e.count, 0);
  const longest = own.reduce((most, e) => Math.max(most, e.count), 0);
  if (longest <= MOST_OF_ONE && all <= MOST_POINTS)
    return { buckets: 0, range: null };
  const fair = Math.floor(MOST_POINTS / 2 / Math.max(1, own.length));
  const buckets = Math.max(50, Math.min(MOST_BUCKETS, fair));
  const range: Zoom = areMeans
    ? [
        own.reduce((least, e) => Math.min(least, e.first), Infinity),
        own.reduce((most, e) => Math.max(most, e.last), -Infinity),
      ]
    : null;
  return { buckets, range: zoom ?? range };
}

/** A few at a time: a browser asks a server for no more at once anyway. */
async function forAll<T, R>(
  all: readonly T[],
  read: (one: T) => Promise<R>,
): Promise<R[]> {
  const found: R[] = [];
  for (let i = 0; i < all.length; i += WIDTH)
    found.push(...(await Promise.all(all.slice(i, i + WIDTH).map(read))));
  return found;
}

const isGone = (error: unknown, signal: AbortSignal) =>
  signal.aborted || wasAborted(error) || isAway(error);

async function extentOf(
  name: string,
  series: string,
  signal: AbortSignal,
): Promise<Extent | null> {
  try {
    const answer = await runs.readSeries(
      { name, series, maxPoints: 1n },
      { signal },
    );
    return {
      count: Number(answer.series!.pointCount),
      first: answer.x[0] ?? 0,
      last: answer.series!.lastX,
    };
  } catch (thrown) {
    if (isGone(thrown, signal)) throw thrown;
    return null; // A run that ended early, or has not begun, has none.
  }
}

async function read(
  name: string,
  series: string,
  plan: Plan,
  areMeans: boolean,
  signal: AbortSignal,
): Promise<Points> {
  const { buckets, range } = plan;
  const answer = await runs.readSeries(
    buckets > 0
      ? {
          name,
          series,
          buckets,
          means: areMeans,
          ...(range ? { xMin: range[0], xMax: range[1] } : {}),
        }
      : { name, series, maxPoints: BigInt(MOST_OF_ONE) },
    { signal },
  );
  return pointsOf(answer, buckets > 0);
}

export interface Curves {
  /** By the names of runs; runs without the series are not there. */
  points: ReadonlyMap<string, Points>;
  /** How many each curve is divided into; 0: every point is there. */
  buckets: number;
}

/** What was read of runs that have ended, which stays as it is. */
type Kept = Map<string, unknown>;

async function readAll(
  all: readonly Compared[],
  series: string,
  zoom: Zoom,
  areMeans: boolean,
  kept: Kept,
  signal: AbortSignal,
): Promise<Curves> {
  const once = async <T>(c: Compared, what: string, ask: () => Promise<T>) => {
    const key = `${c.run.name} ${c.run.state} ${series} ${what}`;
    if (kept.has(key)) return kept.get(key) as T;
    const answer = await ask();
    if (isEnded(c.run.state)) kept.set(key, answer);
    return answer;
  };
  const extents = await forAll(all, (c) =>
    once(c, "extent", () => extentOf(c.run.name, series, signal)),
  );
  const plan = planOf(extents, zoom, areMeans);
  const there = all.filter((_, i) => (extents[i]?.count ?? 0) > 0);
  const found = await forAll(there, (c) =>
    once(c, JSON.stringify([plan, areMeans]), () =>
      read(c.run.name, series, plan, areMeans, signal),
    ),
  );
  return {
    points: new Map(there.map((c, i) => [c.run.name, found[i]!])),
    buckets: plan.buckets,
  };
}

/** The curves, read again while runs go on. */
export function useCurves(
  all: readonly Compared[],
  series: string,
  zoom: Zoom,
  areMeans: boolean,
): Query<Curves> {
  const kept = useRef<Kept>(new Map());
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const query = useQuery(
    JSON.stringify([
      "curves",
      series,
      zoom,
      areMeans,
      all.map((c) => [c.run.name, c.run.state]),
    ]),
    (signal) => readAll(all, series, zoom, areMeans, kept.current, signal),
  );
  const { refresh } = query;
  const again = useCallback(() => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      refresh();
    }, EVERY_MS);
  }, [refresh]);
  useEffect(
    () => () => {
      clearTimeout(timer.current);
      timer.current = undefined;
    },
    [],
  );
  const going = all.filter((c) => !isEnded(c.run.state));
  useEvents(
    going.length > 0
      ? {
          parents: going.map((c) => c.run.name),
          kinds: [EventKind.POINTS_STORED],
          onEvents: (events) => {
            const isOurs = events.some(
              ({ content }) =>
                content.case === "pointsStored" &&
                content.value.series?.name === series,
            );
            if (isOurs) again();
          },
          onReset: again,
        }
      : null,
  );
  return query;
}
