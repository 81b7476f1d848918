// The history: everything that was submitted, found again.
import { Code } from "@connectrpc/connect";
import { useCallback, useMemo, useRef, useState } from "react";
import type { Experiment } from "../../api/engram/v1/experiments_pb";
import type { Run } from "../../api/engram/v1/runs_pb";
import { RunState } from "../../api/engram/v1/runs_pb";
import { toCsv, saveText } from "../../charts/save";
import { integer } from "../../format";
import { useCommands } from "../../layout/palette";
import { Empty, Failed, Loading } from "../../layout/states";
import { Link } from "../../layout/link";
import { setParameters, shortName, useParameter } from "../../route";
import { faultOf } from "../../server/faults";
import { useCatalogue } from "../../spec/catalogue";
import { useAction } from "../../server/query";
import { useRights } from "../../server/session";
import { ColumnChooser } from "./column_chooser";
import {
  type Listed,
  DEFAULT_COLUMNS,
  EXPERIMENT_COLUMNS,
  RUN_COLUMNS,
  columnOf,
  firstResults,
  valueNames,
} from "./columns";
import { experimentCell, experimentText, runCell, runText } from "./cells";
import { useConstants } from "./constants";
import { ExperimentHead } from "./experiment_head";
import { useFields } from "./fields";
import { FilterField } from "./filter_field";
import { type Row, everyRow, useListing } from "./listing";
import { SelectionBar } from "./selection_bar";
import { HistoryTable } from "./table";

const STATES = Object.keys(RunState).filter(
  (key) => Number.isNaN(Number(key)) && key !== "UNSPECIFIED",
);

