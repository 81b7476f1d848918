// The form of a whole experiment: what it is called, its tree, its axes, what is
// kept, what it claims.
import { at, fromInput, toInput } from "../../spec/document";
import { ComponentForm } from "./component_form";
import { type FormContext, faultsAt } from "./form_context";
import { Typed } from "./parameter_field";

interface Field {
  key: string;
  hint: string;
  example?: string;
}

const GENERAL: readonly Field[] = [
  { key: "name", hint: "for people; in no hash" },
  { key: "notes", hint: "free text" },
  {
    key: "tags",
    hint: "short words for finding it again",
    example: "[thesis, sequence]",
  },
  { key: "seed", hint: "0 to 2^53 - 1; drawn once if left out" },
];

const RUNNING: readonly Field[] = [
  {
    key: "record",
    hint: "what is kept beyond what analyses leave",
    example: "{metrics: every trial, snapshots: {rule.weights: [1, final]}}",
  },
  {
    key: "resources",
    hint: "of one run; else from the program's estimate",
    example: "{cpus: 1, memory: 2 GB, time: 2 h}",
  },
  { key: "priority", hint: "orders your own runs, -100 to 100", example: "0" },
  { key: "after", hint: "an experiment that must have ended first" },
];

function TopField({ context, field }: { context: FormContext; field: Field }) {
  const faults = context.places
    .filter((p) => p.path === field.key || p.path.startsWith(`${field.key}.`))
    .map((p) => p.message);
  const id = `top-${field.key}`;
  const isText = field.key === "name" || field.key === "notes";
  return (
    <div className="field">
      <label htmlFor={id}>{field.key}</label>
      <div className="value">
        <Typed
          id={id}
          value={toInput(at(context.value, [field.key]))}
          placeholder={field.example ?? ""}
          isFaulty={faults.length > 0}
          isLong={field.key === "notes" || field.key === "record"}
          onChange={(text) =>
            context.edit(
              [field.key],
              isText ? text || undefined : fromInput(text),
            )
          }
        />
      </div>
      <span className="hint">{field.hint}</span>
      {faults.map((fault) => (
        <span className="fault" key={fault}>
          {fault}
        </span>
      ))}
    </div>
  );
}

export function WholeForm({ context }: { context: FormContext }) {
  return (
    <div className="stack">
      <section className="panel stack" aria-label="General">
        {GENERAL.map((field) => (
          <TopField key={field.key} context={context} field={field} />
        ))}
      </section>
      <section className="panel stack" aria-label="Experiment">
        <ComponentForm
          context={context}
          path={["experiment"]}
          kind="program"
          defaultType=""
          label="program"
          meaning="what is done"
        />
      </section>
      <SweepForm context={context} />
      <section className="panel stack" aria-label="Running">
        <h2>Running it</h2>
        {RUNNING.map((field) => (
          <TopField key={field.key} context={context} field={field} />
        ))}
      </section>
      <ClaimsForm context={context} />
    </div>
  );
}

function SweepForm({ context }: { context: FormContext }) {
  const sweep = at(context.value, ["sweep"]);
  const axes =
    typeof sweep === "object" && sweep !== null ? Object.keys(sweep) : [];
  return (
    <section className="panel stack" aria-label="Sweep">
      <h2>Sweep</h2>
      {axes.length === 0 && (
        <p className="quiet">
          One run. “sweep” beside a parameter makes it an axis; the seeds are
          one, too.
        </p>
      )}
      {axes.map((axis) => {
        const faults = faultsAt(context, ["sweep", axis]);
        return (
          <div className="field" key={axis}>
            <label htmlFor={`axis-${axis}`} className="mono">
              {axis}
            </label>
            <div className="value">
              <Typed
                id={`axis-${axis}`}
                value={toInput(at(context.value, ["sweep", axis]))}
                isLong
                isFaulty={faults.length > 0}
                onChange={(text) =>
                  context.edit(["sweep", axis], fromInput(text) ?? [])
                }
              />
              <button
                type="button"
                className="plain"
                aria-label={`Remove the axis ${axis}`}
                onClick={() => context.edit(["sweep", axis], undefined)}
              >
                ✕
              </button>
            </div>
            {faults.map((fault) => (
              <span className="fault" key={fault}>
                {fault}
              </span>
            ))}
          </div>
        );
      })}
      {!axes.includes("seed") && (
        <div>
          <button
            type="button"
            onClick={() => context.edit(["sweep", "seed"], "1..10")}
          >
            Ten seeds
          </button>
        </div>
      )}
      <p className="hint quiet small">
        [0.3, 0.5] · 1..10 · {"{linear: [0, 1], points: 5}"} ·{" "}
        {"{log: [5 ms, 200 ms], points: 8}"} · {"{random: [0, 1], points: 50}"}
      </p>
    </section>
  );
}

const CLAIM_FIELDS = [
  "that",
  "value",
  "where",
  "reduce",
  "expect",
  "against",
  "tolerance",
  "source",
  "published",
];
const CLAIM_HINTS: Record<string, string> = {
  that: "the statement, in words",
  value: "what a run found: sequence_length",
  where: "{experiment.rule.type: stdp_rate}",
  reduce: "mean, median, minimum, maximum, {fraction: {at_least: 9}}",
  expect: "{equals: x}, {at_least: x}, {at_most: x}, {within: [a, b]}",
  against: "{where: {...}, as: difference}",
  tolerance: "of equals",
  source: "a citation",
  published: "what the source reports",
};

function ClaimsForm({ context }: { context: FormContext }) {
  const own = at(context.value, ["claims"]);
  const claims: unknown[] = Array.isArray(own) ? own : [];
  return (
    <section className="panel stack" aria-label="Claims">
      <h2>Claims</h2>
      {claims.map((claim, i) => (
        <details
          key={i}
          open={context.places.some((p) => p.path.startsWith(`claims.${i}`))}
        >
          <summary>{String(at(claim, ["that"]) ?? `claim ${i + 1}`)}</summary>
          <div className="component">
            {CLAIM_FIELDS.map((key) => {
              const faults = faultsAt(context, ["claims", i, key]);
              const isText = ["that", "source", "published"].includes(key);
              return (
                <div className="field" key={key}>
                  <label htmlFor={`claim-${i}-${key}`}>{key}</label>
                  <div className="value">
                    <Typed
                      id={`claim-${i}-${key}`}
                      value={toInput(at(claim, [key]))}
                      placeholder={CLAIM_HINTS[key] ?? ""}
                      isFaulty={faults.length > 0}
                      onChange={(text) =>
                        context.edit(
                          ["claims", i, key],
                          isText ? text || undefined : fromInput(text),
                        )
                      }
                    />
                  </div>
                  {faults.map((fault) => (
                    <span className="fault" key={fault}>
                      {fault}
                    </span>
                  ))}
                </div>
              );
            })}
            <div>
              <button
                type="button"
                className="danger"
                onClick={() =>
                  context.edit(
                    ["claims"],
                    claims.length === 1
                      ? undefined
                      : claims.filter((_, k) => k !== i),
                  )
                }
              >
                Remove this claim
              </button>
            </div>
          </div>
        </details>
      ))}
      <div>
        <button
          type="button"
          onClick={() =>
            context.edit(
              ["claims"],
              [
                ...claims,
                {
                  that: "what should hold",
                  value: "",
                  expect: { at_least: 0 },
                },
              ],
            )
          }
        >
          Add a claim
        </button>
      </div>
    </section>
  );
}
