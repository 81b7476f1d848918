// The address bar holds the whole view: a path and parameters.
import { useCallback, useMemo } from "react";
import { Store, useStore } from "./server/store";

const read = () => location.pathname + location.search;
const address = new Store(read());
window.addEventListener("popstate", () => address.set(read()));

/** Goes to another view; `replace` for changes within one that Back skips. */
export function go(to: string, options: { replace?: boolean } = {}): void {
  if (to === address.get()) return;
  if (options.replace) history.replaceState(null, "", to);
  else history.pushState(null, "", to);
  address.set(to);
  if (!options.replace) window.scrollTo(0, 0);
}

export interface Route {
  /** "/experiments/k7m2q9xw4p/runs/17". */
  path: string;
  parameters: URLSearchParams;
}

export function parseRoute(text: string): Route {
  const url = new URL(text, "http://page");
  return {
    path: url.pathname.replace(/\/+$/, "") || "/",
    parameters: url.searchParams,
  };
}

export const useRoute = (): Route => {
  const text = useStore(address);
  return useMemo(() => parseRoute(text), [text]);
};

/** The address with these parameters set; null and "" take one away. */
export function withParameters(
  from: string,
  changes: Record<string, string | null>,
): string {
  const url = new URL(from, "http://page");
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === "") url.searchParams.delete(name);
    else url.searchParams.set(name, value);
  }
  url.searchParams.sort();
  const query = url.searchParams
    .toString()
    .replaceAll("%2C", ",")
    .replaceAll("%2F", "/")
    .replaceAll("%3A", ":");
  return url.pathname + (query ? `?${query}` : "");
}

/** One parameter of the view, with what it is when the address is silent. */
export function useParameter(
  name: string,
  fallback = "",
): [string, (value: string, options?: { push?: boolean }) => void] {
  const value = useRoute().parameters.get(name) ?? fallback;
  const set = useCallback(
    (next: string, options: { push?: boolean } = {}) =>
      go(
        withParameters(address.get(), {
          [name]: next === fallback ? null : next,
        }),
        { replace: !options.push },
      ),
    [name, fallback],
  );
  return [value, set];
}

export function setParameters(changes: Record<string, string | null>): void {
  go(withParameters(address.get(), changes), { replace: true });
}

/** "k7m2q9xw4p/17" of a run's or an experiment's resource name. */
export const shortName = (name: string): string =>
  name.replace(/^experiments\//, "").replace("/runs/", "/");

/** "experiments/k7m2q9xw4p/runs/17" of a short or a whole name. */
export function longName(name: string): string {
  const match = /^(?:experiments\/)?([^/]+)(?:\/(?:runs\/)?(\d+))?$/.exec(name);
  if (!match) return name;
  return `experiments/${match[1]}${match[2] === undefined ? "" : `/runs/${match[2]}`}`;
}

export const experimentOf = (run: string): string =>
  run.replace(/\/runs\/.*$/, "");
