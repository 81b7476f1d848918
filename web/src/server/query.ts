// What a view has fetched: loading, failed or there; there stays there while it
// is fetched again.
import { useCallback, useEffect, useRef, useState } from "react";
import { isAway, isLoggedOut, messageOf, wasAborted } from "./faults";
import { type Interest, feed } from "./feed";
import { session } from "./session";
import { useStore } from "./store";

export interface Query<T> {
  data: T | undefined;
  /** Of the newest attempt; null when that went well. */
  error: unknown;
  isLoading: boolean;
  /** Where the feed was when the fetch of `data` began. */
  since: bigint | null;
  refresh(): void;
}

/** Fetches when `key` changes, on `refresh`, and when the server is back. */
export function useQuery<T>(
  key: string | null,
  fetcher: (signal: AbortSignal) => Promise<T>,
): Query<T> {
  const [result, setResult] = useState<{
    key: string | null;
    data?: T;
    error: unknown;
    isLoading: boolean;
    since: bigint | null;
  }>({ key: null, error: null, isLoading: true, since: null });
  const [turn, setTurn] = useState(0);
  const returns = useStore(feed.returns);
  const latest = useRef(fetcher);
  latest.current = fetcher;

  useEffect(() => {
    if (key === null) return undefined;
    const controller = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const since = feed.position;
    latest
      .current(controller.signal)
      .then((data) => {
        if (!controller.signal.aborted)
          setResult({ key, data, error: null, isLoading: false, since });
      })
      .catch((error: unknown) => {
        if (controller.signal.aborted || wasAborted(error)) return;
        if (isLoggedOut(error)) session.set({ state: "out" });
        if (isAway(error))
          timer = setTimeout(() => setTurn((n) => n + 1), 3000);
        setResult((old) => ({
          key,
          ...(old.key === key && "data" in old ? { data: old.data } : {}),
          error,
          isLoading: false,
          since: old.since,
        }));
      });
    return () => {
      controller.abort();
      clearTimeout(timer);
    };
  }, [key, turn, returns]);

  const refresh = useCallback(() => setTurn((n) => n + 1), []);
  const isCurrent = result.key === key;
  return {
    data: isCurrent ? result.data : undefined,
    error: isCurrent ? result.error : null,
    isLoading: !isCurrent || result.isLoading,
    since: result.since,
    refresh,
  };
}

/** Hears of events for as long as the view is shown. */
export function useEvents(interest: Interest | null): void {
  const latest = useRef(interest);
  latest.current = interest;
  const key = interest && JSON.stringify([interest.parents, interest.kinds]);
  useEffect(() => {
    const first = latest.current;
    if (first === null) return undefined;
    return feed.subscribe({
      ...(first.isWeak ? { isWeak: true } : {}),
      ...(first.since === undefined ? {} : { since: first.since }),
      parents: first.parents,
      kinds: first.kinds,
      onEvents: (events) => latest.current?.onEvents(events),
      onReset: () => latest.current?.onReset?.(),
    });
  }, [key]);
}

/** An action of the user's: whether it is under way, and how it failed. */
export function useAction<A extends unknown[]>(
  action: (...values: A) => Promise<void>,
): { run(...values: A): void; isBusy: boolean; error: string } {
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState("");
  const run = (...values: A) => {
    setBusy(true);
    setError("");
    action(...values)
      .catch((thrown: unknown) => setError(messageOf(thrown)))
      .finally(() => setBusy(false));
  };
  return { run, isBusy, error };
}
