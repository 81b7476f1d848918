// Two to two hundred runs beside each other.
import { useMemo } from "react";
import { EventKind } from "../../api/engram/v1/events_pb";
import { toCsv, saveText } from "../../charts/save";
import { count, integer, plain, quantity, shortPaths } from "../../format";
import { Link } from "../../layout/link";
import { StateMark } from "../../layout/state_mark";
import { Empty, Fetched } from "../../layout/states";
import { longName, setParameters, shortName, useParameter } from "../../route";
import { useEvents } from "../../server/query";
import { unitsOf, useCatalogue } from "../../spec/catalogue";
import { Curves } from "./curves";
import { Dots } from "./dots";
import { GridFigure } from "./grid_figure";
import { MOST_RUNS, useCompared } from "./load";
import { SideBySide } from "./side_by_side";
import {
  ALL,
  type Compared,
  differing,
  groupingOf,
  isCommon,
  ofSome,
  resultNames,
  resultOf,
} from "./table";

export function Compare() {
  const [runs] = useParameter("runs");
  const [experiment] = useParameter("experiment");
  const [filter] = useParameter("filter");
  const query = useCompared({ runs, experiment, filter });
  const isAsked = runs !== "" || experiment !== "" || filter !== "";
  useEvents(
    isAsked && query.data
      ? {
          parents: [
            ...new Set(query.data.all.map((c) => longName(c.run.name))),
          ].slice(0, MOST_RUNS),
          kinds: [EventKind.STATE],
          since: query.since,
          onEvents: (events) => {
            if (
              events.some(
                (e) =>
                  e.content.case === "state" && e.content.value.run?.endTime,
              )
            )
              query.refresh();
          },
          onReset: query.refresh,
        }
      : null,
  );
  if (!isAsked)
    return (
      <>
        <h1>Compare</h1>
        <Empty title="No runs are chosen">
          <span>
            Select runs in the <Link to="/history?of=runs">history</Link>, or
            open an experiment and choose “Compare”.
          </span>
        </Empty>
      </>
    );
  return (
    <Fetched query={query} what="runs">
      {({ all, total }) =>
        all.length === 0 ? (
          <Empty title="There are no such runs" />
        ) : (
          <Shown all={all} total={total} />
        )
      }
    </Fetched>
  );
}

function Select({
  label,
  value,
  options,
  onChange,
}: {
  label: string;
  value: string;
  options: readonly { value: string; text: string }[];
  onChange: (value: string) => void;
}) {
  return (
    <label className="check">
      {label}
      <select value={value} onChange={(event) => onChange(event.target.value)}>
        {options.map((o) => (
          <option key={o.value} value={o.value}>
            {o.text}
          </option>
        ))}
      </select>
    </label>
  );
}

/** The result that is there most often, of the most different values. */
function mostTelling(
  all: readonly Compared[],
  results: readonly { name: string; unit: string }[],
) {
  const score = (name: string) => {
    const values = all.flatMap((c) => resultOf(c.run, name) ?? []);
    return values.length * 1000 + Math.min(999, new Set(values).size);
  };
  return [...results].sort((a, b) => score(b.name) - score(a.name))[0];
}

/** Names of results and their units, as the catalogue lists them. */
function useResults(all: readonly Compared[]) {
  const catalogue = useCatalogue();
  return useMemo(() => {
    const names = resultNames(all);
    return catalogue.data?.inOrder(names) ?? names;
  }, [all, catalogue.data]);
}

