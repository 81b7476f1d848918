// The one place where numbers become text.
import type { Timestamp, Duration } from "@bufbuild/protobuf/wkt";
import type { SummaryValue } from "./api/engram/v1/runs_pb";

const MINUS = "\u2212";
const NARROW_SPACE = "\u202f";

const signed = (text: string) => text.replace("-", MINUS);

/** With this many significant digits: "0.2683", "1.2e−5", "12 400". */
export function number(x: number, digits = 4): string {
  if (!Number.isFinite(x)) return x > 0 ? "∞" : x < 0 ? `${MINUS}∞` : "–";
  if (x === 0) return "0";
  const size = Math.abs(x);
  if (Number.isInteger(x) && size < 1e15) return integer(x);
  if (size < 1e-3 || size >= 1e6) {
    const [mantissa, exponent] = x.toExponential(digits - 1).split("e");
    const short = mantissa!.includes(".")
      ? mantissa!.replace(/\.?0+$/, "")
      : mantissa!;
    return signed(
      `${short}e${exponent!.replace("+", "")}`.replace("e-", `e${MINUS}`),
    );
  }
  const text = x.toPrecision(digits);
  return signed(text.includes("e") ? integer(Math.round(x)) : trimmed(text));
}

const trimmed = (text: string) =>
  text.includes(".") ? text.replace(/\.?0+$/, "") : text;

/** The ticks of one axis with as few digits as tell them apart. */
export function tickLabels(ticks: readonly (number | null)[]): string[] {
  const numbers = ticks.filter((t): t is number => t !== null);
  for (let digits = 3; digits < 9; digits += 1) {
    const texts = numbers.map((t) => number(t, digits));
    const isExact = numbers.every(
      (t) => t === 0 || Math.abs(Number(t.toPrecision(digits)) / t - 1) < 1e-6,
    );
    if (isExact && new Set(texts).size === texts.length)
      return ticks.map((t) => (t === null ? "" : number(t, digits)));
  }
  return ticks.map((t) => (t === null ? "" : number(t, 8)));
}

/** Thousands apart from 10 000 on. */
export function integer(x: number | bigint): string {
  const text = x.toString();
  const digits = text.replace("-", "");
  const grouped =
    digits.length > 4
      ? digits.replace(/\B(?=(\d{3})+$)/g, NARROW_SPACE)
      : digits;
  return text.startsWith("-") ? MINUS + grouped : grouped;
}

/** A number as it is typed and as CSV holds it: all of its digits. */
export const exact = (x: number): string => String(x);

/** "20 ms"; a unit of 1 is not written. */
export const quantity = (x: number, unit: string, digits = 4): string =>
  number(x, digits) + (unit && unit !== "1" ? `${NARROW_SPACE}${unit}` : "");

/** "rate [Hz]"; without a unit, which names have, the name alone. */
export const axis = (name: string, unit: string): string =>
  name.replaceAll("_", " ") + (unit === "" ? "" : ` [${unit}]`);

export function summary(value: SummaryValue | undefined): string {
  if (!value) return "";
  return value.content.case === "value"
    ? quantity(value.content.value, value.unit)
    : "absent";
}

const BYTE_UNITS = ["B", "kB", "MB", "GB", "TB", "PB"];

