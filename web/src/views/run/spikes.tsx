// The spikes of a network: live while it runs, and what was recorded.
import { useEffect, useMemo } from "react";
import {
  type ListPopulationsResponse,
  type Population,
  type ReadSpikesResponse,
  type Run,
  RunState,
} from "../../api/engram/v1/runs_pb";
import { Heatmap } from "../../charts/heatmap";
import { LineChart } from "../../charts/line_chart";
import { Raster, LEFT as RASTER_LEFT } from "../../charts/raster";
import {
  type Activities,
  type Band,
  type Rate,
  join,
  marksOf,
  rateOf,
  rateOfPreviews,
} from "../../charts/spikes";
import { integer } from "../../format";
import { Failed, Loading } from "../../layout/states";
import { isEnded } from "../../layout/state_mark";
import { useParameter } from "../../route";
import { runs } from "../../server/client";
import { type Query, useQuery } from "../../server/query";
import type { Part } from "../../spec/catalogue";
import { parseZoom, zoomText } from "./metrics";

const COLUMNS = 800;
const ROWS = 500;
const RATE_BINS = 160;
const MOST_CURVES = 8;
const REFRESH_MS = 2000;

export const usePopulations = (run: Run): Query<ListPopulationsResponse> =>
  useQuery(`populations ${run.name} ${run.state}`, (signal) =>
    runs.listPopulations({ name: run.name }, { signal }),
  );

/** Rows of the picture that each population gets of all. */
export function rowsOf(populations: readonly Population[]): number[] {
  const total = populations.reduce((sum, p) => sum + Number(p.unitCount), 0);
  return populations.map((p) =>
    Math.min(
      Number(p.unitCount),
      Math.max(32, Math.round((ROWS * Number(p.unitCount)) / total)),
    ),
  );
}

/** Beyond the last spike of all, which is at the end of its step [ms]. */
export const endOf = (populations: readonly Population[]): number =>
  populations.reduce(
    (end, p) =>
      p.spikeCount === 0n ? end : Math.max(end, Number(p.lastStep + 2n) * p.dt),
    0,
  );

/** How long a run that came to its end had to simulate [ms]; 0: unknown. */
function durationOf(run: Run, [root]: readonly Part[]): number {
  const isMs = root?.type.parameters.some(
    (p) => p.name === "duration" && p.unit === "ms",
  );
  const duration = Number(root?.values["duration"]);
  return run.state === RunState.SUCCEEDED && isMs && duration > 0
    ? duration
    : 0;
}

export function Spikes({
  run,
  parts,
  populations,
  live,
}: {
  run: Run;
  parts: readonly Part[];
  populations: Query<ListPopulationsResponse>;
  live: Activities;
}) {
  const [chosen, setChosen] = useParameter("spikes");
  const recorded = populations.data?.populations ?? [];
  const hasRecorded = recorded.some((p) => p.spikeCount > 0n);
  const isLive = live.size > 0 && (chosen !== "recorded" || !hasRecorded);
  const isGoing = !isEnded(run.state);
  useEffect(() => {
    if (!isGoing) return undefined;
    const timer = setInterval(populations.refresh, REFRESH_MS);
    return () => clearInterval(timer);
  }, [isGoing, populations.refresh]);
  if (live.size === 0 && recorded.length === 0) return null;
  const switcher = live.size > 0 && hasRecorded && (
    <div className="segments" role="group" aria-label="Which spikes">
      <button type="button" aria-pressed={isLive} onClick={() => setChosen("")}>
        Live
      </button>
      <button
        type="button"
        aria-pressed={!isLive}
        onClick={() => setChosen("recorded")}
      >
        Recorded
      </button>
    </div>
  );
  return isLive ? (
    <LiveSpikes live={live} controls={switcher} />
  ) : (
    <RecordedSpikes
      run={run}
      populations={recorded}
      duration={durationOf(run, parts)}
      controls={switcher}
    />
  );
}

function LiveSpikes({
  live,
  controls,
}: {
  live: Activities;
  controls: React.ReactNode;
}) {
  const shown = useMemo(() => {
    const all = [...live];
    const bands: Band[] = all.map(([name, previews]) => ({
      name,
      units: Number(previews[0]!.unitCount),
      marks: join(previews.map(marksOf)),
    }));
    const ends = all.flatMap(([, previews]) => [
      Number(previews[0]!.beginStep) * previews[0]!.dt,
      Number(previews.at(-1)!.endStep) * previews.at(-1)!.dt,
    ]);
    const rates = all.map(([, previews]) => rateOfPreviews(previews));
    const range = [Math.min(...ends), Math.max(...ends)] as const;
    return { bands, rates, range };
  }, [live]);
  return (
    <>
      <section className="panel" data-testid="live-spikes">
        <Raster
          title="Spikes, live"
          hint="A dot for each cell of the picture in which a unit fired; what the screen cannot show is left out."
          bands={shown.bands}
          range={shown.range}
          controls={controls}
        />
      </section>
      <Rates bands={shown.bands} rates={shown.rates} isLive />
    </>
  );
}

