// The table of the history: only the rows in sight are in the page.
import {
  type ColumnDef,
  flexRender,
  getCoreRowModel,
  useReactTable,
} from "@tanstack/react-table";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useMemo, useRef, useState } from "react";
import { go } from "../../route";
import type { Column } from "./columns";
import type { Row } from "./listing";

const ROW_HEIGHT = 28;

export interface TableProps {
  label: string;
  rows: readonly Row[];
  total: number;
  columns: readonly Column[];
  cell: (row: Row, column: string) => React.ReactNode;
  order: string;
  setOrder: (order: string) => void;
  selected: ReadonlySet<string>;
  setSelected: (names: ReadonlySet<string>) => void;
  more: () => void;
  scroller: React.RefObject<HTMLDivElement | null>;
  children?: React.ReactNode;
}

/** "sequence_length desc" becomes "sequence_length", then nothing. */
export function nextOrder(order: string, column: string): string {
  if (order === `${column} desc`) return column;
  return order === column ? "" : `${column} desc`;
}

// Free room goes to the first of these that is there, else to the last column.
const WIDENED = ["varying", "notes", "title"];

const widenedOf = (columns: readonly Column[]): string =>
  WIDENED.find((name) => columns.some((c) => c.name === name)) ??
  columns.at(-1)?.name ??
  "";

