// Parameters that do not vary within an experiment stand in its tree alone:
// fetched once an experiment, when a column asks for them.
import { useCallback, useEffect, useRef, useState } from "react";
import type { Run } from "../../api/engram/v1/runs_pb";
import { experimentOf } from "../../route";
import { experiments } from "../../server/client";

const MOST = 200;

export function useConstants(
  rows: readonly Run[],
  isWanted: boolean,
): (run: string) => unknown {
  const trees = useRef(new Map<string, unknown>());
  const [version, setVersion] = useState(0);
  useEffect(() => {
    if (!isWanted) return;
    const missing = new Set<string>();
    for (const run of rows) {
      const name = experimentOf(run.name);
      if (!trees.current.has(name)) missing.add(name);
      if (missing.size >= MOST) break;
    }
    for (const name of missing) trees.current.set(name, undefined);
    void Promise.all(
      [...missing].map(async (name) => {
        try {
          const { canonicalJson } = await experiments.getExperiment({ name });
          trees.current.set(name, JSON.parse(canonicalJson));
        } catch {
          trees.current.delete(name);
        }
      }),
    ).then(() => missing.size > 0 && setVersion((n) => n + 1));
  }, [rows, isWanted]);
  return useCallback(
    (run: string) => trees.current.get(experimentOf(run)),
    [version],
  );
}