export function bytes(count: number | bigint): string {
  let size = Number(count);
  let unit = 0;
  while (size >= 1000 && unit < BYTE_UNITS.length - 1) {
    size /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? size : number(size, 3)}${NARROW_SPACE}${BYTE_UNITS[unit]}`;
}

/** "3 min 20 s", "1 h 4 min", "2 d 3 h", "412 ms". */
export function seconds(s: number): string {
  const space = NARROW_SPACE;
  if (!Number.isFinite(s) || s < 0) return "–";
  if (s > 0 && s < 0.9995)
    return `${number(s < 0.1 ? s * 1000 : Math.round(s * 1000), s < 0.1 ? 2 : 3)}${space}ms`;
  if (s < 10) return `${number(Math.round(s * 10) / 10, 2)}${space}s`;
  const whole = Math.round(s);
  if (whole < 60) return `${whole}${space}s`;
  const parts: [number, string][] = [
    [Math.floor(whole / 86400), "d"],
    [Math.floor(whole / 3600) % 24, "h"],
    [Math.floor(whole / 60) % 60, "min"],
    [whole % 60, "s"],
  ];
  const first = parts.findIndex(([n]) => n > 0);
  return parts
    .slice(first, first + 2)
    .filter(([n], i) => i === 0 || n > 0)
    .map(([n, unit]) => `${n}${space}${unit}`)
    .join(" ");
}

export const durationSeconds = (d: Duration | undefined): number =>
  d ? Number(d.seconds) + d.nanos / 1e9 : NaN;

export const milliseconds = (t: Timestamp | undefined): number =>
  t ? Number(t.seconds) * 1000 + t.nanos / 1e6 : NaN;

const two = (n: number) => String(n).padStart(2, "0");

/** "2026-11-22 08:31", in the reader's time zone. */
export function time(t: Timestamp | undefined, withSeconds = false): string {
  if (!t) return "";
  const d = new Date(milliseconds(t));
  const date = `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())}`;
  const clock = `${two(d.getHours())}:${two(d.getMinutes())}`;
  return `${date} ${clock}${withSeconds ? `:${two(d.getSeconds())}` : ""}`;
}

/** "4 min ago", "in 3 h". */
export function relative(t: Timestamp | undefined, nowMs = Date.now()): string {
  if (!t) return "";
  const s = (nowMs - milliseconds(t)) / 1000;
  if (Math.abs(s) < 5) return "now";
  const text = seconds(Math.abs(s)).split(" ")[0]!;
  return s > 0 ? `${text} ago` : `in ${text}`;
}

/** "0.423" of a part and its whole, as "42 %". */
export const percent = (part: number): string =>
  `${Math.floor(part * 100)}${NARROW_SPACE}%`;

/** "runs", "batches". */
export const plural = (noun: string): string =>
  noun + (/(s|x|ch|sh)$/.test(noun) ? "es" : "s");

/** "3 runs", "1 run". */
export const count = (n: number | bigint, noun: string): string =>
  `${integer(n)} ${Number(n) === 1 ? noun : plural(noun)}`;

/** Ticks of a run: "21 trials"; "10 × 100 ms" where a tick is a quantity. */
export const ticks = (n: number | bigint, name: string): string =>
  /^\d/.test(name) ? `${integer(n)} × ${name}` : count(n, name);

/** Ticks in a second: "12.5 trials/s", "3 × 100 ms/s". */
export const ticksPerSecond = (rate: number, name: string): string =>
  `${number(rate, 3)} ${/^\d/.test(name) ? `× ${name}` : plural(name)}/s`;

/** As it is set, not as it is typed: "within −0.29 to −0.25", "1 ± 1e−12". */
export const typeset = (text: string): string =>
  text
    .replaceAll("+-", "±")
    .replaceAll(" .. ", " to ")
    .replace(/(?<![\w.])-(?=\d)|(?<=\de)-(?=\d)/g, MINUS);

/** The first letters of a digest: "s1:3f0c9a12". */
export function digest(text: string): string {
  const [kind, rest] = text.includes(":") ? text.split(":") : ["", text];
  return `${kind ? `${kind}:` : ""}${rest!.slice(0, 10)}`;
}

/** A parameter's value in a cell: the type of a component, the rest as JSON. */
export function plain(value: unknown): string {
  if (typeof value === "number") return number(value, 6);
  if (typeof value === "string") return value;
  if (value === null || value === undefined) return "";
  if (Array.isArray(value)) return `[${value.map(plain).join(", ")}]`;
  if (typeof value === "object") {
    const { type, ...rest } = value as Record<string, unknown>;
    const others = Object.entries(rest).map(([k, v]) => `${k}: ${plain(v)}`);
    if (typeof type === "string")
      return others.length ? `${type} {${others.join(", ")}}` : type;
    return `{${others.join(", ")}}`;
  }
  return String(value);
}

/** Last part of a path, with the one before where that is not the root. */
export function shortPath(path: string, length = 2): string {
  const parts = path.replace(/^experiment\./, "").split(".");
  return parts.slice(-length).join(".");
}

/** Short paths, each as long as it takes to tell it from the others. */
export function shortPaths(paths: readonly string[]): Map<string, string> {
  const own = new Map(paths.map((path) => [path, 2]));
  const deepest = Math.max(2, ...paths.map((path) => path.split(".").length));
  for (let length = 2; length < deepest; length += 1) {
    const same = new Map<string, number>();
    for (const [path, n] of own) {
      const text = shortPath(path, n);
      same.set(text, (same.get(text) ?? 0) + 1);
    }
    for (const [path, n] of own)
      if (same.get(shortPath(path, n))! > 1) own.set(path, n + 1);
  }
  return new Map([...own].map(([path, n]) => [path, shortPath(path, n)]));
}
