// A recorded matrix at the times at which it was kept: as colours, as a
// distribution, and by its eigenvalues.
import { useMemo, useRef } from "react";
import type { ListArraysResponse, Run } from "../../api/engram/v1/runs_pb";
import { scaleOf } from "../../charts/color";
import { Heatmap } from "../../charts/heatmap";
import {
  type Matrix,
  difference,
  extent,
  histogram,
  isPermutation,
  moments,
  ranking,
  reordered,
} from "../../charts/matrix";
import { Plot } from "../../charts/plot";
import { quantity } from "../../format";
import { Empty, Failed, Fetched, Loading } from "../../layout/states";
import { setParameters, useParameter } from "../../route";
import type { Query } from "../../server/query";
import { type Part, findOutput } from "../../spec/catalogue";
import { matrixAxes } from "./array_figure";
import { Spectrum } from "./spectrum";
import { FINAL, type Snapshots, stepName, useArray } from "./arrays";

interface Props {
  run: Run;
  parts: readonly Part[];
  snapshots: readonly Snapshots[];
  arrays: Query<ListArraysResponse>;
}

export const isMatrix = (s: Snapshots): boolean =>
  s.shape.length === 2 && s.shape[0]! > 1 && s.shape[1]! > 1;

export function Weights({ run, parts, snapshots, arrays }: Props) {
  const matrices = snapshots.filter(
    (s) => isMatrix(s) && !isOverTime(s, parts),
  );
  if (arrays.data === undefined)
    return (
      <Fetched query={arrays} what="arrays">
        {() => null}
      </Fetched>
    );
  if (matrices.length === 0)
    return (
      <Empty title="No matrix was recorded">
        <span>
          Snapshots are asked for in the experiment:{" "}
          <code>{`record: {snapshots: {${someWeights(parts)}: [1, final]}}`}</code>
        </span>
      </Empty>
    );
  return (
    <Chosen run={run} parts={parts} matrices={matrices} snapshots={snapshots} />
  );
}

/** The name of weights that a program of this kind has. */
function someWeights(parts: readonly Part[]): string {
  const slots = parts[0]?.type.slots.map((slot) => slot.name) ?? [];
  return slots.includes("learner") ? "network.input_weights" : "rule.weights";
}

