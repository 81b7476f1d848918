// The form of a component, from its row of the catalogue alone: a new type
// needs nothing here.
import { useEffect, useId, useState } from "react";
import type { ComponentType, Slot } from "../../api/engram/v1/catalog_pb";
import { type Path, at } from "../../spec/document";
import {
  type FormContext,
  faultsAt,
  isComponent,
  serverPath,
  spelledOut,
} from "./form_context";
import { ParameterField } from "./parameter_field";

export function ComponentForm({
  context: outer,
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
  const context = spelledOut(outer, path, kind);
  const own = at(context.value, path);
  const tree = isComponent(own) ? own : {};
  const typeName = typeof tree.type === "string" ? tree.type : defaultType;
  const type = context.catalogue.find(typeName);
  const types = context.catalogue.ofKind(kind);
  const sweepPath = serverPath(context.value, path);
  const isSwept = at(context.value, ["sweep", sweepPath]) !== undefined;
  const [isOpen, setOpen] = useState(kind !== "network" && kind !== "task");
  const faults = [
    ...faultsAt(context, path),
    ...faultsAt(context, [...path, "type"]),
  ];
  // A fault opens what it is in.
  const hasFault = context.places.some((p) =>
    p.path.startsWith(`${sweepPath}.`),
  );
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
    const kept = Object.entries(tree).filter(
      ([key]) => key === "name" || names.has(key),
    );
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
            <button
              type="button"
              className="plain"
              aria-label={`Remove ${label}`}
              onClick={remove}
            >
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
      {type && isOpen && <Content context={context} path={path} type={type} />}
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
        <ParameterField
          key={p.name}
          context={context}
          path={[...path, p.name]}
          parameter={p}
        />
      ))}
      {type.slots.map((slot) => (
        <SlotForm
          key={slot.name}
          context={context}
          path={[...path, slot.name]}
          slot={slot}
        />
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
              context.edit(
                path,
                items.length === 1
                  ? undefined
                  : items.filter((__, k) => k !== i),
              )
            }
          />
        ))}
        <label className="field">
          <span className="quiet">add to {slot.name}</span>
          <span className="value">
            <select
              value=""
              title={slot.meaning}
              aria-label={`Add to ${slot.name}`}
              onChange={(event) =>
                context.edit(path, [...items, { type: event.target.value }])
              }
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
            onChange={(event) =>
              context.edit(path, { type: event.target.value })
            }
          >
            <option value="">none</option>
            {context.catalogue.ofKind(slot.kind).map((t) => (
              <option key={t.type} value={t.type}>
                {t.type}
              </option>
            ))}
          </select>
        </span>
        <span className="hint">{slot.meaning}</span>
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
      {...(slot.optional
        ? { remove: () => context.edit(path, undefined) }
        : {})}
    />
  );
}
