// One run: what it is doing, what it found, how to do it again.
import { useEffect, useRef, useState } from "react";
import {
  EventKind,
  type Event,
  type Live,
} from "../../api/engram/v1/events_pb";
import type { Run } from "../../api/engram/v1/runs_pb";
import { type Activities, withActivity } from "../../charts/spikes";
import { milliseconds } from "../../format";
import { Link } from "../../layout/link";
import { Fetched } from "../../layout/states";
import { useParameter, useRoute } from "../../route";
import { runs } from "../../server/client";
import { useEvents, useQuery } from "../../server/query";
import { type Part, partsOf, useCatalogue } from "../../spec/catalogue";
import { snapshotsOf } from "./arrays";
import { Activity } from "./activity";
import { ExperimentTab } from "./experiment";
import { LogTab } from "./log";
import { Metrics } from "./metrics";
import { Provenance } from "./provenance";
import { Results } from "./results";
import { RunHead } from "./run_head";
import { Weights } from "./weights";

const TABS = [
  ["metrics", "Metrics"],
  ["weights", "Weights"],
  ["activity", "Activity"],
  ["results", "Results"],
  ["log", "Log"],
  ["experiment", "Experiment"],
  ["provenance", "Provenance"],
] as const;

/** Live previews by name, the newest last. */
export type Previews = ReadonlyMap<string, readonly (readonly number[])[]>;

const MOST_PREVIEWS = 200;

function withPreview(old: Previews, live: Live): Previews {
  const rows = [...(old.get(live.name) ?? []), live.values].slice(
    -MOST_PREVIEWS,
  );
  return new Map(old).set(live.name, rows);
}

/** The run as an event tells of it; null when what is shown is newer. */
export const newerState = (shown: Run, told: Run): Run | null =>
  milliseconds(told.stateTime) < milliseconds(shown.stateTime)
    ? null
    : { ...told, treeJson: shown.treeJson };

export function RunView({ name }: { name: string }) {
  const query = useQuery(`run ${name}`, (signal) =>
    runs.getRun({ name, full: true }, { signal }),
  );
  const [fresh, setFresh] = useState<Run | null>(null);
  const [previews, setPreviews] = useState<Previews>(new Map());
  const [activities, setActivities] = useState<Activities>(new Map());
  const latest = useRef<Run | undefined>(undefined);
  latest.current = fresh ?? query.data;
  // An event may come before the answer that was asked for earlier, and tell of
  // a later state: the newer of both is shown.
  const told = useRef<Run | null>(null);
  useEffect(() => {
    const { data } = query;
    const newer =
      data && told.current?.name === data.name
        ? newerState(data, told.current)
        : null;
    setFresh(newer);
  }, [query.data]);

  useEvents({
    parents: [name],
    kinds: [
      EventKind.STATE,
      EventKind.LIVE,
      EventKind.POINTS_STORED,
      EventKind.LOG,
      EventKind.ATTEMPT,
    ],
    onEvents: (events: readonly Event[]) => {
      for (const { content } of events) {
        const run = latest.current;
        if (content.case === "state" && content.value.run?.name === name)
          told.current = content.value.run;
        if (!run) continue;
        if (content.case === "state" && content.value.run) {
          const next = newerState(run, content.value.run);
          if (!next) continue;
          latest.current = next;
          setFresh(next);
        } else if (content.case === "live") {
          const live = content.value;
          if (live.progress) {
            latest.current = { ...run, progress: live.progress };
            setFresh(latest.current);
          }
          if (live.activity) {
            const { activity } = live;
            setActivities((old) => withActivity(old, activity));
          } else if (live.name && live.values.length > 0)
            setPreviews((old) => withPreview(old, live));
        }
      }
    },
    onReset: query.refresh,
  });

  return (
    <Fetched query={query} what="run">
      {(run) => (
        <Content
          run={fresh ?? run}
          previews={previews}
          activities={activities}
          refresh={query.refresh}
        />
      )}
    </Fetched>
  );
}

function Content({
  run,
  previews,
  activities,
  refresh,
}: {
  run: Run;
  previews: Previews;
  activities: Activities;
  refresh: () => void;
}) {
  const { path } = useRoute();
  const [tab] = useParameter("tab", "metrics");
  const tabs = useRef<HTMLElement>(null);
  // On a narrow screen the one that is open may lie beyond the edge.
  useEffect(() => {
    const row = tabs.current;
    const own = row?.querySelector<HTMLElement>("[aria-current]");
    if (row && own)
      row.scrollLeft =
        own.offsetLeft -
        row.offsetLeft -
        (row.clientWidth - own.clientWidth) / 2;
  }, [tab]);
  const catalogue = useCatalogue();
  const arrays = useQuery(`arrays ${run.name} ${run.state}`, (signal) =>
    runs.listArrays({ name: run.name }, { signal }),
  );
  const tree = JSON.parse(run.treeJson || "{}") as { experiment?: unknown };
  const parts: Part[] = catalogue.data
    ? partsOf(tree.experiment, catalogue.data)
    : [];
  const snapshots = snapshotsOf(arrays.data?.arrays ?? []);
  const shared = { run, parts, snapshots };
  return (
    <>
      <RunHead run={run} refresh={refresh} />
      <nav className="tabs" aria-label="Parts of the run" ref={tabs}>
        {TABS.map(([key, title]) => (
          <Link
            key={key}
            to={key === "metrics" ? path : `${path}?tab=${key}`}
            aria-current={tab === key ? "page" : undefined}
          >
            {title}
          </Link>
        ))}
      </nav>
      {tab === "metrics" && <Metrics run={run} parts={parts} />}
      {tab === "weights" && <Weights {...shared} arrays={arrays} />}
      {tab === "activity" && (
        <Activity
          {...shared}
          arrays={arrays}
          previews={previews}
          activities={activities}
        />
      )}
      {tab === "results" && <Results {...shared} arrays={arrays} />}
      {tab === "log" && <LogTab run={run} />}
      {tab === "experiment" && <ExperimentTab run={run} />}
      {tab === "provenance" && <Provenance run={run} arrays={arrays} />}
    </>
  );
}