export function HistoryTable(props: TableProps) {
  const { rows, columns, selected, setSelected, scroller } = props;
  const widened = widenedOf(columns);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 6,
    scrollMargin: 30,
  });
  const items = virtual.getVirtualItems();
  const lastShown = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (lastShown >= rows.length - 120) props.more();
  }, [lastShown, rows.length]);

  const shown = useMemo(
    () => items.map((item) => rows[item.index]!).filter(Boolean),
    [items, rows],
  );
  const definitions = useMemo<ColumnDef<Row>[]>(
    () =>
      columns.map((column) => ({
        id: column.name,
        size: column.width,
        cell: ({ row }) => props.cell(row.original, column.name),
      })),
    [columns, props.cell],
  );
  const table = useReactTable({
    data: shown,
    columns: definitions,
    getCoreRowModel: getCoreRowModel(),
    getRowId: (row) => row.name,
    manualSorting: true,
  });

  const [at, setAt] = useState(0);
  const lastClicked = useRef(0);
  // A row out of sight gets the focus once it is in the page; keys that come
  // before are for it already.
  const awaited = useRef<number | null>(null);
  const focusRow = (index: number) => {
    const next = Math.min(rows.length - 1, Math.max(0, index));
    setAt(next);
    awaited.current = next;
    virtual.scrollToIndex(next);
    const focus = () => {
      const row = scroller.current?.querySelector<HTMLElement>(
        `[aria-rowindex="${next + 2}"]`,
      );
      row?.focus({ preventScroll: true });
      return row != null;
    };
    if (!focus()) requestAnimationFrame(focus);
  };
  const toggle = (index: number, isRange: boolean) => {
    const next = new Set(selected);
    const [from, to] = isRange
      ? [
          Math.min(index, lastClicked.current),
          Math.max(index, lastClicked.current),
        ]
      : [index, index];
    const isOn = !selected.has(rows[index]!.name);
    for (let i = from; i <= to; i += 1) {
      const { name } = rows[i]!;
      if (isOn) next.add(name);
      else next.delete(name);
    }
    lastClicked.current = index;
    setSelected(next);
  };
  const keys = (event: React.KeyboardEvent, focused: number) => {
    const index = awaited.current ?? focused;
    const page = Math.max(
      1,
      Math.floor((scroller.current?.clientHeight ?? 300) / ROW_HEIGHT) - 2,
    );
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page }[
      event.key
    ];
    if (step !== undefined) {
      event.preventDefault();
      focusRow(index + step);
    } else if (event.key === "Home") {
      event.preventDefault();
      focusRow(0);
    } else if (event.key === "End") {
      event.preventDefault();
      focusRow(rows.length - 1);
    } else if (event.key === " ") {
      event.preventDefault();
      toggle(index, event.shiftKey);
    } else if (event.key === "Enter") go(`/${rows[index]!.name}`);
  };
  const isAllSelected = rows.length > 0 && rows.length === selected.size;

  return (
    <div
      className="table history"
      ref={scroller}
      role="grid"
      aria-label={props.label}
      aria-rowcount={props.total + 1}
      aria-multiselectable="true"
      tabIndex={rows.length === 0 ? 0 : -1}
    >
      <div role="rowgroup">
        <div className="head" role="row" aria-rowindex={1}>
          <div className="cell" role="columnheader" style={{ width: 30 }}>
            <input
              type="checkbox"
              aria-label="Select all that are loaded"
              checked={isAllSelected}
              onChange={() =>
                setSelected(
                  isAllSelected ? new Set() : new Set(rows.map((r) => r.name)),
                )
              }
            />
          </div>
          {columns.map((column) => (
            <HeadCell
              key={column.name}
              column={column}
              isWidened={column.name === widened}
              order={props.order}
              setOrder={props.setOrder}
            />
          ))}
        </div>
      </div>
      <div
        role="rowgroup"
        style={{ height: virtual.getTotalSize(), position: "relative" }}
      >
        {table.getRowModel().rows.map((row, i) => {
          const item = items[i];
          if (!item) return null;
          const isSelected = selected.has(row.id);
          return (
            <div
              key={row.id}
              className="row"
              role="row"
              aria-rowindex={item.index + 2}
              aria-selected={isSelected}
              tabIndex={item.index === Math.min(at, rows.length - 1) ? 0 : -1}
              style={{ transform: `translateY(${item.start - 30}px)` }}
              onFocus={() => {
                awaited.current = null;
                setAt(item.index);
              }}
              onKeyDown={(event) =>
                event.target === event.currentTarget && keys(event, item.index)
              }
              onDoubleClick={() => go(`/${row.id}`)}
            >
              <div className="cell" role="gridcell" style={{ width: 30 }}>
                <input
                  type="checkbox"
                  tabIndex={-1}
                  aria-label={`Select ${row.id}`}
                  checked={isSelected}
                  onChange={(event) =>
                    toggle(
                      item.index,
                      (event.nativeEvent as MouseEvent).shiftKey === true,
                    )
                  }
                />
              </div>
              {row.getVisibleCells().map((cell, c) => {
                const column = columns[c]!;
                return (
                  <div
                    key={cell.id}
                    role="gridcell"
                    className={`cell${column.isNumber ? " number" : ""}${column.name.endsWith("_time") ? " date" : ""}${column.name === widened ? " widened" : ""}`}
                    style={{ width: column.width }}
                  >
                    {flexRender(cell.column.columnDef.cell, cell.getContext())}
                  </div>
                );
              })}
            </div>
          );
        })}
      </div>
      {props.children}
    </div>
  );
}

function HeadCell({
  column,
  order,
  setOrder,
  isWidened,
}: {
  column: Column;
  order: string;
  setOrder: (order: string) => void;
  isWidened: boolean;
}) {
  const isUp = order === column.name;
  const isDown = order === `${column.name} desc`;
  return (
    <div
      role="columnheader"
      className={`cell${column.isNumber ? " number" : ""}${isWidened ? " widened" : ""}`}
      style={{ width: column.width }}
      aria-sort={isUp ? "ascending" : isDown ? "descending" : undefined}
    >
      {column.isSortable ? (
        <button
          type="button"
          title={`${column.name}: sort`}
          data-sorted={isUp || isDown || undefined}
          onClick={() => setOrder(nextOrder(order, column.name))}
        >
          {column.label}
          {isUp ? " ↑" : isDown ? " ↓" : ""}
        </button>
      ) : (
        <span className="quiet small">{column.label}</span>
      )}
    </div>
  );
}