export function History({ parent }: { parent: string }) {
  const rights = useRights();
  const [of] = useParameter("of", "experiments");
  const listed: Listed =
    parent !== "" || of === "runs" ? "runs" : "experiments";
  const [filter, setFilter] = useParameter("filter");
  const [order, setOrder] = useParameter("sort");
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [isChoosing, setChoosing] = useState(false);
  const scroller = useRef<HTMLDivElement>(null);
  const catalogue = useCatalogue();

  const wanted = {
    listed,
    parent,
    filter,
    order: listed === "runs" ? order : "",
  };
  const listing = useListing(
    wanted,
    () => (scroller.current?.scrollTop ?? 0) < 40,
  );
  const firstColumns = useMemo(
    () =>
      parent === ""
        ? DEFAULT_COLUMNS[listed]
        : [
            ...["run", "state", "progress", "varying"],
            ...firstResults(listing.rows as readonly Run[], catalogue.data),
            "duration",
          ].join(","),
    [parent, listed, listing.rows, catalogue.data],
  );
  const [columnText, setColumnText] = useParameter("columns", firstColumns);
  const columns = useMemo(
    () => columnText.split(",").map((name) => columnOf(name, listed)),
    [columnText, listed],
  );
  const found = useMemo(
    () => (listed === "runs" ? valueNames(listing.rows as readonly Run[]) : []),
    [listing.rows, listed],
  );
  const constants = useConstants(
    listed === "runs" ? (listing.rows as readonly Run[]) : [],
    columns.some((c) => c.name.startsWith("experiment.")),
  );
  const cell = useCallback(
    (row: Row, name: string) =>
      listed === "runs"
        ? runCell(row as Run, name, constants)
        : experimentCell(row as Experiment, name),
    [listed, constants],
  );

  const fromCatalogue = useMemo(
    () =>
      (catalogue.data?.types ?? []).flatMap((type) => [
        ...type.parameters.map((p) =>
          type.kind === "program"
            ? `experiment.${p.name}`
            : `experiment.${type.kind}.${p.name}`,
        ),
        ...type.outputs
          .filter((o) => o.kind === "summary value" || o.kind === "summary")
          .map((o) => o.name),
      ]),
    [catalogue.data],
  );
  const stored = useFields(listed, listing.total, !listing.isLoading);
  const values = useMemo(
    () => [
      // Names that runs have brought go before those that some may bring.
      ...new Set([
        ...stored.values,
        ...found,
        ...fromCatalogue.filter((name) => !stored.values.includes(name)).sort(),
      ]),
    ],
    [stored, found, fromCatalogue],
  );
  const known = useMemo(() => {
    return {
      fields: [...stored.builtIn, ...values],
      values: (field: string) =>
        knownValues(
          field,
          listing.rows,
          catalogue.data?.types.map((t) => t.type) ?? [],
        ),
    };
  }, [stored, values, listing.rows, catalogue.data]);

  const text = (row: Row, name: string) =>
    listed === "runs"
      ? runText(row as Run, name, constants)
      : experimentText(row as Experiment, name);
  const exportRows = (rows: readonly Row[]) =>
    saveText(
      `${listed}.csv`,
      toCsv(
        columns.map((c) => c.name),
        rows.map((row) => columns.map((c) => text(row, c.name))),
      ),
      "text/csv",
    );
  const exportAll = useAction(async () => exportRows(await everyRow(wanted)));
  const selectedRows = listing.rows.filter((row) => selected.has(row.name));
  useCommands([
    { name: "Choose columns", hint: "history", run: () => setChoosing(true) },
    {
      name: "Export everything that matches as CSV",
      hint: "history",
      run: () => exportAll.run(),
    },
  ]);
  const change = (next: Listed) => {
    setSelected(new Set());
    setParameters({
      of: next === "experiments" ? null : next,
      sort: null,
      columns: null,
    });
  };

  if (
    parent !== "" &&
    listing.rows.length === 0 &&
    listing.error !== null &&
    faultOf(listing.error).code === Code.NotFound
  )
    return (
      <>
        <h1 className="sr">Experiment</h1>
        <Empty title={`There is no experiment ${shortName(parent)}`}>
          <span>
            It may have been deleted. <Link to="/history">All experiments</Link>
          </span>
        </Empty>
      </>
    );
  return (
    <>
      {parent ? (
        <ExperimentHead name={parent} />
      ) : (
        <h1 className="sr">History</h1>
      )}
      <div className="bar">
        {!parent && (
          <div className="segments" role="group" aria-label="Rows are">
            {(["experiments", "runs"] as const).map((name) => (
              <button
                key={name}
                type="button"
                aria-pressed={listed === name}
                onClick={() => change(name)}
              >
                {name === "runs" ? "Runs" : "Experiments"}
              </button>
            ))}
          </div>
        )}
        <FilterField
          value={filter}
          onChange={setFilter}
          known={known}
          fault={listing.fault}
        />
        <button type="button" onClick={() => setChoosing(true)}>
          Columns
        </button>
        {selectedRows.length === 0 && (
          <button
            type="button"
            disabled={exportAll.isBusy}
            title="Every row that matches, with these columns"
            onClick={() => exportAll.run()}
          >
            Export CSV
          </button>
        )}
        {exportAll.error && <span className="fault">{exportAll.error}</span>}
        <span className="quiet" role="status">
          {listing.isLoading && listing.rows.length === 0
            ? ""
            : `${integer(listing.total)}${listing.isLowerBound ? "+" : ""} ${listed}`}
        </span>
      </div>
      {selectedRows.length > 0 && (
        <SelectionBar
          rows={selectedRows}
          clear={() => setSelected(new Set())}
          exportRows={() => exportRows(selectedRows)}
          refresh={listing.refresh}
        />
      )}
      {listing.newer > 0 && (
        <div className="bar">
          <button
            type="button"
            onClick={() => {
              scroller.current?.scrollTo({ top: 0 });
              listing.refresh();
            }}
          >
            {integer(listing.newer)} new: show
          </button>
        </div>
      )}
      <HistoryTable
        label={listed === "runs" ? "Runs" : "Experiments"}
        rows={listing.rows}
        total={Math.max(listing.total, listing.rows.length)}
        columns={columns}
        cell={cell}
        order={order}
        setOrder={setOrder}
        selected={selected}
        setSelected={setSelected}
        more={listing.more}
        scroller={scroller}
      >
        {listing.rows.length === 0 &&
          (listing.isLoading ? (
            <Loading what={listed} />
          ) : listing.error !== null && !listing.fault ? (
            <Failed
              what="history"
              error={listing.error}
              retry={listing.refresh}
            />
          ) : (
            <Empty
              title={
                listing.fault
                  ? "The filter cannot be read"
                  : filter
                    ? "Nothing matches the filter"
                    : "Nothing has been submitted yet"
              }
            >
              {filter ? (
                <button type="button" onClick={() => setFilter("")}>
                  Remove the filter
                </button>
              ) : (
                rights.maySubmit && (
                  <Link to="/presets">Run a published experiment</Link>
                )
              )}
            </Empty>
          ))}
      </HistoryTable>
      {isChoosing && (
        <ColumnChooser
          listed={listed}
          chosen={columns.map((c) => c.name)}
          available={[
            ...(listed === "runs" ? RUN_COLUMNS : EXPERIMENT_COLUMNS).map(
              (c) => c.name,
            ),
            ...(listed === "runs" ? values : []),
          ]}
          setChosen={(names) => setColumnText(names.join(","))}
          close={() => setChoosing(false)}
        />
      )}
    </>
  );
}

function knownValues(
  field: string,
  rows: readonly Row[],
  types: readonly string[],
): readonly string[] {
  if (field === "state") return STATES;
  if (field.endsWith("type") || field.endsWith(".rule")) return types;
  const some = rows.slice(0, 300);
  const values = new Set<string>();
  for (const row of some) {
    if (field === "user") values.add(row.owner.replace("users/", ""));
    if (field === "title") values.add(row.title);
    if (field === "tag") row.tags.forEach((tag) => values.add(tag));
    if (field === "preset" && "preset" in row && row.preset)
      values.add(row.preset);
    if ("varying" in row && field in row.varying) {
      const kind = row.varying[field]!.kind;
      if (kind.case === "stringValue" || kind.case === "numberValue")
        values.add(String(kind.value));
    }
  }
  return [...values].sort();
}
