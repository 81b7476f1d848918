// Which columns the table has, and in which order.
import { useState } from "react";
import { Dialog } from "../../layout/dialog";
import { DEFAULT_COLUMNS, type Listed, columnOf } from "./columns";

export function ColumnChooser({
  listed,
  chosen,
  available,
  setChosen,
  close,
}: {
  listed: Listed;
  chosen: readonly string[];
  available: readonly string[];
  setChosen: (names: readonly string[]) => void;
  close: () => void;
}) {
  const [text, setText] = useState("");
  const others = available.filter(
    (name) => !chosen.includes(name) && name.includes(text.trim()),
  );
  const move = (name: string, step: number) => {
    const at = chosen.indexOf(name);
    const next = [...chosen];
    next.splice(at, 1);
    next.splice(Math.max(0, at + step), 0, name);
    setChosen(next);
  };
  return (
    <Dialog title="Columns" close={close}>
      <ul className="list chosen" aria-label="Shown" tabIndex={0}>
        {chosen.map((name) => (
          <li key={name} className="bar">
            <label className="check grow">
              <input
                type="checkbox"
                checked
                disabled={chosen.length === 1}
                onChange={() => setChosen(chosen.filter((c) => c !== name))}
              />
              <span className="wrap">{columnOf(name, listed).label}</span>
            </label>
            <button
              type="button"
              className="plain"
              aria-label={`Move ${name} left`}
              onClick={() => move(name, -1)}
            >
              ←
            </button>
            <button
              type="button"
              className="plain"
              aria-label={`Move ${name} right`}
              onClick={() => move(name, 1)}
            >
              →
            </button>
          </li>
        ))}
      </ul>
      <input
        data-first
        aria-label="Find a parameter or a result"
        placeholder="Find a parameter or a result"
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <ul className="list others" aria-label="Others" tabIndex={0}>
        {others.map((name) => (
          <li key={name}>
            <label className="check">
              <input
                type="checkbox"
                checked={false}
                onChange={() => setChosen([...chosen, name])}
              />
              <span className="wrap">{name}</span>
            </label>
          </li>
        ))}
      </ul>
      <div className="bar">
        <button
          type="button"
          onClick={() => setChosen(DEFAULT_COLUMNS[listed].split(","))}
        >
          As at first
        </button>
        <button type="button" className="primary push" onClick={close}>
          Done
        </button>
      </div>
    </Dialog>
  );
}
