// A phase plane: the field, both nullclines, where they cross and how stable it
// is there, and trajectories.
import { useMemo } from "react";
import { category } from "../../charts/color";
import {
  type Field,
  arrowsOf,
  linesOf,
  stabilityAt,
  trajectoriesOf,
} from "../../charts/phase_plane";
import type { Matrix } from "../../charts/matrix";
import { Plot } from "../../charts/plot";
import { Fetched } from "../../layout/states";
import { theme } from "../../layout/theme";
import { useQuery } from "../../server/query";
import { useStore } from "../../server/store";
import { type Part, recordedName } from "../../spec/catalogue";
import type { Run } from "../../api/engram/v1/runs_pb";
import { type Snapshots, readArray } from "./arrays";

const FIELD = ["axis", "velocity_1", "velocity_2"];
const DRAWN = [
  ...FIELD,
  "nullcline_1",
  "nullcline_1_begins",
  "nullcline_2",
  "nullcline_2_begins",
  "crossing_points",
  "trajectories",
] as const;

const nameOf = (part: Part, output: string) =>
  part.name ? `${part.name}.${output}` : output;

/** The arrays that the figure shows; empty when the part has no field. */
export function fieldArrays(
  part: Part,
  snapshots: readonly Snapshots[],
): string[] {
  const there = new Set(snapshots.map((s) => s.path));
  const isField = FIELD.every((output) => there.has(nameOf(part, output)));
  return isField
    ? part.type.outputs
        .filter((o) => (DRAWN as readonly string[]).includes(o.name))
        .map((o) => recordedName(part, o))
        .filter((path) => there.has(path))
    : [];
}

// Where the plane lies among the states of the system.
const PLACE = ["plane_axes", "plane_origin"];

/** Arrays that say of a plane of two variables that it is the whole of them. */
export const obviousArrays = (
  part: Part,
  snapshots: readonly Snapshots[],
): string[] =>
  fieldArrays(part, snapshots).length === 0
    ? []
    : snapshots
        .filter((s) => s.shape[0] === 2)
        .map((s) => s.path)
        .filter((path) => PLACE.some((own) => path === nameOf(part, own)));

export function PhasePlane({
  run,
  part,
  snapshots,
}: {
  run: Run;
  part: Part;
  snapshots: readonly Snapshots[];
}) {
  const paths = fieldArrays(part, snapshots);
  const query = useQuery(
    `plane ${run.name} ${paths.join()}`,
    async (signal) => {
      const read = await Promise.all(
        paths.map(async (path) => {
          const own = snapshots.find((s) => s.path === path)!;
          return [
            path,
            await readArray(run.name, path, own.steps.at(-1)!, signal),
          ] as const;
        }),
      );
      return new Map(read);
    },
  );
  return (
    <Fetched query={query} what="phase plane">
      {(arrays) => {
        const get = (output: string) => arrays.get(nameOf(part, output));
        const field: Field = {
          axis: get("axis")!.values,
          first: get("velocity_1")!,
          second: get("velocity_2")!,
        };
        return (
          <Drawn
            title={part.name || part.type.type}
            axes={axesOf(part)}
            field={field}
            get={get}
          />
        );
      }}
    </Fetched>
  );
}

/** "unit 1" and "unit 2", as the analysis was asked for. */
function axesOf({ values }: Part): [string, string] {
  const { axes, first, second } = values;
  if (typeof axes !== "string") return ["first axis", "second axis"];
  if (axes === "principal") return ["component 1", "component 2"];
  const name = axes.replace(/s$/, "");
  return [`${name} ${String(first)}`, `${name} ${String(second)}`];
}

const SHAPES = { stable: "dot", saddle: "cross", unstable: "ring" } as const;

function Drawn({
  title,
  axes,
  field,
  get,
}: {
  title: string;
  axes: [string, string];
  field: Field;
  get: (output: string) => Matrix | undefined;
}) {
  const colors = useStore(theme);
  const low = field.axis[0]!;
  const high = field.axis[field.axis.length - 1]!;
  const arrows = useMemo(() => arrowsOf(field), [field]);
  const nullclines = ["nullcline_1", "nullcline_2"].map((output) => {
    const points = get(output);
    return points ? linesOf(points, get(`${output}_begins`)?.values ?? []) : [];
  });
  const trajectories = get("trajectories");
  const crossings = get("crossing_points");
  const points = Array.from(
    { length: crossings && crossings.rows === 2 ? crossings.columns : 0 },
    (_, i) => {
      const x = crossings!.values[i]!;
      const y = crossings!.values[crossings!.columns + i]!;
      const kind = stabilityAt(field, x, y);
      return { x, y, shape: SHAPES[kind], color: "var(--ink)", label: kind };
    },
  );
  const [first, second] = [category(0, colors), category(1, colors)];
  const lines = [
    ...(trajectories ? trajectoriesOf(trajectories, low, high) : []).map(
      (line) => ({
        points: line,
        color: "var(--line-strong)",
      }),
    ),
    ...nullclines[0]!.map((line) => ({ points: line, color: first })),
    ...nullclines[1]!.map((line) => ({ points: line, color: second })),
  ];
  return (
    <section className="panel">
      <Plot
        title={title.replaceAll("_", " ")}
        height={420}
        isEqual
        x={{ name: axes[0], unit: "1", min: low, max: high }}
        y={{ name: axes[1], unit: "1", min: low, max: high }}
        marks={{ arrows, lines, points }}
        header={["what", "x", "y", "dx", "dy"]}
        rows={() => [
          ...arrows.map((a) => ["field", a.x, a.y, a.dx, a.dy]),
          ...nullclines.flatMap((all, k) =>
            all.flatMap((line) =>
              line.map(([x, y]) => [`nullcline ${k + 1}`, x, y, null, null]),
            ),
          ),
          ...points.map((p) => [p.label, p.x, p.y, null, null]),
        ]}
        legend={[
          { name: "first nullcline", color: first },
          { name: "second nullcline", color: second },
          { name: "trajectories", color: "var(--line-strong)" },
          {
            name: "● stable  ✕ saddle  ○ unstable, by the field’s slopes",
            color: "transparent",
          },
        ]}
      />
    </section>
  );
}
