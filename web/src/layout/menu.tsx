// A button that opens a short list of actions.
import { useEffect, useRef, useState } from "react";

export interface MenuItem {
  name: string;
  run: () => void;
}

export function Menu({
  label,
  title,
  items,
  isPlain = false,
}: {
  label: string;
  title?: string;
  items: readonly MenuItem[];
  isPlain?: boolean;
}) {
  const [isOpen, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!isOpen) return undefined;
    box.current?.querySelector<HTMLElement>("ul button")?.focus();
    const beside = (event: Event) => {
      if (!box.current?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener("mousedown", beside);
    return () => document.removeEventListener("mousedown", beside);
  }, [isOpen]);

  const keys = (event: React.KeyboardEvent) => {
    if (event.key === "Escape") {
      setOpen(false);
      box.current?.querySelector("button")?.focus();
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined || !isOpen) return;
    event.preventDefault();
    const all = [
      ...(box.current?.querySelectorAll<HTMLElement>("ul button") ?? []),
    ];
    const at = all.indexOf(document.activeElement as HTMLElement);
    all[(at + step + all.length) % all.length]?.focus();
  };

  return (
    <div className="menu" ref={box} onKeyDown={keys}>
      <button
        type="button"
        className={isPlain ? "plain" : undefined}
        aria-expanded={isOpen}
        title={title}
        aria-label={title}
        onClick={() => setOpen(!isOpen)}
      >
        {label}
      </button>
      {isOpen && (
        <ul>
          {items.map((item) => (
            <li key={item.name}>
              <button
                type="button"
                onClick={() => {
                  setOpen(false);
                  item.run();
                }}
              >
                {item.name}
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
