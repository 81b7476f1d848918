// Names that a filter may use: fields that every row has, and the parameters
// and results that runs have brought so far.
import { useMemo, useRef } from "react";
import { runs } from "../../server/client";
import { useQuery } from "../../server/query";
import type { Listed } from "./columns";

export interface Fields {
  builtIn: readonly string[];
  /** Results first: they are fewer, and what is looked for most. */
  values: readonly string[];
}

const NONE: Fields = { builtIn: [], values: [] };

/**
 * Asked for once the rows are there, and again when their number changes; until
 * then as it was.
 */
export function useFields(
  listed: Listed,
  total: number,
  isReady: boolean,
): Fields {
  const wasReady = useRef(false);
  wasReady.current ||= isReady;
  const query = useQuery(
    wasReady.current ? `fields ${listed} ${total}` : null,
    (signal) =>
      runs.listFields({ experiments: listed === "experiments" }, { signal }),
  );
  const latest = useRef<{ listed: Listed; fields: Fields }>(undefined);
  return useMemo(() => {
    if (query.data) {
      const { builtIn, summaryValues, parameters } = query.data;
      const values = [...new Set([...summaryValues, ...parameters])];
      const isBuiltIn = new Set(builtIn);
      latest.current = {
        listed,
        fields: { builtIn, values: values.filter((v) => !isBuiltIn.has(v)) },
      };
    }
    return latest.current?.listed === listed ? latest.current.fields : NONE;
  }, [query.data, listed]);
}
