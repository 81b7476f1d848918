// Who waits for what and why, and the machine that does the work.
import { useRef } from "react";
import type {
  ListQueueResponse,
  ListWorkersResponse,
  ServerStatus,
} from "../../api/engram/v1/admin_pb";
import { EventKind } from "../../api/engram/v1/events_pb";
import { RunState } from "../../api/engram/v1/runs_pb";
import {
  bytes,
  count,
  digest,
  integer,
  percent,
  relative,
  time,
} from "../../format";
import { DataTable, numbers } from "../../layout/data_table";
import { Link } from "../../layout/link";
import { StateMark } from "../../layout/state_mark";
import { Empty, Fetched } from "../../layout/states";
import { shortName } from "../../route";
import { admin } from "../../server/client";
import { useEvents, useQuery } from "../../server/query";
import { useRights } from "../../server/session";
import { Administration } from "./administration";

export function QueueView() {
  const rights = useRights();
  const query = useQuery("machine", async (signal) => {
    const [status, queue, workers] = await Promise.all([
      admin.getStatus({}, { signal }),
      admin.listQueue({ pageSize: 200 }, { signal }),
      admin.listWorkers({}, { signal }),
    ]);
    return { status, queue, workers };
  });
  // Many changes at once are one new look.
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEvents({
    parents: [],
    kinds: [EventKind.STATE],
    onEvents: () => {
      timer.current ??= setTimeout(() => {
        timer.current = undefined;
        query.refresh();
      }, 1000);
    },
    onReset: query.refresh,
  });
  return (
    <>
      <h1>Queue and machine</h1>
      <Fetched query={query} what="queue">
        {({ status, queue, workers }) => (
          <>
            <Machine status={status} />
            <Waiting queue={queue} />
            <WorkerTable workers={workers} />
          </>
        )}
      </Fetched>
      {rights.mayAdminister && (
        <Administration
          isDraining={query.data?.status.draining ?? false}
          refresh={query.refresh}
        />
      )}
    </>
  );
}

function Load({
  label,
  part,
  text,
}: {
  label: string;
  part: number;
  text: string;
}) {
  return (
    <div className="stack tight">
      <div className="bar">
        <span>{label}</span>
        <span className="push quiet">{text}</span>
      </div>
      <div
        className="meter"
        style={{ flex: "none" }}
        role="meter"
        aria-label={label}
        aria-valuenow={Math.round(part * 100)}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuetext={text}
      >
        <div style={{ width: `${Math.min(100, part * 100)}%` }} />
      </div>
    </div>
  );
}

function Machine({ status: s }: { status: ServerStatus }) {
  const memory =
    Number(s.memoryBytesInUse) / Math.max(1, Number(s.memoryBytes));
  return (
    <section className="panel stack" aria-label="Machine">
      {s.draining && (
        <p className="warn" role="status">
          Draining: no more runs are started.
        </p>
      )}
      {s.diskLow && (
        <p className="bad" role="alert">
          The disk is nearly full: new runs are refused, none starts.
        </p>
      )}
      <div className="grid fitted">
        <Load
          label="Processors in use"
          part={s.cpusInUse / Math.max(1, s.cpus)}
          text={`${s.cpusInUse} of ${s.cpus}`}
        />
        <Load
          label="Memory given to runs"
          part={memory}
          text={`${bytes(s.memoryBytesInUse)} of ${bytes(s.memoryBytes)} (${percent(memory)})`}
        />
      </div>
      <dl className="facts">
        <dt>Runs</dt>
        <dd>
          {integer(s.runningRuns)} at work, {integer(s.queuedRuns)} waiting;{" "}
          {count(s.experimentCount, "experiment")} stored
        </dd>
        <dt>Disk</dt>
        <dd>
          {bytes(s.freeDiskBytes)} free; databases take {bytes(s.databaseBytes)}
        </dd>
        <dt>Server</dt>
        <dd>
          {s.version}, started {relative(s.startTime)}
        </dd>
        <dt>Build</dt>
        <dd className="mono" title={s.build}>
          {digest(s.build)}
        </dd>
        <dt>Backup</dt>
        <dd>
          {s.backup
            ? `under way: ${bytes(s.backup.doneBytes)} of ${bytes(s.backup.totalBytes)}`
            : s.lastBackupTime
              ? `the last ${relative(s.lastBackupTime)}`
              : "none yet"}
        </dd>
      </dl>
    </section>
  );
}

function Waiting({ queue }: { queue: ListQueueResponse }) {
  return (
    <section className="stack">
      <h2>
        {integer(queue.runningRuns)} at work, {integer(queue.queuedRuns)}{" "}
        waiting
      </h2>
      {queue.entries.length === 0 ? (
        <p className="quiet">Nothing runs and nothing waits.</p>
      ) : (
        <DataTable
          label="Queue"
          style={{ maxHeight: 480 }}
          columns={[
            numbers("place"),
            "run",
            "user",
            "state",
            "why",
            numbers("cpus"),
            numbers("memory"),
            "since",
          ]}
        >
          {queue.entries.map((entry) => (
            <tr key={entry.run}>
              <td className="number">
                {entry.position > 0n ? integer(entry.position) : ""}
              </td>
              <th scope="row">
                <Link className="mono" to={`/${entry.run}`}>
                  {shortName(entry.run)}
                </Link>
              </th>
              <td>{entry.owner.replace("users/", "")}</td>
              <td>
                <StateMark
                  state={
                    RunState[entry.state as keyof typeof RunState] ??
                    RunState.UNSPECIFIED
                  }
                />
              </td>
              <td>{entry.explanation}</td>
              <td className="number">{entry.cpus}</td>
              <td className="number">{bytes(entry.memoryBytes)}</td>
              <td
                title={time(entry.since, true)}
                style={{ whiteSpace: "nowrap" }}
              >
                {relative(entry.since)}
              </td>
            </tr>
          ))}
        </DataTable>
      )}
    </section>
  );
}

function WorkerTable({ workers }: { workers: ListWorkersResponse }) {
  return (
    <section className="stack">
      <h2>Workers</h2>
      {workers.workers.length === 0 ? (
        <Empty title="No worker is attached">Runs wait until one is.</Empty>
      ) : (
        <DataTable
          label="Workers"
          columns={[
            "worker",
            "host",
            numbers("process"),
            numbers("cpus"),
            "run",
            numbers("in hand"),
            "attached",
            "build",
          ]}
        >
          {workers.workers.map((w) => (
            <tr key={w.name}>
              <th scope="row">{w.name.replace("workers/", "")}</th>
              <td>{w.host}</td>
              <td className="number">{String(w.pid)}</td>
              <td className="number">{w.cpus}</td>
              <td>
                {w.run ? (
                  <Link className="mono" to={`/${w.run}`}>
                    {shortName(w.run)}
                  </Link>
                ) : (
                  <span className="quiet">idle</span>
                )}
              </td>
              <td className="number">{w.heldRuns}</td>
              <td>{relative(w.connectTime)}</td>
              <td className="mono" title={w.build}>
                {w.build.slice(0, 10)}
              </td>
            </tr>
          ))}
        </DataTable>
      )}
    </section>
  );
}