function Shown({ all, total }: { all: readonly Compared[]; total: number }) {
  const different = useMemo(() => differing(all), [all]);
  const catalogue = useCatalogue();
  const results = useResults(all);
  const firstResult = useMemo(() => mostTelling(all, results), [all, results]);
  const units = useMemo(
    () =>
      catalogue.data ? unitsOf(all, catalogue.data) : new Map<string, string>(),
    [all, catalogue.data],
  );
  const [resultName] = useParameter("result", firstResult?.name ?? "");
  const result = results.find((r) => r.name === resultName) ?? firstResult;
  // A parameter that most of the rules do not have is no axis for all of them.
  const axes = useMemo(
    () => different.filter((p) => p !== "seed" && isCommon(all, p)),
    [all, different],
  );
  const [over] = useParameter("over", groupingOf(axes));
  const [by] = useParameter("by", groupingOf(axes));
  const [isLog, setLog] = useParameter("logover");
  const set = (name: string) => (value: string) =>
    setParameters({ [name]: value });
  const names = shortPaths(different.length ? different : ["seed"]);
  const paths = [
    ...[...names].map(([value, text]) => ({ value, text })),
    { value: ALL, text: "nothing" },
  ];
  return (
    <>
      <div className="bar">
        <h1>Compare {count(all.length, "run")}</h1>
        {total > all.length && (
          <span className="quiet">the first of {total}</span>
        )}
        <span className="quiet">
          {[...new Set(all.map((c) => c.run.title))].slice(0, 3).join(" · ")}
        </span>
      </div>
      <Parameters all={all} different={different} />
      <Curves all={all} by={by} paths={paths} setBy={set("by")} />
      {result && (
        <section className="panel stack" aria-label="Results">
          <div className="bar">
            <h2>Results</h2>
            <Select
              label="Result"
              value={result.name}
              options={results.map((r) => ({
                value: r.name,
                text: r.name.replaceAll("_", " "),
              }))}
              onChange={set("result")}
            />
            <Select
              label="over"
              value={over}
              options={paths}
              onChange={set("over")}
            />
            <Select
              label="colour by"
              value={by}
              options={paths}
              onChange={set("by")}
            />
            <label className="check">
              <input
                type="checkbox"
                checked={isLog === "1"}
                onChange={(event) => setLog(event.target.checked ? "1" : "")}
              />
              log x
            </label>
          </div>
          <Dots
            all={all}
            result={result.name}
            unit={result.unit}
            units={units}
            over={over}
            colorBy={by}
            isLog={isLog === "1"}
          />
          {axes.length >= 2 && (
            <GridFigure all={all} result={result} axes={axes} units={units} />
          )}
        </section>
      )}
      <SideBySide all={all} by={by} />
    </>
  );
}

function Parameters({
  all,
  different: varied,
}: {
  all: readonly Compared[];
  different: readonly string[];
}) {
  const [isWhole, setWhole] = useParameter("whole");
  const some = useMemo(() => ofSome(all), [all]);
  const different = isWhole ? [...varied, ...some] : varied;
  const results = useResults(all);
  const names = shortPaths(different);
  const header = ["run", "state", ...different, ...results.map((r) => r.name)];
  const rows = () =>
    all.map((c) => [
      shortName(c.run.name),
      String(c.run.state),
      ...different.map((p) => plain(c.parameters.get(p))),
      ...results.map((r) => resultOf(c.run, r.name)),
    ]);
  return (
    <section className="stack" aria-label="Parameters that differ">
      <div className="bar">
        <h2>
          {varied.length === 0
            ? "No parameter differs"
            : `${count(varied.length, "parameter")} ${varied.length === 1 ? "differs" : "differ"}`}
        </h2>
        {some.length > 0 && (
          <label className="check quiet">
            <input
              type="checkbox"
              checked={isWhole === "1"}
              onChange={(event) => setWhole(event.target.checked ? "1" : "")}
            />
            and {integer(some.length)} that only some runs have
          </label>
        )}
        <button
          type="button"
          className="push"
          onClick={() =>
            saveText("compare.csv", toCsv(header, rows()), "text/csv")
          }
        >
          Export CSV
        </button>
      </div>
      <div
        className="table lines pinned"
        tabIndex={0}
        role="region"
        aria-label="Runs"
        style={{ maxHeight: 300 }}
      >
        <table>
          <thead>
            <tr>
              <th scope="col">run</th>
              <th scope="col">state</th>
              {different.map((path) => (
                <th scope="col" key={path} title={path}>
                  <strong>{names.get(path)}</strong>
                </th>
              ))}
              {results.map((r) => (
                <th scope="col" className="number" key={r.name}>
                  {r.name.replaceAll("_", " ")}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {all.map((c) => (
              <tr key={c.run.name}>
                <th scope="row">
                  <Link className="mono" to={`/${c.run.name}`}>
                    {shortName(c.run.name)}
                  </Link>
                </th>
                <td>
                  <StateMark state={c.run.state} />
                </td>
                {different.map((path) => {
                  const value = plain(c.parameters.get(path));
                  return (
                    <td key={path} className="brief" title={value}>
                      {value}
                    </td>
                  );
                })}
                {results.map((r) => {
                  const value = resultOf(c.run, r.name);
                  return (
                    <td className="number" key={r.name}>
                      {value === null ? "–" : quantity(value, r.unit)}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
