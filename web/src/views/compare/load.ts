// The runs to compare, with their whole trees.
import type { Run } from "../../api/engram/v1/runs_pb";
import { longName } from "../../route";
import { experiments, runs } from "../../server/client";
import { type Query, useQuery } from "../../server/query";
import { type Compared, compared, withNames } from "./table";

export const MOST_RUNS = 200;

/** What the address asks to compare. */
export interface Asked {
  runs: string;
  experiment: string;
  filter: string;
}

async function named(
  names: readonly string[],
  signal: AbortSignal,
): Promise<Run[]> {
  const found: Run[] = [];
  for (const name of names) {
    const whole = longName(name);
    if (whole.includes("/runs/"))
      found.push(await runs.getRun({ name: whole, full: true }, { signal }));
    else found.push(...(await listed(whole, "", signal)));
    if (found.length >= MOST_RUNS) break;
  }
  return found.slice(0, MOST_RUNS);
}

async function listed(
  parent: string,
  filter: string,
  signal: AbortSignal,
): Promise<Run[]> {
  const answer = await runs.listRuns(
    { parent: parent || "experiments/-", filter, pageSize: MOST_RUNS },
    { signal },
  );
  return withTrees(answer.runs, signal);
}

// A listing has what varies; the rest is the experiment's, the same for all.
async function withTrees(
  all: readonly Run[],
  signal: AbortSignal,
): Promise<Run[]> {
  const width = 8;
  const whole: Run[] = [];
  for (let i = 0; i < all.length; i += width)
    whole.push(
      ...(await Promise.all(
        all
          .slice(i, i + width)
          .map(({ name }) => runs.getRun({ name, full: true }, { signal })),
      )),
    );
  return whole;
}

export function useCompared(
  asked: Asked,
): Query<{ all: Compared[]; total: number }> {
  const isAsked = asked.runs || asked.experiment || asked.filter;
  return useQuery(isAsked ? JSON.stringify(asked) : null, async (signal) => {
    let found: Run[];
    let total: number;
    if (asked.runs) {
      found = await named(asked.runs.split(",").filter(Boolean), signal);
      total = found.length;
    } else {
      const parent = asked.experiment ? longName(asked.experiment) : "";
      found = await listed(parent, asked.filter, signal);
      total =
        asked.experiment && !asked.filter
          ? Number(
              (await experiments.getExperiment({ name: parent }, { signal }))
                .runCount,
            )
          : found.length;
    }
    return { all: withNames(found.map(compared)), total };
  });
}
