// A table that scrolls on its own where it is wider than the page, and says to
// keyboards and screen readers what it is.
import type { CSSProperties, ReactNode } from "react";

/** What a column is called. */
export type Head = string | { name: string; className: string };

/** Numbers are set to the right. */
export const numbers = (name: string): Head => ({ name, className: "number" });

/** Buttons say themselves what they do. */
export const unseen = (name: string): Head => ({ name, className: "unseen" });

export function DataTable({
  label,
  columns,
  style,
  children,
}: {
  label: string;
  columns: readonly Head[];
  style?: CSSProperties;
  /** Its rows. */
  children: ReactNode;
}) {
  return (
    <div
      className="table lines"
      tabIndex={0}
      role="region"
      aria-label={label}
      style={style}
    >
      <table>
        <thead>
          <tr>
            {columns.map((column, i) =>
              typeof column === "string" ? (
                <th scope="col" key={i}>
                  {column}
                </th>
              ) : (
                <th scope="col" key={i} className={column.className}>
                  <span
                    className={column.className === "unseen" ? "sr" : undefined}
                  >
                    {column.name}
                  </span>
                </th>
              ),
            )}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
