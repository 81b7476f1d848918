// A dialog over the page: Escape and a click beside it close it, and the focus
// goes back where it was.
import { type ReactNode, useEffect, useId, useRef } from "react";

const FOCUSABLE =
  "a[href], button:not(:disabled), input:not(:disabled), select, textarea";

export function Dialog({
  title,
  close,
  children,
  isBare = false,
}: {
  title: string;
  close: () => void;
  children: ReactNode;
  isBare?: boolean;
}) {
  const box = useRef<HTMLDivElement>(null);
  const id = useId();
  useEffect(() => {
    const before = document.activeElement;
    const first =
      box.current?.querySelector<HTMLElement>("[data-first]") ??
      box.current?.querySelector<HTMLElement>(FOCUSABLE);
    first?.focus();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);

  const keys = (event: React.KeyboardEvent) => {
    if (event.key === "Escape") {
      event.stopPropagation();
      close();
    }
    if (event.key !== "Tab") return;
    const all = [
      ...(box.current?.querySelectorAll<HTMLElement>(FOCUSABLE) ?? []),
    ];
    const edge = event.shiftKey ? all[0] : all.at(-1);
    if (document.activeElement !== edge) return;
    event.preventDefault();
    (event.shiftKey ? all.at(-1) : all[0])?.focus();
  };

  return (
    <div
      className="veil"
      onMouseDown={(event) => event.target === event.currentTarget && close()}
    >
      <div
        className="dialog"
        role="dialog"
        aria-modal="true"
        aria-labelledby={id}
        ref={box}
        onKeyDown={keys}
      >
        <h2 id={id} className={isBare ? "sr" : undefined}>
          {title}
        </h2>
        {children}
      </div>
    </div>
  );
}
