// An experiment's text as a document that the form edits: comments, order and
// spelling of what is not touched stay as they are.
import { Document, isMap, isScalar, parseDocument, type Node } from "yaml";

export type Path = readonly (string | number)[];

export interface Text {
  text: string;
  /** What it says; undefined when it cannot be read. */
  value: unknown;
  /** Why it cannot be read, with its line from 1. */
  problem: { line: number; message: string } | null;
}

export function read(text: string): Text {
  const document = parseDocument(text, { uniqueKeys: true });
  const [error] = document.errors;
  if (error)
    return {
      text,
      value: undefined,
      problem: {
        line: error.linePos?.[0].line ?? 1,
        message: error.message.split("\n")[0]!.replace(/ at line .*$/, ""),
      },
    };
  return { text, value: document.toJS() as unknown, problem: null };
}

export function at(value: unknown, path: Path): unknown {
  let own = value;
  for (const key of path) {
    if (typeof own !== "object" || own === null) return undefined;
    own = (own as Record<string | number, unknown>)[key];
  }
  return own;
}

const write = (document: Document): string =>
  document.toString({ lineWidth: 100, flowCollectionPadding: false });

/** The text with a value put at a path; undefined takes it away. */
export function withValue(text: string, path: Path, value: unknown): string {
  const document = parseDocument(text);
  if (document.errors.length > 0) return text;
  if (value === undefined) {
    document.deleteIn(path);
    prune(document, path.slice(0, -1));
    return write(document);
  }
  const old = document.getIn(path, true) as Node | undefined;
  const node = document.createNode(value);
  // {type: hebbian} stays on its line.
  if (isMap(node) && path.length > 1)
    node.flow = !isMap(old) || old.flow === true;
  if (isScalar(old) && isScalar(node)) {
    node.comment = old.comment ?? null;
    node.commentBefore = old.commentBefore ?? null;
  }
  ensureMaps(document, path);
  document.setIn(path, node);
  return write(document);
}

function ensureMaps(document: Document, path: Path): void {
  for (let i = 1; i < path.length; i += 1) {
    const own = path.slice(0, i);
    if (document.getIn(own) == null)
      document.setIn(
        own,
        document.createNode(typeof path[i] === "number" ? [] : {}),
      );
  }
}

// A section that is empty now says nothing.
function prune(document: Document, path: Path): void {
  if (path.length !== 1) return;
  const own = document.getIn(path);
  if (isMap(own) && own.items.length === 0) document.deleteIn(path);
}

/** What was typed, as YAML reads it: 3, "20 ms", [0.3, 0.5], {log: [1, 9]}. */
export function fromInput(text: string): unknown {
  const trimmed = text.trim();
  if (trimmed === "") return undefined;
  const document = parseDocument(trimmed);
  if (document.errors.length > 0) return trimmed;
  return document.toJS() as unknown;
}

/** A value as it would be typed. */
export function toInput(value: unknown): string {
  if (value === undefined || value === null) return "";
  if (typeof value === "object")
    return new Document(value)
      .toString({
        collectionStyle: "flow",
        lineWidth: 0,
        flowCollectionPadding: false,
      })
      .trim();
  return String(value);
}
