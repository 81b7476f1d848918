// Every view and action by name: Ctrl-K or "/" opens it.
import { useEffect, useMemo, useState } from "react";
import { go } from "../route";
import { Store, useStore } from "../server/store";
import { Dialog } from "./dialog";

export interface Command {
  name: string;
  hint?: string;
  run: () => void;
}

const isOpen = new Store(false);
const extra = new Store<readonly Command[]>([]);

export const openPalette = (): void => isOpen.set(true);

/** Commands of a view, for as long as it is shown. */
export function useCommands(commands: readonly Command[]): void {
  const key = commands.map((c) => c.name).join("\n");
  useEffect(() => {
    extra.set(commands);
    return () => extra.set([]);
    // Commands of the same names do the same.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [key]);
}

/** Those whose names have every word, the shortest first. */
export function matching(
  commands: readonly Command[],
  text: string,
): readonly Command[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return commands.filter((command) => {
    const name = `${command.name} ${command.hint ?? ""}`.toLowerCase();
    return words.every((word) => name.includes(word));
  });
}

export function Palette({ commands }: { commands: readonly Command[] }) {
  const open = useStore(isOpen);
  useEffect(() => {
    const keys = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement | null;
      const isTyping = target?.matches?.("input, textarea, select") ?? false;
      const isCall =
        (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey)) ||
        (event.key === "/" && !isTyping);
      if (!isCall) return;
      event.preventDefault();
      isOpen.set(true);
    };
    window.addEventListener("keydown", keys);
    return () => window.removeEventListener("keydown", keys);
  }, []);
  return open ? <OpenPalette commands={commands} /> : null;
}

function OpenPalette({ commands }: { commands: readonly Command[] }) {
  const own = useStore(extra);
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const close = () => isOpen.set(false);
  const all = useMemo(() => {
    const run = /^\s*([a-z0-9]{4,10}(?:\/\d+)?)\s*$/.exec(text)?.[1];
    const found = matching([...own, ...commands], text);
    if (!run) return found;
    const [experiment, point] = run.split("/");
    const to =
      point === undefined
        ? `/experiments/${experiment}`
        : `/experiments/${experiment}/runs/${point}`;
    return [...found, { name: `Open ${run}`, run: () => go(to) }];
  }, [own, commands, text]);
  const index = Math.min(at, all.length - 1);

  const choose = (command: Command | undefined) => {
    if (!command) return;
    close();
    command.run();
  };
  const keys = (event: React.KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      setAt((index + step + all.length) % Math.max(1, all.length));
    } else if (event.key === "Enter") {
      event.preventDefault();
      choose(all[index]);
    }
  };

  return (
    <Dialog title="Commands" close={close} isBare>
      <input
        data-first
        role="combobox"
        aria-expanded="true"
        aria-controls="palette-list"
        aria-activedescendant={index >= 0 ? `palette-${index}` : undefined}
        aria-label="Command, view, or the short name of a run"
        placeholder="Command, view, or the short name of a run"
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setAt(0);
        }}
        onKeyDown={keys}
      />
      <div
        className="list"
        id="palette-list"
        role="listbox"
        aria-label="Commands"
        tabIndex={-1}
      >
        {all.map((command, i) => (
          <div
            key={command.name}
            id={`palette-${i}`}
            role="option"
            aria-selected={i === index}
            onMouseMove={() => setAt(i)}
            onClick={() => choose(command)}
          >
            <span>{command.name}</span>
            <span className="quiet">{command.hint}</span>
          </div>
        ))}
      </div>
      {all.length === 0 && <p className="quiet">No command is called that.</p>}
    </Dialog>
  );
}
