// What experiments can be made of, fetched once.
import type {
  ComponentType,
  Output,
  Parameter,
} from "../api/engram/v1/catalog_pb";
import { catalog } from "../server/client";
import { type Query, useQuery } from "../server/query";

export class Catalogue {
  private readonly byType: Map<string, ComponentType>;
  constructor(readonly types: readonly ComponentType[]) {
    this.byType = new Map(types.map((type) => [type.type, type]));
    for (const type of types)
      for (const { name } of type.outputs)
        if (!this.places.has(name)) this.places.set(name, this.places.size);
  }
  private readonly places = new Map<string, number>();
  find = (type: string): ComponentType | undefined => this.byType.get(type);
  /**
   * What is recorded as the catalogue lists it: programs before analyses, what
   * matters most before the rest; other names come last, by name.
   */
  inOrder<T extends { name: string }>(all: readonly T[]): T[] {
    const place = ({ name }: T) =>
      this.places.get(name) ??
      this.places.get(name.slice(name.lastIndexOf(".") + 1)) ??
      this.places.size;
    return [...all].sort(
      (a, b) => place(a) - place(b) || a.name.localeCompare(b.name),
    );
  }
  ofKind = (kind: string): ComponentType[] =>
    this.types.filter((type) => type.kind === kind);
  /** The component that a number in place of one of this kind stands for. */
  spelledOut(kind: string, value: unknown): Record<string, unknown> | undefined {
    if (typeof value !== "number" && typeof value !== "string") return undefined;
    const type = this.ofKind(kind).find((t) => t.bareParameter !== "");
    return type && { type: type.type, [type.bareParameter]: value };
  }
}

let fetched: Promise<Catalogue> | null = null;

export function loadCatalogue(): Promise<Catalogue> {
  fetched ??= catalog
    .listComponentTypes({})
    .then((answer) => new Catalogue(answer.componentTypes));
  fetched.catch(() => {
    fetched = null;
  });
  return fetched;
}

export const useCatalogue = (): Query<Catalogue> =>
  useQuery("catalogue", loadCatalogue);

/** "[0.1, 1000] ms", "(0, inf)". */
export function rangeOf(p: Parameter): string {
  if (p.minimum === undefined && p.maximum === undefined) return "";
  const open = p.exclusiveMinimum || p.minimum === undefined ? "(" : "[";
  const close = p.maximum === undefined ? ")" : "]";
  return `${open}${p.minimum ?? "−∞"}, ${p.maximum ?? "∞"}${close}`;
}

/** A component of a stored tree, with its row of the catalogue. */
export interface Part {
  /** "experiment.analyses.recall". */
  path: string;
  /** `name:`, or "". */
  name: string;
  type: ComponentType;
  values: Record<string, unknown>;
}

const isTree = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" &&
  value !== null &&
  typeof (value as { type?: unknown }).type === "string";

/** Every component of a tree, parents first, in the order of the slots. */
export function partsOf(
  root: unknown,
  catalogue: Catalogue,
  path = "experiment",
): Part[] {
  if (!isTree(root)) return [];
  const type = catalogue.find(root.type as string);
  if (!type) return [];
  const name = typeof root.name === "string" ? root.name : "";
  const inner = type.slots.flatMap((slot) => {
    const value = root[slot.name];
    const list = Array.isArray(value) ? value : [value];
    return list.flatMap((item: unknown, i) => {
      const own = isTree(item) ? String(item.name ?? item.type) : String(i);
      const at = slot.many
        ? `${path}.${slot.name}.${own}`
        : `${path}.${slot.name}`;
      return partsOf(item, catalogue, at);
    });
  });
  return [{ path, name, type, values: root }, ...inner];
}

/** An output as the record names it. */
export const recordedName = (part: Part, output: Output): string =>
  part.name ? `${part.name}.${output.name}` : output.name;

/** Which part of the tree leaves an item of the record, and as what. */
export function findOutput(
  parts: readonly Part[],
  name: string,
): { part: Part; output: Output } | undefined {
  for (const part of parts)
    for (const output of part.type.outputs)
      if (recordedName(part, output) === name) return { part, output };
  return undefined;
}

/** Value at a dotted path of a tree; list items go by name, type or number. */
export function valueAt(tree: unknown, path: string): unknown {
  let at: unknown = tree;
  for (const key of path.split(".")) {
    if (Array.isArray(at)) {
      at =
        at.find(
          (item: unknown) =>
            isTree(item) && (item.name === key || item.type === key),
        ) ?? at[Number(key)];
    } else if (typeof at === "object" && at !== null) {
      at = (at as Record<string, unknown>)[key];
    } else return undefined;
  }
  return at;
}

/** Units of the parameters of these runs, by path. */
export function unitsOf(
  all: readonly { run: { treeJson: string } }[],
  catalogue: Catalogue,
): ReadonlyMap<string, string> {
  const units = new Map<string, string>();
  for (const { run } of all) {
    const { experiment } = JSON.parse(run.treeJson || "{}") as {
      experiment?: unknown;
    };
    for (const part of partsOf(experiment, catalogue))
      for (const p of part.type.parameters)
        units.set(`${part.path}.${p.name}`, p.unit);
  }
  return units;
}
