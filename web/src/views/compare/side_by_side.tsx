// One recorded matrix of several runs, all on one colour scale.
import { useMemo } from "react";
import { scaleOf } from "../../charts/color";
import { Heatmap } from "../../charts/heatmap";
import { type Matrix, extent } from "../../charts/matrix";
import { plain } from "../../format";
import { Link } from "../../layout/link";
import { Fetched } from "../../layout/states";
import { setParameters, shortName, useParameter } from "../../route";
import { runs } from "../../server/client";
import { useQuery } from "../../server/query";
import { partsOf, useCatalogue } from "../../spec/catalogue";
import { matrixAxes } from "../run/array_figure";
import { FINAL, readArray, snapshotsOf } from "../run/arrays";
import { isMatrix } from "../run/weights";
import { type Compared, groupsBy } from "./table";

const MOST = 12;

export function SideBySide({
  all,
  by,
}: {
  all: readonly Compared[];
  by: string;
}) {
  // One of each group first: replicates look alike.
  const chosen = useMemo(() => {
    const groups = groupsBy(all, [by]);
    return groups.length > 1
      ? groups.slice(0, MOST).map((g) => g.members[0]!)
      : all.slice(0, MOST);
  }, [all, by]);
  const list = useQuery(
    `arrays of ${chosen[0]!.run.name} ${chosen[0]!.run.state}`,
    (signal) => runs.listArrays({ name: chosen[0]!.run.name }, { signal }),
  );
  const matrices = snapshotsOf(list.data?.arrays ?? []).filter(
    (s) => isMatrix(s) && s.shape[0] === s.shape[1] && s.steps.includes(FINAL),
  );
  if (matrices.length === 0) return null;
  return <Chosen chosen={chosen} by={by} paths={matrices.map((m) => m.path)} />;
}

function Chosen({
  chosen,
  by,
  paths,
}: {
  chosen: readonly Compared[];
  by: string;
  paths: readonly string[];
}) {
  const [path] = useParameter(
    "array",
    paths.find((p) => p.includes("weights") && p.includes("sorted")) ??
      paths.find((p) => p.includes("weights")) ??
      paths[0]!,
  );
  const read = useQuery(
    `matrices ${path} ${chosen.map((c) => c.run.name + c.run.state).join()}`,
    (signal) =>
      Promise.all(
        chosen.map(({ run }) =>
          readArray(run.name, path, FINAL, signal).catch((thrown: unknown) => {
            if (signal.aborted) throw thrown;
            return null; // Not every run has recorded it.
          }),
        ),
      ),
  );
  const catalogue = useCatalogue();
  const axes = useMemo(() => {
    const tree = JSON.parse(chosen[0]?.run.treeJson || "{}") as {
      experiment?: unknown;
    };
    return matrixAxes(
      path,
      catalogue.data ? partsOf(tree.experiment, catalogue.data) : [],
    );
  }, [chosen, path, catalogue.data]);
  const scale = useMemo(() => {
    const all = (read.data ?? []).filter((m): m is Matrix => m !== null);
    const ends = all.map((m) => extent(m.values));
    return scaleOf(
      Math.min(...ends.map((e) => e[0])),
      Math.max(...ends.map((e) => e[1])),
    );
  }, [read.data]);
  return (
    <section className="panel stack" aria-label="Weights">
      <div className="bar">
        <h2>Matrices on one scale</h2>
        <label className="check">
          Array
          <select
            value={path}
            onChange={(event) => setParameters({ array: event.target.value })}
          >
            {paths.map((p) => (
              <option key={p} value={p}>
                {p}
              </option>
            ))}
          </select>
        </label>
      </div>
      <Fetched query={read} what="matrices">
        {(all) => (
          <div className="grid fitted">
            {chosen.map((c, i) => {
              const matrix = all[i];
              return (
                matrix && (
                  <div key={c.run.name}>
                    <Heatmap
                      title={`${plain(c.parameters.get(by))} · ${shortName(c.run.name)}`}
                      matrix={matrix}
                      value={path.split(".").at(-1)!}
                      x={{ name: axes[1], unit: "1" }}
                      y={{ name: axes[0], unit: "1" }}
                      scale={scale}
                      maxHeight={300}
                      controls={
                        <Link to={`/${c.run.name}?tab=weights`}>Open</Link>
                      }
                    />
                  </div>
                )
              );
            })}
          </div>
        )}
      </Fetched>
    </section>
  );
}
