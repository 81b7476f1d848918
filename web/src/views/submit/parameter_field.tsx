// One parameter: its value or its axis, unit, range, meaning, and faults.
import { toJson } from "@bufbuild/protobuf";
import { ValueSchema } from "@bufbuild/protobuf/wkt";
import { useId, useState } from "react";
import type { Parameter } from "../../api/engram/v1/catalog_pb";
import { rangeOf } from "../../spec/catalogue";
import { type Path, at, fromInput, toInput } from "../../spec/document";
import { type FormContext, faultsAt, serverPath } from "./form_context";

export function ParameterField({
  context,
  path,
  parameter: p,
}: {
  context: FormContext;
  path: Path;
  parameter: Parameter;
}) {
  const id = useId();
  const own = at(context.value, path);
  const name = serverPath(context.value, path);
  const axis = at(context.value, ["sweep", name]);
  const isSwept = axis !== undefined;
  const target: Path = isSwept ? ["sweep", name] : path;
  const faults = [
    ...faultsAt(context, path),
    ...(isSwept ? faultsAt(context, ["sweep", name]) : []),
  ];
  const first = p.defaultValue
    ? toInput(toJson(ValueSchema, p.defaultValue))
    : "";
  const range = rangeOf(p);
  const shown = toInput(isSwept ? axis : own);
  const toggleSweep = () =>
    isSwept
      ? context.edit(["sweep", name], undefined)
      : context.edit(["sweep", name], [own ?? fromInput(first) ?? 0]);
  return (
    <div
      className={`field${own === undefined && !isSwept ? " is-default" : ""}`}
      data-parameter={name}
    >
      <label htmlFor={id} title={p.meaning}>
        {p.name}
        {p.required && <span className="bad"> *</span>}
      </label>
      <div className="value">
        {!isSwept && (p.choices.length > 0 || p.type === "boolean") ? (
          <select
            id={id}
            value={shown}
            aria-invalid={faults.length > 0 || undefined}
            onChange={(event) =>
              context.edit(target, fromInput(event.target.value))
            }
          >
            <option value="">{first ? `${first} (default)` : "…"}</option>
            {(p.type === "boolean" ? ["true", "false"] : p.choices).map(
              (choice) => (
                <option key={choice} value={choice}>
                  {choice}
                </option>
              ),
            )}
          </select>
        ) : (
          <Typed
            id={id}
            value={shown}
            placeholder={first}
            isFaulty={faults.length > 0}
            onChange={(text) =>
              context.edit(
                target,
                isSwept && text.trim() === "" ? [] : fromInput(text),
              )
            }
          />
        )}
        <span className="unit">{p.unit === "1" ? "" : p.unit}</span>
        <button
          type="button"
          className="plain"
          aria-pressed={isSwept}
          title={isSwept ? "One value again" : "Make it an axis of the sweep"}
          aria-label={`Sweep ${p.name}`}
          onClick={toggleSweep}
        >
          {isSwept ? "swept" : "sweep"}
        </button>
      </div>
      <span className="hint">
        {p.meaning}
        {range && ` · ${range}`}
      </span>
      {faults.map((fault) => (
        <span className="fault" key={fault} role="alert">
          {fault}
        </span>
      ))}
    </div>
  );
}

/** What is being typed stays as typed; the text has its value. */
export function Typed({
  id,
  value,
  placeholder,
  isFaulty,
  onChange,
  label,
  isLong = false,
}: {
  id?: string;
  value: string;
  placeholder?: string;
  isFaulty?: boolean;
  onChange: (text: string) => void;
  label?: string;
  /** As many lines as it takes. */
  isLong?: boolean;
}) {
  const [draft, setDraft] = useState<string | null>(null);
  const Field = isLong ? "textarea" : "input";
  return (
    <Field
      id={id}
      {...(isLong ? { rows: 1 } : {})}
      aria-label={label}
      value={draft ?? value}
      placeholder={placeholder}
      aria-invalid={isFaulty || undefined}
      spellCheck={false}
      autoComplete="off"
      onChange={(
        event: React.ChangeEvent<HTMLInputElement | HTMLTextAreaElement>,
      ) => {
        setDraft(event.target.value);
        onChange(event.target.value);
      }}
      onBlur={() => setDraft(null)}
    />
  );
}
