// What a view says while it has nothing to show: each case looks different.
import type { ReactNode } from "react";
import { isAway, messageOf } from "../server/faults";
import type { Query } from "../server/query";

export const Loading = ({ what }: { what: string }) => (
  <div className="notice" role="status">
    Loading {what} …
  </div>
);

export const Empty = ({
  title,
  children,
}: {
  title: string;
  children?: ReactNode;
}) => (
  <div className="notice">
    <strong>{title}</strong>
    {children}
  </div>
);

export const Failed = ({
  what,
  error,
  retry,
}: {
  what: string;
  error: unknown;
  retry?: () => void;
}) => (
  <div className="notice failed" role="alert">
    <strong>
      {isAway(error) ? "Disconnected" : `The ${what} could not be loaded`}
    </strong>
    <span>
      {isAway(error)
        ? "The server does not answer. This page tries again by itself."
        : messageOf(error)}
    </span>
    {retry && (
      <button type="button" onClick={retry}>
        Try again
      </button>
    )}
  </div>
);

/** The view of what was fetched, or why it is not there. */
export function Fetched<T>({
  query,
  what,
  children,
}: {
  query: Query<T>;
  what: string;
  children: (data: T) => ReactNode;
}): ReactNode {
  if (query.data !== undefined) return children(query.data);
  if (query.error !== null)
    return <Failed what={what} error={query.error} retry={query.refresh} />;
  return <Loading what={what} />;
}
