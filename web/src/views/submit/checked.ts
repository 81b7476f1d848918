// What the server says to the text while it is written.
import { useEffect, useState } from "react";
import type { EstimateExperimentResponse } from "../../api/engram/v1/experiments_pb";
import { experiments } from "../../server/client";
import { faultsOf, isAway, messageOf, wasAborted } from "../../server/faults";
import { useStore } from "../../server/store";
import { feed } from "../../server/feed";

/** A fault where it is. */
export interface Place {
  /** From 1; 0: of the whole. */
  line: number;
  /** "experiment.rule.eta"; may be empty. */
  path: string;
  message: string;
}

/** "text:6:experiment.rule.eta" of the server. */
export function placeOf(field: string, message: string): Place {
  const match = /^text:(\d+)(?::(.*))?$/.exec(field);
  if (!match) return { line: 0, path: field, message };
  return { line: Number(match[1]), path: match[2] ?? "", message };
}

export type Checked =
  | { state: "busy" }
  | { state: "away" }
  | { state: "faulty"; places: readonly Place[] }
  | { state: "good"; estimate: EstimateExperimentResponse };

const PAUSE_MS = 350;

export function useChecked(text: string): Checked {
  const [checked, setChecked] = useState<Checked>({ state: "busy" });
  const returns = useStore(feed.returns);
  useEffect(() => {
    if (text.trim() === "") {
      setChecked({ state: "faulty", places: [] });
      return undefined;
    }
    const controller = new AbortController();
    const { signal } = controller;
    const timer = setTimeout(() => {
      const source = { text };
      experiments
        .createExperiment({ source, validateOnly: true }, { signal })
        .then(() => experiments.estimateExperiment({ source }, { signal }))
        .then((estimate) => setChecked({ state: "good", estimate }))
        .catch((thrown: unknown) => {
          if (signal.aborted || wasAborted(thrown)) return;
          if (isAway(thrown)) {
            setChecked({ state: "away" });
            return;
          }
          const faults = faultsOf(thrown);
          setChecked({
            state: "faulty",
            places:
              faults.length > 0
                ? faults.map((f) => placeOf(f.field, f.description))
                : [{ line: 0, path: "", message: messageOf(thrown) }],
          });
        });
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [text, returns]);
  return checked;
}