function RecordedSpikes({
  run,
  populations,
  duration,
  controls,
}: {
  run: Run;
  populations: readonly Population[];
  duration: number;
  controls: React.ReactNode;
}) {
  const [zoomParameter, setZoom] = useParameter("zoom");
  const zoom = useMemo(() => {
    const { x, range } = parseZoom(zoomParameter);
    return x === "ms" ? range : null;
  }, [zoomParameter]);
  const last = endOf(populations);
  const end = last > 0 ? Math.max(last, duration) : 0;
  const range = useMemo<readonly [number, number]>(
    () => zoom ?? [0, end],
    [zoom, end],
  );
  const names = populations.map((p) => p.name).join(" ");
  const query = useQuery(
    end > 0
      ? `spikes ${run.name} ${names} ${range.join(" ")} ${isEnded(run.state) ? "" : end}`
      : null,
    (signal) => readAll(run.name, populations, range, signal),
  );
  const shown = useMemo(
    () => query.data && pictureOf(query.data, populations),
    [query.data],
  );
  const zoomTo = (next: [number, number] | null) =>
    setZoom(zoomText("ms", next));
  if (end === 0)
    return (
      <section className="panel">
        <div className="notice">
          <strong>No unit has fired</strong>
          {populations.map((p) => p.name.replaceAll("_", " ")).join(", ")}:
          recorded, and silent.
        </div>
      </section>
    );
  if (!shown)
    return (
      <section className="panel">
        {query.error !== null ? (
          <Failed what="spikes" error={query.error} retry={query.refresh} />
        ) : (
          <Loading what="spikes" />
        )}
      </section>
    );
  return (
    <>
      <section className="panel" data-testid="recorded-spikes">
        <Raster
          title="Spikes"
          hint="Drag to zoom: the server sends what that range holds."
          bands={shown.bands}
          range={range}
          onZoom={zoomTo}
          controls={
            <>
              {controls}
              {zoom && (
                <button type="button" onClick={() => zoomTo(null)}>
                  Show all
                </button>
              )}
            </>
          }
        />
        <p className="quiet small">
          {shown.drawn < shown.spikes
            ? `${integer(shown.spikes)} spikes; ${integer(shown.drawn)} of them, the first in each cell of the picture, are drawn. Zoom for more.`
            : `${integer(shown.spikes)} spikes, all of them drawn.`}
        </p>
      </section>
      <Rates
        bands={shown.bands}
        rates={shown.rates}
        range={range}
        onZoom={zoomTo}
      />
    </>
  );
}

/** The first step that ends at `ms` or later: where its spikes are. */
export const stepAt = (ms: number, dt: number): number =>
  Math.max(0, Math.ceil(ms / dt - 1 - 1e-6));

const readAll = (
  name: string,
  populations: readonly Population[],
  range: readonly [number, number],
  signal: AbortSignal,
) => {
  const rows = rowsOf(populations);
  return Promise.all(
    populations.map((p, i) =>
      runs.readSpikes(
        {
          name,
          population: p.name,
          beginStep: BigInt(stepAt(range[0], p.dt)),
          endStep: BigInt(
            Math.max(stepAt(range[0], p.dt) + 1, stepAt(range[1], p.dt)),
          ),
          columns: COLUMNS,
          rows: rows[i]!,
        },
        { signal },
      ),
    ),
  );
};

/** What the server sent, as bands and rates. */
export function pictureOf(
  replies: readonly ReadSpikesResponse[],
  populations: readonly Population[],
): { bands: Band[]; rates: Rate[]; spikes: number; drawn: number } {
  const bands = replies.map((reply, i) => ({
    name: populations[i]!.name,
    units: Number(populations[i]!.unitCount),
    marks: {
      ms: reply.steps.map((step) => Number(step + 1n) * populations[i]!.dt),
      unit: [...reply.units],
    },
  }));
  const rates = replies.map((reply, i) => {
    const begin = Number(reply.beginStep) * populations[i]!.dt;
    const end = Number(reply.endStep) * populations[i]!.dt;
    return rateOf(
      reply.counts,
      begin,
      (end - begin) / Math.max(1, reply.counts.length),
      Number(populations[i]!.unitCount),
      RATE_BINS,
    );
  });
  const spikes = replies.reduce(
    (sum, reply) => reply.counts.reduce((s, count) => s + Number(count), sum),
    0,
  );
  const drawn = bands.reduce((sum, band) => sum + band.marks.ms.length, 0);
  return { bands, rates, spikes, drawn };
}

/** Rates over time: curves of a few populations, colours of many. */
function Rates({
  bands,
  rates,
  isLive = false,
  range,
  onZoom,
}: {
  bands: readonly Band[];
  rates: readonly Rate[];
  isLive?: boolean;
  range?: readonly [number, number];
  onZoom?: (range: [number, number] | null) => void;
}) {
  const title = isLive ? "Rates, live" : "Rates";
  const curves = useMemo(
    () =>
      bands.map((band, i) => ({
        name: band.name.replaceAll("_", " "),
        x: rates[i]!.ms,
        y: rates[i]!.hz,
      })),
    [bands, rates],
  );
  const matrix = useMemo(() => {
    const columns = Math.min(...rates.map((rate) => rate.ms.length));
    const values = new Float64Array(bands.length * columns);
    rates.forEach((rate, i) => {
      for (let j = 0; j < columns; j += 1)
        values[i * columns + j] = rate.hz[j] ?? NaN;
    });
    return { rows: bands.length, columns, values, unit: "Hz" };
  }, [bands, rates]);
  const hint = "Spikes a unit of each population fired, over time.";
  return (
    <section className="panel" data-testid="rates">
      {bands.length <= MOST_CURVES ? (
        <LineChart
          title={title}
          hint={hint}
          x={{ name: "time", unit: "ms" }}
          y={{ name: "rate", unit: "Hz" }}
          curves={curves}
          height={180}
          left={RASTER_LEFT}
          {...(range ? { zoom: range } : {})}
          {...(onZoom ? { onZoom } : {})}
        />
      ) : (
        <Heatmap
          title={title}
          hint={hint}
          matrix={matrix}
          value="rate"
          x={{ name: "time", unit: "ms", values: rates[0]!.ms }}
          y={{ name: "population", unit: "", values: bands.map((b) => b.name) }}
          isSquare={false}
        />
      )}
    </section>
  );
}
