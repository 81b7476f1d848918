// Where the numbers come from: seed, hashes, build, host, every attempt and
// change of state with its cause; and the run executed again.
import type { ListArraysResponse, Run } from "../../api/engram/v1/runs_pb";
import { RunState } from "../../api/engram/v1/runs_pb";
import {
  bytes,
  count,
  durationSeconds,
  integer,
  milliseconds,
  seconds,
  time,
} from "../../format";
import { DataTable, numbers } from "../../layout/data_table";
import { CopyButton } from "../../layout/copy";
import { Fetched } from "../../layout/states";
import { StateMark } from "../../layout/state_mark";
import { runs } from "../../server/client";
import { type Query, useQuery } from "../../server/query";
import { Files } from "./files";
import { Verify } from "./verify";

export function Provenance({
  run,
  arrays,
}: {
  run: Run;
  arrays: Query<ListArraysResponse>;
}) {
  const key = `${run.name} ${run.state} ${run.attemptCount}`;
  const attempts = useQuery(`attempts ${key}`, (signal) =>
    runs.listAttempts({ name: run.name }, { signal }),
  );
  const changes = useQuery(`transitions ${key}`, (signal) =>
    runs.listTransitions({ name: run.name }, { signal }),
  );
  return (
    <div className="stack">
      <section className="panel stack">
        <dl className="facts">
          <dt>Seed</dt>
          <dd>{integer(run.seed)}</dd>
          <dt>Run hash</dt>
          <dd className="mono">{run.runHash}</dd>
          <dt>Result hash</dt>
          <dd className="mono">
            {run.resultHash || "none: it has not succeeded"}
          </dd>
          <dt>Build</dt>
          <dd className="mono">{run.build || "none yet"}</dd>
          <dt>Submitted</dt>
          <dd>
            {time(run.createTime, true)} by {run.owner.replace("users/", "")}
          </dd>
          <dt>Resources</dt>
          <dd>
            {count(run.resources?.cpus ?? 0, "cpu")},{" "}
            {bytes(run.resources?.memoryBytes ?? 0n)},{" "}
            {seconds(durationSeconds(run.resources?.time))}
          </dd>
        </dl>
        <div>
          <CopyButton text={run.name} label="Copy the name" />
        </div>
      </section>
      {run.state === RunState.SUCCEEDED && <Verify run={run} />}
      <Files run={run} arrays={arrays} />
      <section className="stack">
        <h2>Attempts</h2>
        <Fetched query={attempts} what="attempts">
          {(answer) => (
            <DataTable
              label="Attempts"
              columns={[
                "attempt",
                "ended",
                "cause",
                "host",
                "began",
                numbers("took"),
                numbers("processor"),
                numbers("memory"),
                numbers("from tick"),
                "build",
              ]}
            >
              {answer.attempts.map((a) => (
                <tr key={a.name}>
                  <th scope="row">{a.name.split("/").at(-1)}</th>
                  <td>
                    {a.endState === RunState.UNSPECIFIED ? (
                      "runs"
                    ) : (
                      <StateMark state={a.endState} />
                    )}
                  </td>
                  <td>
                    {a.error ? `${a.error.reason}: ${a.error.message}` : ""}
                  </td>
                  <td>
                    {a.host} <span className="quiet">{a.worker}</span>
                  </td>
                  <td>{time(a.startTime, true)}</td>
                  <td className="number">
                    {a.endTime &&
                      seconds(
                        (milliseconds(a.endTime) - milliseconds(a.startTime)) /
                          1000,
                      )}
                  </td>
                  <td className="number">{seconds(a.cpuSeconds)}</td>
                  <td className="number">{bytes(a.peakMemoryBytes)}</td>
                  <td className="number">{integer(a.resumedTick)}</td>
                  <td className="mono" title={a.build}>
                    {a.build.slice(0, 10)}
                  </td>
                </tr>
              ))}
            </DataTable>
          )}
        </Fetched>
      </section>
      <section className="stack">
        <h2>States</h2>
        <Fetched query={changes} what="states">
          {(answer) => (
            <DataTable
              label="States"
              columns={["time", "state", "cause", "who"]}
            >
              {answer.transitions.map((t, i) => (
                <tr key={i}>
                  <td>{time(t.time, true)}</td>
                  <td>
                    <StateMark state={t.toState} />
                  </td>
                  <td>{t.reason}</td>
                  <td className="quiet">{t.actor}</td>
                </tr>
              ))}
            </DataTable>
          )}
        </Fetched>
      </section>
    </div>
  );
}
