// The filter, with completion and the server's word on what is wrong with it.
import { useEffect, useRef, useState } from "react";
import { flushSync } from "react-dom";
import { type Completion, type Known, complete } from "./completion";

export function FilterField({
  value,
  onChange,
  known,
  fault,
}: {
  value: string;
  onChange: (value: string) => void;
  known: Known;
  fault: string;
}) {
  const [text, setText] = useState(value);
  const [open, setOpen] = useState<Completion | null>(null);
  const [at, setAt] = useState(-1);
  const input = useRef<HTMLInputElement>(null);
  const isAsked = useRef(false);
  useEffect(() => setText(value), [value]);
  // Names may arrive after the first letters; where they change nothing, what
  // is chosen stays so.
  useEffect(() => {
    if (!isAsked.current) return;
    const cursor = input.current?.selectionStart ?? text.length;
    const { options } = complete(text, cursor, known);
    if (options.join("\n") !== (open?.options ?? []).join("\n")) suggest(text);
  }, [known]);

  useEffect(() => {
    if (at >= 0)
      document
        .getElementById(`filter-option-${at}`)
        ?.scrollIntoView({ block: "nearest" });
  }, [at]);

  const hide = () => {
    isAsked.current = false;
    setOpen(null);
  };
  const suggest = (next: string) => {
    isAsked.current = true;
    const cursor = input.current?.selectionStart ?? next.length;
    const found = complete(next, cursor, known);
    setOpen(found.options.length > 0 ? found : null);
    setAt(-1);
  };
  const take = (option: string) => {
    if (!open) return;
    const cursor = input.current?.selectionStart ?? text.length;
    const quoted =
      /[\s()]/.test(option) && !option.startsWith("IN ")
        ? `"${option}"`
        : option;
    const next = `${text.slice(0, open.from)}${quoted}${option.endsWith("(") ? "" : " "}${text.slice(cursor)}`;
    const place = open.from + quoted.length + (option.endsWith("(") ? 0 : 1);
    // At once: the next letter is typed where the cursor is by then.
    flushSync(() => setText(next));
    input.current?.focus();
    input.current?.setSelectionRange(place, place);
    suggest(next);
  };
  const submit = () => {
    hide();
    onChange(text.trim());
  };
  const keys = (event: React.KeyboardEvent) => {
    const count = open?.options.length ?? 0;
    if (event.key === "ArrowDown" && count > 0) {
      event.preventDefault();
      setAt((at + 1) % count);
    } else if (event.key === "ArrowUp" && count > 0) {
      event.preventDefault();
      setAt((at - 1 + count) % count);
    } else if (event.key === "Tab" && open && at >= 0) {
      event.preventDefault();
      take(open.options[at]!);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (open && at >= 0) take(open.options[at]!);
      else submit();
    } else if (event.key === "Escape") hide();
  };

  return (
    <div className="grow" style={{ position: "relative" }}>
      <input
        ref={input}
        style={{ width: "100%" }}
        className="mono"
        role="combobox"
        aria-label="Filter"
        aria-expanded={open !== null}
        aria-controls="filter-options"
        aria-autocomplete="list"
        aria-activedescendant={at >= 0 ? `filter-option-${at}` : undefined}
        aria-invalid={fault !== "" || undefined}
        aria-describedby={fault ? "filter-fault" : undefined}
        placeholder="state = FAILED AND experiment.rule.type IN (hebbian, stdp_rate)"
        spellCheck={false}
        autoComplete="off"
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          suggest(event.target.value);
        }}
        onFocus={() => suggest(text)}
        onBlur={hide}
        onKeyDown={keys}
      />
      {open && (
        <div
          className="suggestions list"
          id="filter-options"
          role="listbox"
          aria-label="Completions"
        >
          {open.options.map((option, i) => (
            <div
              key={option}
              id={`filter-option-${i}`}
              role="option"
              aria-selected={i === at}
              className="mono"
              onMouseDown={(event) => {
                event.preventDefault();
                take(option);
              }}
            >
              {option}
            </div>
          ))}
        </div>
      )}
      {fault && (
        <div className="fault" id="filter-fault" role="alert">
          {fault}
        </div>
      )}
    </div>
  );
}
