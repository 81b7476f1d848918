// Points, bars, lines and arrows between two axes, as SVG: for what has at most
// a few thousand marks. Curves of a run are line charts.
import { useRef, useState } from "react";
import { axis, number } from "../format";
import { Figure, useWidth } from "./figure";
import { svgTextPng } from "./heatmap";
import { PlaceName, slantOf } from "./place_name";
import { type Cell, standaloneSvg, toCsv } from "./save";
import { linearTicks, logTicks, padded } from "./ticks";

export interface PlotAxis {
  name: string;
  unit: string;
  min: number;
  max: number;
  isLog?: boolean;
  /** Names at 0, 1, 2, ... instead of numbers. */
  names?: readonly string[];
  /** Counts or indices: no ticks between them. */
  isWhole?: boolean;
}

export interface Point {
  x: number;
  y: number;
  color?: string;
  shape?: "dot" | "ring" | "cross" | "square";
  label?: string;
  open?: () => void;
}

export interface Marks {
  points?: readonly Point[];
  bars?: readonly { x: number; width: number; y: number }[];
  lines?: readonly {
    points: readonly (readonly [number, number])[];
    color?: string;
    dash?: string;
    name?: string;
  }[];
  arrows?: readonly { x: number; y: number; dx: number; dy: number }[];
  /** Vertical lines from y to y. */
  errors?: readonly { x: number; low: number; high: number; color?: string }[];
}

export interface PlotProps {
  title: string;
  hint?: string | undefined;
  x: PlotAxis;
  y: PlotAxis;
  marks: Marks;
  header: readonly string[];
  rows: () => Iterable<readonly Cell[]>;
  height?: number;
  /** One unit is as long on both axes. */
  isEqual?: boolean;
  controls?: React.ReactNode;
  legend?: readonly { name: string; color: string }[];
}

const LEFT = 58;
const RIGHT = 12;
const TOP = 8;
const BOTTOM = 38;

const place = (a: PlotAxis, length: number) => {
  const of = a.isLog ? Math.log10 : (v: number) => v;
  const min = of(a.min);
  const span = of(a.max) - min || 1;
  return (value: number) => ((of(value) - min) / span) * length;
};

const ticksOf = (a: PlotAxis, wanted: number) =>
  a.names
    ? a.names.map((_, i) => i)
    : a.isLog
      ? logTicks(a.min, a.max)
      : linearTicks(a.min, a.max, wanted).filter(
          (tick) => !a.isWhole || Number.isInteger(tick),
        );

function equalAxes(
  x: PlotAxis,
  y: PlotAxis,
  ratio: number,
): [PlotAxis, PlotAxis] {
  const spanX = x.max - x.min;
  const spanY = y.max - y.min;
  const span = Math.max(spanX, spanY * ratio);
  const wide = (a: PlotAxis, to: number) => {
    const middle = (a.min + a.max) / 2;
    return { ...a, min: middle - to / 2, max: middle + to / 2 };
  };
  return [wide(x, span), wide(y, span / ratio)];
}

