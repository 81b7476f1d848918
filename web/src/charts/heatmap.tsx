// A matrix as colours: one cell an element, a colour bar with its unit, and
// what is under the cursor in numbers.
import { useEffect, useMemo, useRef, useState } from "react";
import { axis, number } from "../format";
import { TABLE_SIZE, type Scale, colorTable, scaleOf } from "./color";
import { ColorBar, colorBarWidth } from "./color_bar";
import { Figure, useWidth } from "./figure";
import { LETTER, cut } from "./letters";
import { type Matrix, extent } from "./matrix";
import { PlaceName, slantOf } from "./place_name";
import { standaloneSvg, titledPng, toCsv } from "./save";
import { linearTicks } from "./ticks";

export interface HeatmapAxis {
  name: string;
  unit: string;
  /** Value at an index; without it, the index itself. */
  values?: readonly (number | string)[];
}

export interface HeatmapProps {
  title: string;
  hint?: string | undefined;
  matrix: Matrix;
  value: string;
  /** Across, and down. */
  x: HeatmapAxis;
  y: HeatmapAxis;
  /** Common to several; else from the matrix itself. */
  scale?: Scale | undefined;
  controls?: React.ReactNode;
  maxHeight?: number;
  isSquare?: boolean;
}

const LEAST_LEFT = 52;
const TOP = 6;
const BOTTOM = 36;
/** Between the matrix and its colour bar. */
const BAR_GAP = 14;

/** Colours of all elements, ready to be put on a canvas. */
export function paint(
  matrix: Matrix,
  scale: Scale,
  table: Uint32Array,
  into: Uint32Array,
): void {
  const { values } = matrix;
  const factor = (TABLE_SIZE - 1) / (scale.max - scale.min || 1);
  const { min } = scale;
  const last = TABLE_SIZE - 1;
  for (let i = 0; i < into.length; i += 1) {
    const place = (values[i]! - min) * factor + 0.5;
    // Absent cells stay clear.
    into[i] =
      place === place
        ? table[place < 0 ? 0 : place > last ? last : place | 0]!
        : 0;
  }
}

const label = (a: HeatmapAxis, i: number): string => {
  const value = a.values?.[i];
  if (value === undefined) return String(i);
  return typeof value === "number" ? number(value, 4) : value;
};

const areNames = (a: HeatmapAxis): boolean =>
  a.values?.some((value) => typeof value === "string") ?? false;

/** Room for the labels of the rows and the name of their axis. */
function leftOf(a: HeatmapAxis, count: number, width: number): number {
  const longest = (a.values ?? [])
    .slice(0, count)
    .reduce<number>((most, _, i) => Math.max(most, label(a, i).length), 0);
  const wanted = 26 + longest * LETTER;
  return Math.max(LEAST_LEFT, Math.min(wanted, width * 0.3));
}

function tickPlaces(count: number, length: number, a: HeatmapAxis): number[] {
  const wanted = Math.max(1, Math.floor(length / (a.values ? 60 : 48)));
  if (areNames(a) && count <= 30)
    return Array.from({ length: count }, (_, i) => i);
  if (count <= wanted) return Array.from({ length: count }, (_, i) => i);
  return linearTicks(0, count - 1, wanted).filter(Number.isInteger);
}

/** A low bar has room for the unit alone; the title has the name. */
const barName = (value: string, unit: string, height: number): string => {
  const whole = axis(value, unit);
  return whole.length * LETTER <= height ? whole : axis("", unit).trim();
};

