// Series of a run: read once, down-sampled by the server where they are long,
// then carried on by the points that events bring.
import { useCallback, useEffect, useRef, useState } from "react";
import { EventKind, type Event } from "../../api/engram/v1/events_pb";
import type {
  ReadSeriesResponse,
  Run,
  Series,
} from "../../api/engram/v1/runs_pb";
import { quantity } from "../../format";
import { runs } from "../../server/client";
import { wasAborted } from "../../server/faults";
import { feed } from "../../server/feed";
import { useEvents } from "../../server/query";
import { useStore } from "../../server/store";
import { type Part, recordedName } from "../../spec/catalogue";

export interface Points {
  series: Series;
  x: number[];
  y: (number | null)[];
  /** Points of the run that these stand for. */
  count: number;
  isSampled: boolean;
}

/** From here on the server is asked for buckets instead of points. */
export const MOST_POINTS = 6000;
const BUCKETS = 1200;

export type Zoom = readonly [number, number] | null;

export function withAbsent(
  values: readonly number[],
  absent: readonly bigint[],
): (number | null)[] {
  const own: (number | null)[] = [...values];
  for (const i of absent) own[Number(i)] = null;
  return own;
}

export const pointsOf = (
  answer: ReadSeriesResponse,
  isSampled: boolean,
): Points => ({
  series: answer.series!,
  x: answer.x,
  y: withAbsent(answer.values, answer.absent),
  count: Number(answer.series!.pointCount),
  isSampled,
});

export async function readSeries(
  run: string,
  series: Series,
  zoom: Zoom,
  signal?: AbortSignal,
): Promise<Points> {
  const isLong = Number(series.pointCount) > MOST_POINTS;
  const answer = await runs.readSeries(
    isLong
      ? {
          name: run,
          series: series.name,
          buckets: BUCKETS,
          ...(zoom ? { xMin: zoom[0], xMax: zoom[1] } : {}),
        }
      : { name: run, series: series.name, maxPoints: 100_000n },
    signal ? { signal } : {},
  );
  return pointsOf(answer, isLong);
}

/** With the points of an event; null when some between are not there. */
export function appended(
  own: Points,
  event: {
    series?: Series | undefined;
    x: readonly number[];
    values: readonly number[];
    absent: readonly bigint[];
  },
): Points | null {
  const series = event.series!;
  const total = Number(series.pointCount);
  if (total <= own.count) return own;
  const first = total - event.x.length;
  if (own.isSampled || first > own.count || event.x.length === 0) return null;
  const skip = own.count - first;
  const values = withAbsent(event.values, event.absent);
  return {
    series,
    x: [...own.x, ...event.x.slice(skip)],
    y: [...own.y, ...values.slice(skip)],
    count: total,
    isSampled: false,
  };
}

/** Each series with its fits: "autocorrelation" with "autocorrelation_fit". */
export function withFits(all: readonly Points[]): Points[][] {
  const nameOf = (p: Points) => p.series.name;
  const ownerOf = (fit: Points) =>
    all.find(
      (p) =>
        p !== fit &&
        p.series.x === fit.series.x &&
        (nameOf(fit) === `${nameOf(p)}_fit` ||
          nameOf(fit).startsWith(`${nameOf(p)}_fit_`)),
    );
  const fits = new Map(all.map((p) => [p, ownerOf(p)]));
  return all
    .filter((p) => fits.get(p) === undefined)
    .map((p) => [p, ...all.filter((fit) => fits.get(fit) === p)]);
}

/**
 * What an analysis found along the x of its series, in the unit of that x: the
 * time constants of a decay over lags, as "tau 98.2 ms". The first that its
 * outputs name, with those that follow it in the same unit; empty without one.
 */
export function constantsAlong(
  run: Pick<Run, "summary">,
  part: Part,
  { series }: Points,
): string {
  const { xUnit } = series;
  if (xUnit === "" || xUnit === "1") return "";
  const values = part.type.outputs.filter((o) => o.kind === "summary");
  const from = values.findIndex((o) => o.unit === xUnit);
  if (from < 0) return "";
  const end = values.findIndex((o, i) => i > from && o.unit !== xUnit);
  return values
    .slice(from, end < 0 ? values.length : end)
    .flatMap((output) => {
      const found = run.summary[recordedName(part, output)];
      return found?.content.case === "value"
        ? `${output.name.replaceAll("_", " ")} ${quantity(found.content.value, xUnit, 3)}`
        : [];
    })
    .join(", ");
}

export interface RunSeries {
  byName: ReadonlyMap<string, Points>;
  isLoading: boolean;
  error: unknown;
}

export function useRunSeries(
  run: string,
  zoom: Zoom,
  zoomX: string,
): RunSeries {
  const [state, setState] = useState<RunSeries>({
    byName: new Map(),
    isLoading: true,
    error: null,
  });
  const [turn, setTurn] = useState(0);
  const returns = useStore(feed.returns);
  const kept = useRef(new Map<string, Points>());
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const again = useCallback(() => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      setTurn((n) => n + 1);
    }, 500);
  }, []);
  useEffect(
    () => () => {
      clearTimeout(timer.current);
      timer.current = undefined;
    },
    [],
  );

  const zoomKey = zoom ? zoom.join() : "";
  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    const load = async () => {
      const { series } = await runs.listSeries({ name: run }, { signal });
      const all = await Promise.all(
        series.map((s) =>
          readSeries(run, s, s.x === zoomX ? zoom : null, signal),
        ),
      );
      kept.current = new Map(all.map((points) => [points.series.name, points]));
      setState({
        byName: new Map(kept.current),
        isLoading: false,
        error: null,
      });
    };
    load().catch((error: unknown) => {
      if (signal.aborted || wasAborted(error)) return;
      setState((old) => ({ ...old, isLoading: false, error }));
    });
    return () => controller.abort();
  }, [run, turn, zoomKey, zoomX, returns]);

  useEvents({
    parents: [run],
    kinds: [EventKind.POINTS_STORED],
    onEvents: (events: readonly Event[]) => {
      let isChanged = false;
      for (const { content } of events) {
        if (content.case !== "pointsStored" || !content.value.series) continue;
        const own = kept.current.get(content.value.series.name);
        const next = own && appended(own, content.value);
        if (!next) again();
        else if (next !== own) {
          kept.current.set(next.series.name, next);
          isChanged = true;
          if (next.count > MOST_POINTS) again();
        }
      }
      if (isChanged)
        setState((old) => ({ ...old, byName: new Map(kept.current) }));
    },
    onReset: again,
  });
  return state;
}