export function Plot(props: PlotProps) {
  const [box, width] = useWidth<HTMLDivElement>();
  const svg = useRef<SVGSVGElement>(null);
  const [readout, setReadout] = useState("");
  const w = Math.max(40, width - LEFT - RIGHT);
  const slant = slantOf(props.x.names, w);
  const height = (props.height ?? 220) + slant;
  const h = height - TOP - BOTTOM - slant;
  const [xAxis, yAxis] = props.isEqual
    ? equalAxes(props.x, props.y, w / h)
    : [props.x, props.y];
  const toX = place(xAxis, w);
  const toY = place(yAxis, h);
  const px = (v: number) => LEFT + toX(v);
  const py = (v: number) => TOP + h - toY(v);
  const xTicks = ticksOf(xAxis, Math.floor(w / 70));
  const yTicks = ticksOf(yAxis, Math.floor(h / 34));
  const name = (a: PlotAxis, tick: number) =>
    a.names?.[tick] ?? number(tick, 4);
  const { points, bars, lines, arrows, errors } = props.marks;

  return (
    <Figure
      title={props.title}
      hint={props.hint}
      controls={props.controls}
      files={{
        csv: () => toCsv(props.header, props.rows()),
        svg: () => standaloneSvg(svg.current!),
        png: () =>
          svgTextPng(standaloneSvg(svg.current!), width, height, props.title),
      }}
    >
      <div className="plot" ref={box}>
        {width > 0 && (
          <svg
            ref={svg}
            width={width}
            height={height}
            style={{ display: "block" }}
            role="group"
            aria-label={`${props.title}: ${axis(yAxis.name, yAxis.unit)} over ${axis(xAxis.name, xAxis.unit)}`}
          >
            <defs>
              <marker
                id="tip"
                viewBox="0 0 6 6"
                refX="5"
                refY="3"
                markerWidth="5"
                markerHeight="5"
                orient="auto-start-reverse"
              >
                <path d="M0 0L6 3L0 6z" fill="var(--quiet)" />
              </marker>
            </defs>
            {yTicks.map((tick) => (
              <g key={`y${tick}`}>
                <line
                  x1={LEFT}
                  x2={LEFT + w}
                  y1={py(tick)}
                  y2={py(tick)}
                  stroke="var(--line)"
                />
                <text x={LEFT - 6} y={py(tick) + 4} textAnchor="end">
                  {name(yAxis, tick)}
                </text>
              </g>
            ))}
            {xTicks.map((tick) => (
              <g key={`x${tick}`}>
                <line
                  x1={px(tick)}
                  x2={px(tick)}
                  y1={TOP}
                  y2={TOP + h}
                  stroke="var(--line)"
                />
                <PlaceName x={px(tick)} y={TOP + h + 14} isSlanted={slant > 0}>
                  {name(xAxis, tick)}
                </PlaceName>
              </g>
            ))}
            <text x={LEFT + w / 2} y={height - 6} textAnchor="middle">
              {axis(xAxis.name, xAxis.unit)}
            </text>
            <text
              x={-(TOP + h / 2)}
              y={11}
              textAnchor="middle"
              transform="rotate(-90)"
            >
              {axis(yAxis.name, yAxis.unit)}
            </text>
            {bars?.map((bar, i) => (
              <rect
                key={i}
                x={px(bar.x)}
                y={py(Math.max(bar.y, yAxis.min))}
                width={Math.max(0.5, px(bar.x + bar.width) - px(bar.x) - 0.5)}
                height={Math.max(0, TOP + h - py(Math.max(bar.y, yAxis.min)))}
                fill="var(--busy)"
                onMouseEnter={() =>
                  setReadout(
                    `${number(bar.x)} to ${number(bar.x + bar.width)}: ${number(bar.y)}`,
                  )
                }
              />
            ))}
            {arrows?.map((a, i) => (
              <line
                key={i}
                x1={px(a.x)}
                y1={py(a.y)}
                x2={px(a.x + a.dx)}
                y2={py(a.y + a.dy)}
                stroke="var(--quiet)"
                strokeWidth={0.8}
                markerEnd="url(#tip)"
              />
            ))}
            {lines?.map((line, i) => (
              <polyline
                key={i}
                points={line.points
                  .map(([x, y]) => `${px(x).toFixed(1)},${py(y).toFixed(1)}`)
                  .join(" ")}
                fill="none"
                stroke={line.color ?? "var(--ink)"}
                strokeDasharray={line.dash}
                strokeWidth={1.5}
              />
            ))}
            {errors?.map((e, i) => (
              <line
                key={i}
                x1={px(e.x)}
                x2={px(e.x)}
                y1={py(e.low)}
                y2={py(e.high)}
                stroke={e.color ?? "var(--ink)"}
                strokeWidth={1.5}
              />
            ))}
            {points?.map((p, i) => (
              <Mark
                key={i}
                point={p}
                x={px(p.x)}
                y={py(p.y)}
                tell={() => setReadout(describe(props, p))}
              />
            ))}
          </svg>
        )}
        {props.legend && props.legend.length > 0 && (
          <div className="legend">
            {props.legend.map((entry) => (
              <span key={entry.name}>
                <i style={{ background: entry.color }} />
                {entry.name}
              </span>
            ))}
          </div>
        )}
        <div className="readout" aria-live="polite">
          {readout}
        </div>
      </div>
    </Figure>
  );
}

const describe = (props: PlotProps, p: Point) =>
  `${p.label ? `${p.label}: ` : ""}${props.x.name.replaceAll("_", " ")} ${props.x.names?.[p.x] ?? number(p.x, 5)}, ${props.y.name.replaceAll("_", " ")} ${number(p.y, 5)}`;

function Mark({
  point,
  x,
  y,
  tell,
}: {
  point: Point;
  x: number;
  y: number;
  tell: () => void;
}) {
  const color = point.color ?? "var(--busy)";
  const shape = point.shape ?? "dot";
  const drawn =
    shape === "cross" ? (
      <path
        d={`M${x - 4} ${y - 4}L${x + 4} ${y + 4}M${x - 4} ${y + 4}L${x + 4} ${y - 4}`}
        stroke={color}
        strokeWidth={1.8}
      />
    ) : shape === "square" ? (
      <rect x={x - 3.5} y={y - 3.5} width={7} height={7} fill={color} />
    ) : (
      <circle
        cx={x}
        cy={y}
        r={3.2}
        fill={shape === "ring" ? "var(--panel)" : color}
        fillOpacity={shape === "ring" ? 1 : 0.75}
        stroke={color}
        strokeWidth={1.2}
      />
    );
  if (!point.open) return <g onMouseEnter={tell}>{drawn}</g>;
  return (
    <g
      role="link"
      tabIndex={0}
      aria-label={`${point.label ?? "run"}: ${number(point.x, 5)}, ${number(point.y, 5)}`}
      style={{ cursor: "pointer" }}
      onMouseEnter={tell}
      onFocus={tell}
      onClick={point.open}
      onKeyDown={(event) => event.key === "Enter" && point.open?.()}
    >
      {drawn}
    </g>
  );
}

/** An axis that holds these values, with room at its ends. */
export function axisFor(
  name: string,
  unit: string,
  values: readonly number[],
  isLog = false,
): PlotAxis {
  const finite = values.filter((v) => Number.isFinite(v) && (!isLog || v > 0));
  const min = finite.reduce((a, b) => Math.min(a, b), Infinity);
  const max = finite.reduce((a, b) => Math.max(a, b), -Infinity);
  if (isLog && finite.length > 0)
    return { name, unit, min: min / 1.2, max: max * 1.2, isLog };
  const [low, high] = padded(min, max);
  return {
    name,
    unit,
    min: low,
    max: high,
    isWhole: finite.every(Number.isInteger),
  };
}
