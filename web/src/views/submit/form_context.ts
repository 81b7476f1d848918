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
