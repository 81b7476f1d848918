// Names of places below an axis, slanted where they do not fit side by side.
import { LETTER, cut } from "./letters";

/** Longer names of places are cut. */
const MOST_LETTERS = 22;

/** Names that do not fit beside each other are slanted, and take this room. */
export function slantOf(
  names: readonly string[] | undefined,
  width: number,
): number {
  if (!names) return 0;
  const longest = names.reduce((most, name) => Math.max(most, name.length), 0);
  // A letter stays free between one name and the next.
  const room = width / Math.max(1, names.length) / LETTER - 1;
  return longest <= room
    ? 0
    : Math.ceil(Math.min(MOST_LETTERS, longest) * LETTER * 0.6);
}

/** The name of a place below an axis, slanted where there is no room. */
export function PlaceName({
  x,
  y,
  isSlanted,
  children,
}: {
  x: number;
  y: number;
  isSlanted: boolean;
  children: string;
}) {
  return isSlanted ? (
    <text
      textAnchor="end"
      transform={`translate(${x + 4} ${y - 3}) rotate(-38)`}
    >
      {cut(children, MOST_LETTERS)}
    </text>
  ) : (
    <text x={x} y={y} textAnchor="middle">
      {children}
    </text>
  );
}
