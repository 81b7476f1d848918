// Which colour is which value: beside a matrix, with its name and unit.
import { useId } from "react";
import { number } from "../format";
import { type Scale, colorAt } from "./color";
import { LETTER, cut } from "./letters";

const WIDTH = 11;
const GAP = 4;
/** Height of the bar's name, which is written upwards. */
const NAME = 16;

const places = ({ min, max }: Scale): [number, number, number] => [
  min,
  (min + max) / 2,
  max,
];

const valuesWidth = (scale: Scale): number =>
  Math.max(...places(scale).map((v) => number(v, 3).length)) * LETTER;

/** Room for the bar, its values and its name. */
export const colorBarWidth = (scale: Scale): number =>
  WIDTH + GAP + valuesWidth(scale) + NAME;

export function ColorBar(props: {
  x: number;
  y: number;
  height: number;
  scale: Scale;
  /** With the unit. */
  name: string;
}) {
  const gradient = useId();
  const { x, y, height, scale } = props;
  return (
    <>
      <defs>
        <linearGradient id={gradient} x1="0" y1="1" x2="0" y2="0">
          {Array.from({ length: 21 }, (_, i) => (
            <stop
              key={i}
              offset={`${i * 5}%`}
              stopColor={colorAt(
                scale,
                scale.min + ((scale.max - scale.min) * i) / 20,
              )}
            />
          ))}
        </linearGradient>
      </defs>
      <rect
        x={x}
        y={y}
        width={WIDTH}
        height={height}
        fill={`url(#${gradient})`}
        stroke="var(--line-strong)"
      />
      {places(scale).map((value, i) => (
        <text
          key={i}
          x={x + WIDTH + GAP}
          y={y + height * (1 - i / 2) + [0, 4, 9][i]!}
        >
          {number(value, 3)}
        </text>
      ))}
      <text
        x={-(y + height / 2)}
        y={x + colorBarWidth(scale) - 4}
        textAnchor="middle"
        transform="rotate(-90)"
      >
        {cut(props.name, height / LETTER)}
        <title>{props.name}</title>
      </text>
    </>
  );
}