export function Heatmap(props: HeatmapProps) {
  const { matrix } = props;
  const [box, width] = useWidth<HTMLDivElement>();
  const canvas = useRef<HTMLCanvasElement>(null);
  const svg = useRef<SVGSVGElement>(null);
  const [at, setAt] = useState<[number, number] | null>(null);
  const scale = useMemo(
    () => props.scale ?? scaleOf(...finiteExtent(matrix)),
    [props.scale, matrix],
  );
  const left = leftOf(props.y, matrix.rows, width);
  const w = Math.max(40, width - left - BAR_GAP - colorBarWidth(scale));
  const natural =
    props.isSquare === false
      ? Math.min(props.maxHeight ?? 360, Math.max(110, matrix.rows * 14))
      : (w * matrix.rows) / Math.max(1, matrix.columns);
  const h = Math.max(24, Math.min(props.maxHeight ?? 420, natural));
  const plotWidth =
    props.isSquare === false
      ? w
      : Math.min(w, (h * matrix.columns) / matrix.rows);

  const picture = useMemo(() => {
    const image = document.createElement("canvas");
    image.width = matrix.columns;
    image.height = matrix.rows;
    const context = image.getContext("2d", { willReadFrequently: true })!;
    const pixels = context.createImageData(matrix.columns, matrix.rows);
    return {
      image,
      context,
      pixels,
      words: new Uint32Array(pixels.data.buffer),
    };
  }, [matrix.columns, matrix.rows]);
  useEffect(() => {
    const target = canvas.current;
    if (!target || width === 0 || matrix.values.length === 0) return;
    const start = performance.now();
    paint(matrix, scale, colorTable(scale.isSigned), picture.words);
    picture.context.putImageData(picture.pixels, 0, 0);
    const ratio = devicePixelRatio;
    target.width = Math.round(plotWidth * ratio);
    target.height = Math.round(h * ratio);
    const outer = target.getContext("2d")!;
    outer.imageSmoothingEnabled = matrix.columns > target.width;
    outer.drawImage(picture.image, 0, 0, target.width, target.height);
    performance.measure("heatmap", { start });
  }, [matrix, scale, plotWidth, h, width, picture]);

  const put = (i: number, j: number) =>
    setAt([
      Math.min(matrix.rows - 1, Math.max(0, i)),
      Math.min(matrix.columns - 1, Math.max(0, j)),
    ]);
  const move = (event: React.MouseEvent) => {
    const area = canvas.current!.getBoundingClientRect();
    put(
      Math.floor(((event.clientY - area.top) / area.height) * matrix.rows),
      Math.floor(((event.clientX - area.left) / area.width) * matrix.columns),
    );
  };
  const keys = (event: React.KeyboardEvent) => {
    const step = (
      {
        ArrowUp: [-1, 0],
        ArrowDown: [1, 0],
        ArrowLeft: [0, -1],
        ArrowRight: [0, 1],
      } as Record<string, [number, number]>
    )[event.key];
    if (!step) return;
    event.preventDefault();
    const [i, j] = at ?? [0, -1];
    put(i + step[0], j + step[1]);
  };

  const csv = () =>
    toCsv(
      [
        `${props.y.name} \\ ${props.x.name}: ${axis(props.value, matrix.unit)}`,
        ...Array.from({ length: matrix.columns }, (_, j) => label(props.x, j)),
      ],
      Array.from({ length: matrix.rows }, (_, i) => [
        label(props.y, i),
        ...Array.from(
          matrix.values.subarray(i * matrix.columns, (i + 1) * matrix.columns),
          (v) => (Number.isNaN(v) ? null : v),
        ),
      ]),
    );
  const slant = areNames(props.x)
    ? slantOf(
        props.x.values!.map((_, j) => label(props.x, j)),
        plotWidth,
      )
    : 0;
  const height = h + TOP + BOTTOM + slant;
  const barX = left + plotWidth + BAR_GAP;
  const barHeight = Math.max(h, 60);
  const cellWidth = plotWidth / matrix.columns;
  const cellHeight = h / matrix.rows;
  const xPlaces = tickPlaces(matrix.columns, plotWidth, props.x);

  return (
    <Figure
      title={props.title}
      hint={props.hint}
      controls={props.controls}
      files={{
        csv,
        svg: () =>
          standaloneSvg(svg.current!, [
            { canvas: canvas.current!, x: left, y: TOP },
          ]),
        png: () =>
          svgPng(svg.current!, canvas.current!, left, TOP, props.title),
      }}
    >
      <div className="plot" ref={box}>
        {width > 0 && (
          <>
            <canvas
              ref={canvas}
              style={{
                position: "absolute",
                left,
                top: TOP,
                width: plotWidth,
                height: h,
                imageRendering:
                  matrix.columns > plotWidth ? "auto" : "pixelated",
              }}
            />
            <svg
              ref={svg}
              width={width}
              height={Math.max(height, barHeight + TOP + 12)}
              style={{ position: "relative", display: "block" }}
              role="application"
              tabIndex={0}
              aria-label={`${props.title}: ${matrix.rows} by ${matrix.columns} values from ${number(scale.min)} to ${number(scale.max)}. Arrow keys read single cells.`}
              onMouseMove={move}
              onMouseLeave={() => setAt(null)}
              onKeyDown={keys}
            >
              <rect
                x={left - 0.5}
                y={TOP - 0.5}
                width={plotWidth + 1}
                height={h + 1}
                fill="none"
                stroke="var(--line-strong)"
              />
              {xPlaces.map((j) => (
                <PlaceName
                  key={`x${j}`}
                  x={left + (j + 0.5) * cellWidth}
                  y={TOP + h + 13}
                  isSlanted={slant > 0}
                >
                  {label(props.x, j)}
                </PlaceName>
              ))}
              {tickPlaces(
                matrix.rows,
                h * (areNames(props.y) ? 4 : 1.6),
                props.y,
              ).map((i) => (
                <text
                  key={`y${i}`}
                  x={left - 5}
                  y={TOP + (i + 0.5) * cellHeight + 4}
                  textAnchor="end"
                >
                  {cut(label(props.y, i), Math.floor((left - 24) / LETTER))}
                </text>
              ))}
              <text
                x={left + plotWidth / 2}
                y={TOP + h + 29 + slant}
                textAnchor="middle"
              >
                {axis(props.x.name, props.x.unit)}
              </text>
              <text
                x={-(TOP + h / 2)}
                y={10}
                textAnchor="middle"
                transform="rotate(-90)"
              >
                {axis(props.y.name, props.y.unit)}
              </text>
              <ColorBar
                x={barX}
                y={TOP}
                height={barHeight}
                scale={scale}
                name={barName(props.value, matrix.unit, barHeight)}
              />
              {at && (
                <rect
                  x={left + at[1] * cellWidth}
                  y={TOP + at[0] * cellHeight}
                  width={Math.max(2, cellWidth)}
                  height={Math.max(2, cellHeight)}
                  fill="none"
                  stroke="var(--ink)"
                  strokeWidth={1.5}
                />
              )}
            </svg>
            <div className="readout" aria-live="polite">
              {at &&
                `${props.y.name.replaceAll("_", " ")} ${label(props.y, at[0])}, ${props.x.name.replaceAll("_", " ")} ${label(props.x, at[1])}: ${number(matrix.values[at[0] * matrix.columns + at[1]]!, 5)}${matrix.unit !== "1" ? ` ${matrix.unit}` : ""}`}
            </div>
          </>
        )}
      </div>
    </Figure>
  );
}

function finiteExtent(matrix: Matrix): [number, number] {
  return extent(matrix.values.filter((v) => Number.isFinite(v)));
}

/** The canvas with the axes that the page lays over it, as one picture. */
async function svgPng(
  svg: SVGSVGElement,
  canvas: HTMLCanvasElement,
  x: number,
  y: number,
  title: string,
): Promise<Blob> {
  const text = standaloneSvg(svg, [{ canvas, x, y }]);
  return svgTextPng(text, svg.clientWidth, svg.clientHeight, title);
}

/** An SVG document as a PNG of twice its size. */
export async function svgTextPng(
  text: string,
  width: number,
  height: number,
  title: string,
): Promise<Blob> {
  const image = new Image(width, height);
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const picture = document.createElement("canvas");
  picture.width = width * devicePixelRatio;
  picture.height = height * devicePixelRatio;
  picture
    .getContext("2d")!
    .drawImage(image, 0, 0, picture.width, picture.height);
  return titledPng(picture, title, []);
}
