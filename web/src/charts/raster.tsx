// A raster: a dot a spike, time across, the units of each population down. A
// drag chooses a range, which the caller may answer with finer data.
import { useEffect, useMemo, useRef, useState } from "react";
import { axis, number } from "../format";
import { theme } from "../layout/theme";
import { useStore } from "../server/store";
import { category } from "./color";
import { Figure, useWidth } from "./figure";
import { svgTextPng } from "./heatmap";
import { standaloneSvg, toCsv } from "./save";
import { type Band, type Place, paintMarks, placesOf, wordOf } from "./spikes";
import { linearTicks } from "./ticks";

export interface RasterProps {
  title: string;
  hint?: string | undefined;
  bands: readonly Band[];
  /** What is shown [ms]. */
  range: readonly [number, number];
  /** Asks for another range; null for everything. */
  onZoom?: (range: [number, number] | null) => void;
  controls?: React.ReactNode;
}

/** Of the page's pixels before the first millisecond. */
export const LEFT = 66;
const RIGHT = 24;
const TOP = 6;
const BOTTOM = 36;

const heightFor = (bands: readonly Band[]) =>
  Math.max(160, Math.min(420, 70 + 90 * bands.length));

/** Where a drag or a key leads; null shows all again. */
export function zoomed(
  range: readonly [number, number],
  key: string,
): [number, number] | null | undefined {
  const [from, to] = range;
  const span = to - from;
  switch (key) {
    case "+":
      return [from + span / 4, to - span / 4];
    case "-":
      return [Math.max(0, from - span / 2), to + span / 2];
    case "ArrowLeft": {
      const step = Math.min(from, span / 4);
      return [from - step, to - step];
    }
    case "ArrowRight":
      return [from + span / 4, to + span / 4];
    case "0":
      return null;
    default:
      return undefined;
  }
}

export function Raster(props: RasterProps) {
  const { bands, range } = props;
  const colors = useStore(theme);
  const [box, width] = useWidth<HTMLDivElement>();
  const canvas = useRef<HTMLCanvasElement>(null);
  const svg = useRef<SVGSVGElement>(null);
  const [drag, setDrag] = useState<[number, number] | null>(null);
  const [readout, setReadout] = useState("");
  const h = heightFor(bands);
  const w = Math.max(40, width - LEFT - RIGHT);
  const places = useMemo(() => placesOf(bands, h), [bands, h]);
  useEffect(() => {
    if (canvas.current && width > 0)
      draw(canvas.current, bands, places, range, w, h, colors);
  }, [bands, places, range, w, h, width, colors]);

  const px = (ms: number) =>
    LEFT + ((ms - range[0]) / (range[1] - range[0])) * w;
  const msAt = (event: React.PointerEvent) => {
    const left = svg.current!.getBoundingClientRect().left + LEFT;
    const part = Math.min(1, Math.max(0, (event.clientX - left) / w));
    return range[0] + part * (range[1] - range[0]);
  };
  const tell = (event: React.PointerEvent) => {
    const y = event.clientY - svg.current!.getBoundingClientRect().top - TOP;
    const i = places.findIndex((p) => y >= p.top && y < p.top + p.height);
    if (i < 0) return setReadout("");
    const unit = Math.floor(
      ((y - places[i]!.top) / places[i]!.height) * bands[i]!.units,
    );
    return setReadout(
      `${bands[i]!.name.replaceAll("_", " ")}, unit ${number(unit)}, ${number(msAt(event), 6)} ms`,
    );
  };
  const move = (event: React.PointerEvent) => {
    tell(event);
    if (drag) setDrag([drag[0], msAt(event)]);
  };
  const release = () => {
    if (drag && Math.abs(px(drag[1]) - px(drag[0])) > 4)
      props.onZoom?.([Math.min(...drag), Math.max(...drag)]);
    setDrag(null);
  };
  const keys = (event: React.KeyboardEvent) => {
    const next = zoomed(range, event.key);
    if (next === undefined || !props.onZoom) return;
    event.preventDefault();
    props.onZoom(next);
  };
  const count = bands.reduce((sum, band) => sum + band.marks.ms.length, 0);

  return (
    <Figure
      title={props.title}
      hint={props.hint}
      controls={props.controls}
      files={{
        csv: () => marksCsv(bands),
        svg: () =>
          standaloneSvg(svg.current!, [
            { canvas: canvas.current!, x: LEFT, y: TOP },
          ]),
        png: () =>
          svgTextPng(
            standaloneSvg(svg.current!, [
              { canvas: canvas.current!, x: LEFT, y: TOP },
            ]),
            width,
            h + TOP + BOTTOM,
            props.title,
          ),
      }}
    >
      <div className="plot" ref={box}>
        {width > 0 && (
          <>
            <canvas
              ref={canvas}
              data-testid="raster"
              data-marks={count}
              style={{
                position: "absolute",
                left: LEFT,
                top: TOP,
                width: w,
                height: h,
              }}
            />
            <svg
              ref={svg}
              width={width}
              height={h + TOP + BOTTOM}
              style={{
                position: "relative",
                display: "block",
                touchAction: "pan-y",
                cursor: props.onZoom ? "crosshair" : undefined,
              }}
              role="application"
              tabIndex={0}
              aria-label={`${props.title}: ${number(count)} marks of ${bands.map((b) => b.name.replaceAll("_", " ")).join(", ")} from ${number(range[0])} to ${number(range[1])} ms.${props.onZoom ? " Plus and minus zoom, arrow keys move, 0 shows all." : ""}`}
              onPointerDown={(event) => {
                if (props.onZoom) setDrag([msAt(event), msAt(event)]);
              }}
              onPointerMove={move}
              onPointerUp={release}
              onPointerLeave={() => {
                setDrag(null);
                setReadout("");
              }}
              onDoubleClick={() => props.onZoom?.(null)}
              onKeyDown={keys}
            >
              <Axes bands={bands} places={places} range={range} w={w} h={h} />
              {drag && (
                <rect
                  x={Math.min(px(drag[0]), px(drag[1]))}
                  y={TOP}
                  width={Math.abs(px(drag[1]) - px(drag[0]))}
                  height={h}
                  fill="var(--ink)"
                  fillOpacity={0.12}
                />
              )}
            </svg>
            <div className="readout" aria-live="polite">
              {readout}
            </div>
          </>
        )}
      </div>
    </Figure>
  );
}

