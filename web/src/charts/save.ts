// Figures and their numbers as files.

export type Cell = string | number | null;

const quoted = (cell: Cell): string => {
  if (cell === null) return "";
  const text = String(cell);
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

/** RFC 4180; an absent value is an empty cell. */
export const toCsv = (
  header: readonly string[],
  rows: Iterable<readonly Cell[]>,
): string =>
  [header, ...rows].map((row) => `${row.map(quoted).join(",")}\r\n`).join("");

export function saveBlob(name: string, blob: Blob): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

export const saveText = (name: string, text: string, type: string): void =>
  saveBlob(name, new Blob([text], { type }));

/** "weight_norm of k7m2/17" as a file name. */
export const fileName = (title: string, ending: string): string =>
  `${title.replace(/[^\p{L}\p{N}._-]+/gu, "_").slice(0, 80)}.${ending}`;

/** An SVG of the page as a file of its own: what style sheets say goes in. */
export function standaloneSvg(
  svg: SVGSVGElement,
  images: readonly { canvas: HTMLCanvasElement; x: number; y: number }[] = [],
): string {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const from = svg.querySelectorAll<SVGElement>("*");
  const to = copy.querySelectorAll<SVGElement>("*");
  from.forEach((element, i) => {
    const style = getComputedStyle(element);
    const target = to[i]!;
    for (const name of [
      "fill",
      "stroke",
      "font-family",
      "font-size",
      "opacity",
    ])
      if (style.getPropertyValue(name) && element.tagName !== "stop")
        target.setAttribute(name, style.getPropertyValue(name));
  });
  const { width, height } = svg.getBoundingClientRect();
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.setAttribute("width", String(width));
  copy.setAttribute("height", String(height));
  const ground = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  ground.setAttribute("width", "100%");
  ground.setAttribute("height", "100%");
  ground.setAttribute(
    "fill",
    getComputedStyle(document.body).getPropertyValue("--panel"),
  );
  const pictures = images.map(({ canvas, x, y }) => {
    const box = canvas.getBoundingClientRect();
    const image = document.createElementNS(
      "http://www.w3.org/2000/svg",
      "image",
    );
    image.setAttribute("href", canvas.toDataURL("image/png"));
    image.setAttribute("x", String(x));
    image.setAttribute("y", String(y));
    image.setAttribute("width", String(box.width));
    image.setAttribute("height", String(box.height));
    return image;
  });
  copy.prepend(ground, ...pictures);
  return new XMLSerializer().serializeToString(copy);
}

/** A canvas with a title above and a legend, on the page's ground. */
export function titledPng(
  source: HTMLCanvasElement,
  title: string,
  legend: readonly { name: string; color: string }[],
): Promise<Blob> {
  const ratio = devicePixelRatio;
  const styles = getComputedStyle(document.documentElement);
  const lines = Math.ceil(legend.length / 3);
  const canvas = document.createElement("canvas");
  canvas.width = source.width;
  canvas.height = source.height + (28 + lines * 18) * ratio;
  const context = canvas.getContext("2d")!;
  context.fillStyle = styles.getPropertyValue("--panel");
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(source, 0, 28 * ratio);
  context.scale(ratio, ratio);
  context.fillStyle = styles.getPropertyValue("--ink");
  context.font = `600 13px ${styles.getPropertyValue("--sans")}`;
  context.fillText(title, 10, 19);
  context.font = `12px ${styles.getPropertyValue("--sans")}`;
  const below = source.height / ratio + 28;
  const column = canvas.width / ratio / 3;
  legend.forEach(({ name, color }, i) => {
    const x = 10 + (i % 3) * column;
    const y = below + Math.floor(i / 3) * 18 + 12;
    context.fillStyle = color;
    context.fillRect(x, y - 5, 14, 3);
    context.fillStyle = styles.getPropertyValue("--ink");
    context.fillText(name, x + 20, y, column - 24);
  });
  return new Promise((done, fail) =>
    canvas.toBlob((blob) =>
      blob ? done(blob) : fail(new Error("no picture could be made")),
    ),
  );
}
