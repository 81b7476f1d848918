// The frame of every figure: its title, what can be chosen, and its files.
import { type ReactNode, useEffect, useRef, useState } from "react";
import { Menu } from "../layout/menu";
import { fileName, saveBlob, saveText } from "./save";

/** What a figure can be saved as. */
export interface Files {
  png?: () => Promise<Blob>;
  svg?: () => string;
  csv: () => string;
}

export function Figure({
  title,
  hint,
  files,
  controls,
  children,
}: {
  title: string;
  hint?: string | undefined;
  files: Files;
  controls?: ReactNode;
  children: ReactNode;
}) {
  const { png, svg } = files;
  const items = [
    ...(svg
      ? [
          {
            name: "SVG",
            run: () => saveText(fileName(title, "svg"), svg(), "image/svg+xml"),
          },
        ]
      : []),
    ...(png
      ? [
          {
            name: "PNG",
            run: () =>
              void png().then((blob) => saveBlob(fileName(title, "png"), blob)),
          },
        ]
      : []),
    {
      name: "Numbers (CSV)",
      run: () => saveText(fileName(title, "csv"), files.csv(), "text/csv"),
    },
  ];
  return (
    <figure className="figure" aria-label={title}>
      <header>
        <strong className="caption" title={hint}>
          {title}
        </strong>
        <div className="actions">
          {controls}
          <Menu isPlain label="Save" title={`Save ${title}`} items={items} />
        </div>
      </header>
      {children}
    </figure>
  );
}

/** Width of an element as it is laid out. */
export function useWidth<T extends HTMLElement>(): [
  React.RefObject<T | null>,
  number,
] {
  const ref = useRef<T>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const element = ref.current;
    if (!element) return undefined;
    const observer = new ResizeObserver(([entry]) =>
      setWidth(Math.floor(entry!.contentRect.width)),
    );
    observer.observe(element);
    setWidth(Math.floor(element.clientWidth));
    return () => observer.disconnect();
  }, []);
  return [ref, width];
}