/** Whether the rows are steps of time: that is activity, not weights. */
export function isOverTime(s: Snapshots, parts: readonly Part[]): boolean {
  const meaning = findOutput(parts, s.path)?.output.meaning ?? "";
  return /\(n_steps/.test(meaning);
}

const defaultPath = (matrices: readonly Snapshots[]): Snapshots =>
  matrices.find((m) => m.path.endsWith("weights") && m.steps.length > 1) ??
  matrices.find((m) => m.path.includes("weights")) ??
  matrices[0]!;

function Chosen({
  run,
  parts,
  matrices,
  snapshots,
}: {
  run: Run;
  parts: readonly Part[];
  matrices: readonly Snapshots[];
  snapshots: readonly Snapshots[];
}) {
  const [path, setPath] = useParameter("array", defaultPath(matrices).path);
  const own = matrices.find((m) => m.path === path) ?? defaultPath(matrices);
  const last = own.steps.at(-1)!;
  const [stepText] = useParameter("step", String(last));
  const [lessText, setLess] = useParameter("less");
  const [orderPath, setOrder] = useParameter("order");
  const step = own.steps.find((s) => String(s) === stepText) ?? last;
  const less = own.steps.find((s) => String(s) === lessText) ?? null;
  const tick = run.progress?.tickName ?? "step";
  // A new snapshot takes the place of the old one once it is there.
  const query = useArray(run.name, own.path, step);
  const shown = useLatest(query, own.path);
  const other = useArray(run.name, own.path, less);
  const orders = snapshots.filter(
    (s) =>
      s.path !== own.path &&
      s.shape.length === 1 &&
      (s.shape[0] === own.shape[0] || s.shape[0] === own.shape[1]),
  );
  const orderArray = orders.find((o) => o.path === orderPath);
  const order = useArray(
    run.name,
    orderArray?.path ?? "",
    orderArray ? orderArray.steps.at(-1)! : null,
  );

  // Which unit stands where, as the analysis has them in order.
  const by = useMemo(() => {
    if (!orderArray || !order.data) return null;
    const { values } = order.data;
    return isPermutation(values) ? Array.from(values) : ranking(values);
  }, [orderArray, order.data]);
  const matrix = useMemo(() => {
    if (!shown) return null;
    let m = shown;
    if (less !== null) {
      if (!other.data) return null;
      m = difference(m, other.data);
    }
    if (by)
      m = reordered(
        m,
        by.length === m.rows ? by : null,
        by.length === m.columns ? by : null,
      );
    return m;
  }, [shown, other.data, less, by]);
  const at = own.steps.indexOf(step);
  const title = `${own.path} ${stepName(step, tick)}${less !== null ? ` less ${stepName(less, tick)}` : ""}${by ? ` by ${orderPath}` : ""}`;
  const unitsOf = (count: number) =>
    by?.length === count ? { values: by } : {};
  const isSquare = own.shape[0] === own.shape[1];
  const [rowName, columnName] = matrixAxes(own.path, parts);
  const error = query.error ?? other.error ?? order.error;
  // One scale for all snapshots: a slider that changes colours shows nothing.
  const scale = useCommonScale(run, own, matrix, less !== null);

  return (
    <div className="stack">
      <div className="bar">
        <label className="check">
          Array
          <select
            value={own.path}
            onChange={(event) => {
              setPath(event.target.value);
              setParameters({ step: null, less: null, order: null });
            }}
          >
            {matrices.map((m) => (
              <option key={m.path} value={m.path}>
                {m.path} ({m.shape.join(" × ")})
              </option>
            ))}
          </select>
        </label>
        <label className="check grow">
          Snapshot
          <input
            type="range"
            className="grow"
            aria-label="Snapshot"
            min={0}
            max={own.steps.length - 1}
            value={at}
            disabled={own.steps.length < 2}
            aria-valuetext={stepName(step, tick)}
            onChange={(event) =>
              setParameters({
                step: String(own.steps[Number(event.target.value)]!),
              })
            }
          />
          <output data-testid="snapshot">{stepName(step, tick)}</output>
        </label>
        <label className="check">
          Less
          <select
            value={less === null ? "" : String(less)}
            onChange={(event) => setLess(event.target.value)}
          >
            <option value="">nothing</option>
            {own.steps
              .filter((s) => s !== step)
              .map((s) => (
                <option key={String(s)} value={String(s)}>
                  {stepName(s, tick)}
                </option>
              ))}
          </select>
        </label>
        {orders.length > 0 && (
          <label className="check">
            Sort by
            <select
              value={orderPath}
              onChange={(event) => setOrder(event.target.value)}
            >
              <option value="">index</option>
              {orders.map((o) => (
                <option key={o.path} value={o.path}>
                  {o.path}
                </option>
              ))}
            </select>
          </label>
        )}
      </div>
      {error !== null && query.data === undefined ? (
        <Failed what="matrix" error={error} retry={query.refresh} />
      ) : matrix === null ? (
        <Loading what="matrix" />
      ) : (
        <div className="grid">
          <section className="panel" data-testid="heatmap">
            <Heatmap
              title={title}
              matrix={matrix}
              value={own.path.split(".").at(-1)!}
              x={{ name: columnName, unit: "1", ...unitsOf(matrix.columns) }}
              y={{ name: rowName, unit: "1", ...unitsOf(matrix.rows) }}
              scale={scale}
            />
          </section>
          <Distribution
            matrix={matrix}
            title={title}
            name={own.path.split(".").at(-1)!}
          />
          {isSquare && <Spectrum matrix={matrix} title={title} />}
        </div>
      )}
    </div>
  );
}

function useLatest(query: Query<Matrix>, path: string): Matrix | null {
  const kept = useRef<{ path: string; matrix: Matrix } | null>(null);
  if (query.data) kept.current = { path, matrix: query.data };
  return kept.current?.path === path ? kept.current.matrix : null;
}

function useCommonScale(
  run: Run,
  own: Snapshots,
  matrix: Matrix | null,
  isDifference: boolean,
) {
  const widest = useRef<{ key: string; min: number; max: number } | null>(null);
  const final = useArray(
    run.name,
    own.path,
    own.steps.includes(FINAL) ? FINAL : null,
  );
  return useMemo(() => {
    if (!matrix) return undefined;
    const key = `${own.path} ${isDifference}`;
    let [min, max] = extent(matrix.values);
    if (!isDifference && final.data) {
      const [low, high] = extent(final.data.values);
      min = Math.min(min, low);
      max = Math.max(max, high);
    }
    if (widest.current?.key === key) {
      min = Math.min(min, widest.current.min);
      max = Math.max(max, widest.current.max);
    }
    widest.current = { key, min, max };
    return scaleOf(min, max);
  }, [matrix, final.data, own.path, isDifference]);
}

export function Distribution({
  matrix,
  title,
  name,
}: {
  matrix: Matrix;
  title: string;
  name: string;
}) {
  const own = useMemo(() => histogram(matrix.values), [matrix]);
  const stats = useMemo(() => moments(matrix.values), [matrix]);
  const bars = own.counts.map((y, i) => ({
    x: own.min + i * own.width,
    width: own.width,
    y,
  }));
  return (
    <section className="panel">
      <Plot
        title={`Distribution of ${title}`}
        height={292}
        x={{
          name,
          unit: matrix.unit,
          min: own.min,
          max: own.min + own.width * own.counts.length,
        }}
        y={{
          name: "elements",
          unit: "1",
          min: 0,
          max: Math.max(...own.counts) * 1.05,
        }}
        marks={{ bars }}
        header={["from", "to", "elements"]}
        rows={() => bars.map((b) => [b.x, b.x + b.width, b.y])}
      />
      <p className="quiet small">
        mean {quantity(stats.mean, matrix.unit)}, standard deviation{" "}
        {quantity(stats.deviation, matrix.unit)}, from{" "}
        {quantity(stats.min, matrix.unit)} to {quantity(stats.max, matrix.unit)}
      </p>
    </section>
  );
}
