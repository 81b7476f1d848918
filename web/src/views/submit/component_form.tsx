// The form of a component, from its row of the catalogue alone: a new type
// needs nothing here.
import { toJson } from "@bufbuild/protobuf";
import { ValueSchema } from "@bufbuild/protobuf/wkt";
import { useEffect, useId, useState } from "react";
import type { ComponentType, Parameter, Slot } from "../../api/engram/v1/catalog_pb";
import { type Catalogue, rangeOf } from "../../spec/catalogue";
import { type Path, at, fromInput, toInput } from "../../spec/document";
import type { Place } from "./checked";

export interface FormContext {
  catalogue: Catalogue;
  value: unknown;
  edit: (path: Path, value: unknown) => void;
  places: readonly Place[];
}

const isComponent = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** How the server names a component: list items by name, type or number. */
export function serverPath(root: unknown, path: Path): string {
  const parts: string[] = [];
  let own: unknown = root;
  path.forEach((key) => {
    const list = own;
    own = at(own, [key]);
    if (typeof key === "number" && Array.isArray(list) && isComponent(own)) {
      const { name, type } = own;
      const isOnly =
        list.filter((item) => isComponent(item) && item.type === type).length === 1;
      parts.push(String(name ?? (isOnly && type ? type : key)));
    } else parts.push(String(key));
  });
  return parts.join(".");
}

export function faultsAt(context: FormContext, path: Path): string[] {
  const name = serverPath(context.value, path);
  const numbered = path.join(".");
  return context.places
    .filter((p) => p.path === name || p.path === numbered)
    .map((p) => p.message);
}

export function ComponentForm({
  context,
  path,
  kind,
  defaultType,
  label,
  meaning,
  remove,
}: {
  context: FormContext;
  path: Path;
  kind: string;
  defaultType: string;
  label: string;
  meaning: string;
  remove?: () => void;
}) {
  const id = useId();
  const own = at(context.value, path);
  const tree = isComponent(own) ? own : {};
  const typeName = typeof tree.type === "string" ? tree.type : defaultType;
  const type = context.catalogue.find(typeName);
  const types = context.catalogue.ofKind(kind);
  const sweepPath = serverPath(context.value, path);
  const isSwept = at(context.value, ["sweep", sweepPath]) !== undefined;
  const [isOpen, setOpen] = useState(kind !== "network" && kind !== "task");
  const faults = [...faultsAt(context, path), ...faultsAt(context, [...path, "type"])];
  // A fault opens what it is in.
  const hasFault = context.places.some((p) => p.path.startsWith(`${sweepPath}.`));
  useEffect(() => {
    if (hasFault) setOpen(true);
  }, [hasFault]);

  // What both types know stays; the rest is the old type's alone.
  const choose = (next: string) => {
    const row = context.catalogue.find(next);
    const names = new Set([
      ...(row?.parameters ?? []).map((p) => p.name),
      ...(row?.slots ?? []).map((s) => s.name),
    ]);
    const kept = Object.entries(tree).filter(([key]) => key === "name" || names.has(key));
    context.edit(path, { type: next, ...Object.fromEntries(kept) });
  };
  return (
    <fieldset className="component" data-path={sweepPath}>
      <legend className="sr">{label}</legend>
      <div className="field">
        <label htmlFor={id} title={meaning}>
          <strong>{label}</strong>
        </label>
        <div className="value">
          <select
            id={id}
            value={type ? typeName : ""}
            aria-invalid={faults.length > 0 || undefined}
            onChange={(event) => choose(event.target.value)}
          >
            {!type && <option value="">{typeName || "choose a type"}</option>}
            {types.map((t) => (
              <option key={t.type} value={t.type}>
                {t.type}
              </option>
            ))}
          </select>
          <button
            type="button"
            className="plain"
            aria-expanded={isOpen}
            aria-label={`${isOpen ? "Hide" : "Show"} parameters of ${label}`}
            onClick={() => setOpen(!isOpen)}
          >
            {isOpen ? "▾" : "▸"}
          </button>
          {remove && (
            <button type="button" className="plain" aria-label={`Remove ${label}`} onClick={remove}>
              ✕
            </button>
          )}
        </div>
        <span className="hint">
          {type?.summary ?? meaning}
          {isSwept && " (swept: each run has one of the axis)"}
        </span>
        {faults.map((fault) => (
          <span className="fault" key={fault}>
            {fault}
          </span>
        ))}
      </div>
      {type && isOpen && (
        <Content context={context} path={path} type={type} />
      )}
    </fieldset>
  );
}