function draw(
  canvas: HTMLCanvasElement,
  bands: readonly Band[],
  places: readonly Place[],
  range: readonly [number, number],
  w: number,
  h: number,
  colors: "light" | "dark",
): void {
  const start = performance.now();
  const ratio = devicePixelRatio;
  canvas.width = Math.round(w * ratio);
  canvas.height = Math.round(h * ratio);
  const context = canvas.getContext("2d")!;
  const pixels = context.createImageData(canvas.width, canvas.height);
  const words = new Uint32Array(pixels.data.buffer);
  bands.forEach((band, i) => {
    const place = {
      top: places[i]!.top * ratio,
      height: places[i]!.height * ratio,
    };
    // As high as a unit, so that few units have dots that can be seen.
    const dot = Math.max(
      Math.round(1.5 * ratio),
      Math.min(Math.round(4 * ratio), Math.floor(place.height / band.units)),
    );
    const color = wordOf(category(i, colors));
    paintMarks(
      words,
      canvas.width,
      canvas.height,
      band,
      place,
      range,
      color,
      dot,
    );
  });
  context.putImageData(pixels, 0, 0);
  performance.measure("raster", { start });
}

function Axes({
  bands,
  places,
  range,
  w,
  h,
}: {
  bands: readonly Band[];
  places: readonly Place[];
  range: readonly [number, number];
  w: number;
  h: number;
}) {
  const colors = useStore(theme);
  const ticks = linearTicks(range[0], range[1], Math.floor(w / 80));
  const px = (ms: number) =>
    LEFT + ((ms - range[0]) / (range[1] - range[0])) * w;
  const letters = Math.max(6, Math.floor(w / 7));
  return (
    <>
      {bands.map((band, i) => {
        const { top, height } = places[i]!;
        const unitTicks = linearTicks(
          0,
          band.units - 1,
          Math.floor(height / 30),
        ).filter((t) => Number.isInteger(t));
        return (
          <g key={band.name}>
            <rect
              x={LEFT - 0.5}
              y={TOP + top - 0.5}
              width={w + 1}
              height={height + 1}
              fill="none"
              stroke="var(--line)"
            />
            <rect
              x={LEFT - 4}
              y={TOP + top}
              width={3}
              height={height}
              fill={category(i, colors)}
            />
            {unitTicks.map((tick) => (
              <text
                key={tick}
                x={LEFT - 8}
                y={TOP + top + ((tick + 0.5) / band.units) * height + 4}
                textAnchor="end"
              >
                {number(tick)}
              </text>
            ))}
          </g>
        );
      })}
      {bands.map((band, i) => {
        const name = band.name.replaceAll("_", " ").slice(0, letters);
        const y = TOP + places[i]!.top + 3;
        return (
          <g key={band.name}>
            <rect
              x={LEFT + 3}
              y={y}
              width={name.length * 6.1 + 8}
              height={15}
              rx={2}
              fill="var(--panel)"
              fillOpacity={0.88}
            />
            <text x={LEFT + 7} y={y + 11}>
              {name}
            </text>
          </g>
        );
      })}
      {ticks.map((tick) => (
        <g key={tick}>
          <line
            x1={px(tick)}
            x2={px(tick)}
            y1={TOP + h}
            y2={TOP + h + 4}
            stroke="var(--line-strong)"
          />
          <text x={px(tick)} y={TOP + h + 16} textAnchor="middle">
            {number(tick, 6)}
          </text>
        </g>
      ))}
      <text x={LEFT + w / 2} y={TOP + h + 31} textAnchor="middle">
        {axis("time", "ms")}
      </text>
      <text
        x={-(TOP + h / 2)}
        y={11}
        textAnchor="middle"
        transform="rotate(-90)"
      >
        unit
      </text>
    </>
  );
}

export const marksCsv = (bands: readonly Band[]): string =>
  toCsv(
    ["population", axis("time", "ms"), "unit"],
    bands.flatMap((band) =>
      band.marks.ms.map((ms, i) => [band.name, ms, band.marks.unit[i]!]),
    ),
  );
