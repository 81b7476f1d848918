// Lines that attempts have logged, as they come.
import { useCallback, useEffect, useState } from "react";
import { EventKind } from "../../api/engram/v1/events_pb";
import type { LogLine, Run } from "../../api/engram/v1/runs_pb";
import { time } from "../../format";
import { Empty, Fetched } from "../../layout/states";
import { runs } from "../../server/client";
import { useEvents, useQuery } from "../../server/query";

const keyOf = (line: LogLine) =>
  `${line.attempt} ${line.time?.seconds}.${line.time?.nanos} ${line.text}`;

export function LogTab({ run }: { run: Run }) {
  const [newer, setNewer] = useState<readonly LogLine[]>([]);
  const query = useQuery(`log ${run.name}`, async (signal) => {
    const lines: LogLine[] = [];
    let pageToken = "";
    do {
      const page = await runs.readLog(
        { name: run.name, pageSize: 1000, pageToken },
        { signal },
      );
      lines.push(...page.lines);
      pageToken = page.nextPageToken;
    } while (pageToken !== "" && lines.length < 20_000);
    return lines;
  });
  useEffect(() => setNewer([]), [query.data]);
  const onEvents = useCallback(
    (
      events: readonly {
        content: { case?: string | undefined; value?: unknown };
      }[],
    ) => {
      const lines = events
        .filter((e) => e.content.case === "log")
        .map((e) => e.content.value as LogLine);
      if (lines.length > 0) setNewer((old) => [...old, ...lines]);
    },
    [],
  );
  useEvents({
    parents: [run.name],
    kinds: [EventKind.LOG],
    onEvents,
    onReset: query.refresh,
  });
  return (
    <Fetched query={query} what="log">
      {(stored) => {
        const known = new Set(stored.map(keyOf));
        const lines = [...stored, ...newer.filter((l) => !known.has(keyOf(l)))];
        if (lines.length === 0) return <Empty title="Nothing was logged" />;
        return (
          <div className="table" tabIndex={0} role="region" aria-label="Log">
            <table className="mono">
              <thead>
                <tr>
                  <th scope="col">time</th>
                  <th scope="col" className="number">
                    attempt
                  </th>
                  <th scope="col">level</th>
                  <th scope="col">line</th>
                </tr>
              </thead>
              <tbody>
                {lines.map((line, i) => (
                  <tr key={i}>
                    <td className="quiet" style={{ whiteSpace: "nowrap" }}>
                      {time(line.time, true)}
                    </td>
                    <td className="number">{line.attempt}</td>
                    <td className={line.level === "warning" ? "warn" : "quiet"}>
                      {line.level}
                    </td>
                    <td className="wrap">{line.text}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        );
      }}
    </Fetched>
  );
}