function Content({
  context,
  path,
  type,
}: {
  context: FormContext;
  path: Path;
  type: ComponentType;
}) {
  return (
    <>
      {(type.equation || type.reference) && (
        <details>
          <summary className="quiet small">Equation and reference</summary>
          {type.equation && (
            <pre className="text" tabIndex={0}>
              {type.equation}
            </pre>
          )}
          <p className="quiet small wrap">{type.reference}</p>
        </details>
      )}
      {type.parameters.map((p) => (
        <ParameterField key={p.name} context={context} path={[...path, p.name]} parameter={p} />
      ))}
      {type.slots.map((slot) => (
        <SlotForm key={slot.name} context={context} path={[...path, slot.name]} slot={slot} />
      ))}
    </>
  );
}

function SlotForm({
  context,
  path,
  slot,
}: {
  context: FormContext;
  path: Path;
  slot: Slot;
}) {
  const own = at(context.value, path);
  if (slot.many) {
    const items = Array.isArray(own) ? own : [];
    const types = context.catalogue.ofKind(slot.kind);
    return (
      <div className="stack" style={{ gap: 6 }}>
        {items.map((_, i) => (
          <ComponentForm
            key={i}
            context={context}
            path={[...path, i]}
            kind={slot.kind}
            defaultType=""
            label={`${slot.name} ${i + 1}`}
            meaning={slot.meaning}
            remove={() =>
              context.edit(path, items.length === 1 ? undefined : items.filter((__, k) => k !== i))
            }
          />
        ))}
        <label className="field">
          <span className="quiet">add to {slot.name}</span>
          <span className="value">
            <select
              value=""
              aria-label={`Add to ${slot.name}`}
              onChange={(event) => context.edit(path, [...items, { type: event.target.value }])}
            >
              <option value="">…</option>
              {types.map((t) => (
                <option key={t.type} value={t.type}>
                  {t.type}
                </option>
              ))}
            </select>
          </span>
        </label>
      </div>
    );
  }
  if (own === undefined && slot.optional && !slot.defaultType)
    return (
      <label className="field">
        <span title={slot.meaning}>{slot.name}</span>
        <span className="value">
          <select
            value=""
            aria-label={slot.name}
            onChange={(event) => context.edit(path, { type: event.target.value })}
          >
            <option value="">none</option>
            {context.catalogue.ofKind(slot.kind).map((t) => (
              <option key={t.type} value={t.type}>
                {t.type}
              </option>
            ))}
          </select>
        </span>
      </label>
    );
  return (
    <ComponentForm
      context={context}
      path={path}
      kind={slot.kind}
      defaultType={slot.defaultType}
      label={slot.name}
      meaning={slot.meaning}
      {...(slot.optional ? { remove: () => context.edit(path, undefined) } : {})}
    />
  );
}

function ParameterField({
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
  const faults = [...faultsAt(context, path), ...(isSwept ? faultsAt(context, ["sweep", name]) : [])];
  const first = p.defaultValue ? toInput(toJson(ValueSchema, p.defaultValue)) : "";
  const range = rangeOf(p);
  const shown = toInput(isSwept ? axis : own);
  const toggleSweep = () =>
    isSwept
      ? context.edit(["sweep", name], undefined)
      : context.edit(["sweep", name], [own ?? fromInput(first) ?? 0]);
  return (
    <div className={`field${own === undefined && !isSwept ? " is-default" : ""}`} data-parameter={name}>
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
            onChange={(event) => context.edit(target, fromInput(event.target.value))}
          >
            <option value="">{first ? `${first} (default)` : "…"}</option>
            {(p.type === "boolean" ? ["true", "false"] : p.choices).map((choice) => (
              <option key={choice} value={choice}>
                {choice}
              </option>
            ))}
          </select>
        ) : (
          <Typed
            id={id}
            value={shown}
            placeholder={first}
            isFaulty={faults.length > 0}
            onChange={(text) => context.edit(target, isSwept && text.trim() === "" ? [] : fromInput(text))}
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
}: {
  id?: string;
  value: string;
  placeholder?: string;
  isFaulty?: boolean;
  onChange: (text: string) => void;
  label?: string;
}) {
  const [draft, setDraft] = useState<string | null>(null);
  return (
    <input
      id={id}
      aria-label={label}
      value={draft ?? value}
      placeholder={placeholder}
      aria-invalid={isFaulty || undefined}
      spellCheck={false}
      autoComplete="off"
      onChange={(event) => {
        setDraft(event.target.value);
        onChange(event.target.value);
      }}
      onBlur={() => setDraft(null)}
    />
  );
}
