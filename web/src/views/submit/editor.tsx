// The text, with the numbers of its lines and the faults at theirs.
import { useLayoutEffect, useMemo, useRef } from "react";
import type { Place } from "./checked";

export function Editor({
  text,
  setText,
  places,
}: {
  text: string;
  setText: (text: string) => void;
  places: readonly Place[];
}) {
  const area = useRef<HTMLTextAreaElement>(null);
  const lines = text.split("\n").length;
  const byLine = useMemo(() => {
    const found = new Map<number, string>();
    for (const { line, message } of places)
      found.set(
        line,
        found.has(line) ? `${found.get(line)}\n${message}` : message,
      );
    return found;
  }, [places]);
  useLayoutEffect(() => {
    const element = area.current;
    if (element) element.style.height = `${Math.max(lines, 12) * 18 + 14}px`;
  }, [lines]);
  const goTo = (line: number) => {
    const element = area.current;
    if (!element) return;
    const from =
      text
        .split("\n")
        .slice(0, line - 1)
        .join("\n").length + (line > 1 ? 1 : 0);
    const end = text.indexOf("\n", from);
    element.focus();
    element.setSelectionRange(from, end < 0 ? text.length : end);
  };
  return (
    <div className="stack beside">
      <div className="editor">
        <ol aria-hidden="true">
          {Array.from({ length: lines }, (_, i) => (
            <li
              key={i}
              className={byLine.has(i + 1) ? "faulty" : undefined}
              title={byLine.get(i + 1)}
            >
              {i + 1}
            </li>
          ))}
        </ol>
        <textarea
          ref={area}
          aria-label="Experiment as YAML"
          aria-invalid={places.length > 0 || undefined}
          aria-describedby="text-faults"
          spellCheck={false}
          autoCapitalize="off"
          autoComplete="off"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </div>
      <ul
        id="text-faults"
        aria-label="Faults"
        aria-live="polite"
        className="stack tight"
      >
        {places.map((place, i) => (
          <li key={i} className="fault">
            {place.line > 0 && (
              <button
                type="button"
                className="plain fault"
                onClick={() => goTo(place.line)}
              >
                line {place.line}
              </button>
            )}{" "}
            {place.path && <span className="mono">{place.path}: </span>}
            {place.message}
          </li>
        ))}
      </ul>
    </div>
  );
}
