import { describe, expect, test } from "vitest";
import {
  type SvgChart,
  type SvgLine,
  lineSvg,
} from "../../src/charts/line_svg";

const line = (y: SvgLine["y"], more: Partial<SvgLine> = {}): SvgLine => ({
  name: "weight norm",
  color: "#0072b2",
  width: 1.5,
  alpha: 1,
  dash: [],
  isShown: true,
  y,
  ...more,
});

const chart = (more: Partial<SvgChart> = {}): SvgChart => ({
  title: "weight norm",
  width: 490,
  height: 240,
  x: { name: "trial", unit: "1", min: 0, max: 4, isLog: false },
  y: { name: "weight_norm", unit: "mV", min: 0, max: 2, isLog: false },
  xs: [0, 1, 2, 3, 4],
  lines: [line([0, 1, 2, 1, 0])],
  bands: [],
  hasPoints: false,
  barWidth: 0,
  paint: { ground: "#fff", ink: "#111", grid: "#ddd", font: "Inter" },
  ...more,
});

const paths = (svg: string) =>
  [...svg.matchAll(/<path d="([^"]*)"/g)].map((m) => m[1]!);

describe("a line chart as SVG", () => {
  test("points lie where the axes say", () => {
    // Inside: 64 to 464 across, 26 to 226 down.
    expect(paths(lineSvg(chart()))).toEqual([
      "M64 226L164 126L264 26L364 126L464 226",
    ]);
  });
  test("bars stand on zero, about their points", () => {
    const svg = lineSvg(
      chart({
        barWidth: 0.5,
        x: { name: "tau", unit: "1", min: -0.5, max: 4.5, isLog: false },
        lines: [line([1, 2, null, 0, 1])],
      }),
    );
    // Of 400 across a fifth is a bin's, and half of that its bar's.
    expect(paths(svg)).toEqual([
      "M84 226V126H124V226ZM164 226V26H204V226ZM324 226V226H364V226ZM404 226V126H444V226Z",
    ]);
  });
  test("logarithmic axes", () => {
    const svg = lineSvg(
      chart({
        y: { name: "y", unit: "1", min: 0.1, max: 1000, isLog: true },
        xs: [0, 4],
        lines: [line([1, 100])],
      }),
    );
    expect(paths(svg)).toEqual(["M64 176L464 76"]);
  });
  test("absent values break a curve, points that others have do not", () => {
    const svg = lineSvg(chart({ lines: [line([0, null, 2, undefined, 0])] }));
    expect(paths(svg)).toEqual(["M64 226M264 26L464 226"]);
  });
  test("a band goes there and back, and has no entry in the legend", () => {
    const svg = lineSvg(
      chart({
        xs: [0, 4],
        lines: [
          line([1, 1], { name: "mean" }),
          line([2, 2], { name: "upper", isShown: false }),
          line([0, 0], { name: "lower", isShown: false }),
        ],
        bands: [{ upper: 1, lower: 2, fill: "#0072b22e" }],
      }),
    );
    expect(paths(svg)[0]).toBe("M64 26L464 26L464 226L64 226Z");
    expect(svg).not.toContain(">upper<");
  });
  test("axes are labelled with units, several curves by name", () => {
    const svg = lineSvg(
      chart({
        lines: [
          line([0, 1, 2, 1, 0], { name: "a < b" }),
          line([1, 1, 1, 1, 1], { name: "c", dash: [6, 4] }),
        ],
      }),
    );
    expect(svg).toContain(">weight norm [mV]<");
    expect(svg).toContain(">trial [1]<");
    expect(svg).toContain(">a &lt; b<");
    expect(svg).toContain('stroke-dasharray="6 4"');
  });
});
