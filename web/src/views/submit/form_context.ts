// What the fields of the form share: the document, and what is wrong with it.
import type { Catalogue } from "../../spec/catalogue";
import { type Path, at } from "../../spec/document";
import type { Place } from "./checked";

export interface FormContext {
  catalogue: Catalogue;
  value: unknown;
  edit: (path: Path, value: unknown) => void;
  places: readonly Place[];
}

export const isComponent = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * The context in which a number that stands for a component is that component:
 * its only parameter stays a number when it is edited.
 */
export function spelledOut(
  context: FormContext,
  path: Path,
  kind: string,
): FormContext {
  const own = at(context.value, path);
  const tree = context.catalogue.spelledOut(kind, own);
  if (!tree) return context;
  const bare = context.catalogue.find(String(tree.type))!.bareParameter;
  return {
    ...context,
    value: withPlace(context.value, path, tree),
    edit: (where, value) => {
      const [key, ...rest] = where.slice(path.length);
      const isOwn = path.every((part, i) => where[i] === part);
      if (!isOwn || key === undefined) context.edit(where, value);
      else if (key === bare && rest.length === 0 && value !== undefined)
        context.edit(path, value);
      else context.edit(path, withPlace(tree, [key, ...rest], value));
    },
  };
}

/** A copy with another value at a path. */
function withPlace(value: unknown, path: Path, put: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return put;
  if (Array.isArray(value))
    return value.map((item, i) => (i === key ? withPlace(item, rest, put) : item));
  const map = isComponent(value) ? value : {};
  return { ...map, [key]: withPlace(map[key], rest, put) };
}

/** How the server names a component: list items by name, type or number. */
export function serverPath(root: unknown, path: Path): string {
  const parts: string[] = [];
  let own: unknown = root;
  path.forEach((key) => {
    const list = own;
    own = at(own, [key]);
    if (typeof key === "number" && Array.isArray(list) && isComponent(own)) {
      const { name, type } = own;
      const isOnly =
        list.filter((item) => isComponent(item) && item.type === type)
          .length === 1;
      parts.push(String(name ?? (isOnly && type ? type : key)));
    } else parts.push(String(key));
  });
  return parts.join(".");
}

export function faultsAt(context: FormContext, path: Path): string[] {
  const name = serverPath(context.value, path);
  const numbered = path.join(".");
  return context.places
    .filter((p) => p.path === name || p.path === numbered)
    .map((p) => p.message);
}
