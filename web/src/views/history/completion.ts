// Completion of the filter language: a field, then an operator, then values
// that are known of that field.

export interface Known {
  fields: readonly string[];
  values: (field: string) => readonly string[];
}

export interface Completion {
  /** What the text is replaced from, to the cursor. */
  from: number;
  options: string[];
}

const TOKEN =
  /\s*(?:(AND|OR|NOT|IN)\b|([()\,])|(<=|>=|!=|=|<|>|:)|("(?:[^"]*)"?|'(?:[^']*)'?)|([^\s()=<>!:,"']+))/gy;

interface Token {
  kind: "word" | "operator" | "joint" | "bracket" | "quoted";
  text: string;
  start: number;
  end: number;
}

export function tokens(text: string): Token[] {
  const found: Token[] = [];
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(text); match; match = TOKEN.exec(text)) {
    const [whole, joint, bracket, operator, quoted, word] = match;
    const inner = joint ?? bracket ?? operator ?? quoted ?? word ?? "";
    const end = match.index + whole.length;
    found.push({
      kind: joint
        ? "joint"
        : bracket
          ? "bracket"
          : operator
            ? "operator"
            : quoted
              ? "quoted"
              : "word",
      text: inner,
      start: end - inner.length,
      end,
    });
  }
  return found;
}

/** The list scrolls; what is further down is found by another letter. */
const MOST_OPTIONS = 60;

const matches = (options: readonly string[], prefix: string): string[] => {
  const low = prefix.toLowerCase();
  const starting = options.filter((o) => o.toLowerCase().startsWith(low));
  const within = options.filter(
    (o) => !o.toLowerCase().startsWith(low) && o.toLowerCase().includes(low),
  );
  return [...starting, ...within].slice(0, MOST_OPTIONS);
};

export function complete(
  text: string,
  cursor: number,
  known: Known,
): Completion {
  const before = tokens(text.slice(0, cursor));
  const last = before.at(-1);
  const isTyping =
    last !== undefined && last.end === cursor && last.kind === "word";
  const done = isTyping ? before.slice(0, -1) : before;
  const prefix = isTyping ? last.text : "";
  const from = isTyping ? last.start : cursor;
  const previous = done.at(-1);
  const field = fieldBefore(done);
  if (previous?.kind === "operator" || field.isInList)
    return { from, options: matches(known.values(field.name), prefix) };
  if (
    !previous ||
    previous.text === "(" ||
    (previous.kind === "joint" && previous.text !== "IN")
  )
    return { from, options: matches([...known.fields, "NOT"], prefix) };
  const isField = previous.kind === "word" && done.at(-2)?.kind !== "operator";
  if (isField)
    return {
      from,
      options: matches(["=", "!=", "<", "<=", ">", ">=", ":", "IN ("], prefix),
    };
  return { from, options: matches(["AND", "OR"], prefix) };
}

function fieldBefore(done: readonly Token[]): {
  name: string;
  isInList: boolean;
} {
  const last = done.at(-1);
  if (last?.kind === "operator")
    return { name: done.at(-2)?.text ?? "", isInList: false };
  // "rule.type IN (hebbian," is a list that goes on.
  let depth = done.length - 1;
  while (depth >= 0 && done[depth]!.text !== "(") {
    if (done[depth]!.text === ")" || done[depth]!.kind === "operator")
      return { name: "", isInList: false };
    depth -= 1;
  }
  const isList =
    depth >= 2 &&
    done[depth - 1]!.text === "IN" &&
    (last?.text === "," || last?.text === "(");
  return { name: isList ? done[depth - 2]!.text : "", isInList: isList };
}
