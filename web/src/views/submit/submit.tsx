// An experiment as a form beside its text: each edits the other, and the server
// says at once what is wrong and what it would cost.
import { useCallback, useEffect, useMemo, useState } from "react";
import { bytes, count, durationSeconds, integer, seconds } from "../../format";
import { useCommands } from "../../layout/palette";
import { Empty, Fetched } from "../../layout/states";
import { go, longName, useParameter, useRoute } from "../../route";
import { catalog, experiments, newRequestId, runs } from "../../server/client";
import { useAction, useQuery } from "../../server/query";
import { useRights } from "../../server/session";
import { type Catalogue, useCatalogue } from "../../spec/catalogue";
import { type Path, read, withValue } from "../../spec/document";
import { asYaml } from "../run/copies";
import { type Checked, useChecked } from "./checked";
import { Editor } from "./editor";
import { WholeForm } from "./whole_form";

const blank = (program: string) =>
  `name: \nexperiment:\n  type: ${program}\nseed: 1\n`;

async function sourceText(
  preset: string,
  from: string,
  program: string,
  signal: AbortSignal,
): Promise<string> {
  if (preset)
    return (await catalog.getPreset({ name: preset }, { signal })).text;
  if (from) {
    const name = longName(from);
    const experiment = name.replace(/\/runs\/.*/, "");
    const { text } = await experiments.getExperiment(
      { name: experiment },
      { signal },
    );
    if (experiment === name) return text;
    return asYaml(await runs.getRun({ name, full: true }, { signal }), text);
  }
  return blank(program);
}

export function Submit() {
  const rights = useRights();
  const [preset] = useParameter("preset");
  const [from] = useParameter("from");
  const [program] = useParameter("program");
  const catalogue = useCatalogue();
  const source = useQuery(`source ${preset} ${from} ${program}`, (signal) =>
    sourceText(preset, from, program, signal),
  );
  if (!rights.maySubmit)
    return (
      <Empty title="You may not submit">
        Your token may read, and nothing else. An administrator can give you one
        of scope submitter.
      </Empty>
    );
  return (
    <>
      <div className="bar">
        <h1>Submit</h1>
        <Sources preset={preset} program={program} catalogue={catalogue.data} />
      </div>
      {!preset && !from && !program ? (
        <Empty title="Choose what to begin with">
          A preset, a program of the catalogue, or “Submit again” on any
          experiment of the history.
        </Empty>
      ) : (
        <Fetched query={catalogue} what="catalogue">
          {(types) => (
            <Fetched query={source} what="text">
              {(text) => (
                <Written
                  key={`${preset} ${from} ${program}`}
                  first={text}
                  preset={preset}
                  catalogue={types}
                />
              )}
            </Fetched>
          )}
        </Fetched>
      )}
    </>
  );
}

function Sources({
  preset,
  program,
  catalogue,
}: {
  preset: string;
  program: string;
  catalogue: Catalogue | undefined;
}) {
  const presets = useQuery("presets of submit", (signal) =>
    catalog.listPresets({}, { signal }),
  );
  return (
    <>
      <label className="check">
        from a preset
        <select
          value={preset}
          onChange={(event) => go(`/submit?preset=${event.target.value}`)}
        >
          <option value="">…</option>
          {(presets.data?.presets ?? []).map((p) => (
            <option key={p.name} value={p.name}>
              {p.name}
            </option>
          ))}
        </select>
      </label>
      <label className="check">
        or a program
        <select
          value={program}
          onChange={(event) => go(`/submit?program=${event.target.value}`)}
        >
          <option value="">…</option>
          {(catalogue?.ofKind("program") ?? []).map((t) => (
            <option key={t.type} value={t.type}>
              {t.type}
            </option>
          ))}
        </select>
      </label>
    </>
  );
}

/** The text of the address, behind its "#": not sent to the server. */
function textOfAddress(): string | null {
  const hash = location.hash.slice(1);
  if (!hash.startsWith("text=")) return null;
  try {
    return decodeURIComponent(hash.slice(5));
  } catch {
    return null;
  }
}

function useText(first: string): [string, (text: string) => void] {
  const [text, setText] = useState(() => textOfAddress() ?? first);
  const { path } = useRoute();
  useEffect(() => {
    const timer = setTimeout(() => {
      if (location.pathname !== path) return;
      const hash = text === first ? "" : `#text=${encodeURIComponent(text)}`;
      history.replaceState(
        null,
        "",
        location.pathname + location.search + hash,
      );
    }, 300);
    return () => clearTimeout(timer);
  }, [text, first, path]);
  return [text, setText];
}

function Written({
  first,
  preset,
  catalogue,
}: {
  first: string;
  preset: string;
  catalogue: Catalogue;
}) {
  const [text, setText] = useText(first);
  const document = useMemo(() => read(text), [text]);
  const checked = useChecked(text);
  const places = useMemo(
    () => [
      ...(document.problem
        ? [
            {
              line: document.problem.line,
              path: "",
              message: document.problem.message,
            },
          ]
        : []),
      ...(checked.state === "faulty" && !document.problem
        ? checked.places
        : []),
    ],
    [document, checked],
  );
  const edit = useCallback(
    (path: Path, value: unknown) => setText(withValue(text, path, value)),
    [text, setText],
  );
  const submit = useAction(async () => {
    const isAsPublished = preset !== "" && text === first;
    const made = await experiments.createExperiment({
      source: isAsPublished ? { preset } : { text },
      requestId: newRequestId(),
    });
    go(made.runCount === 1n ? `/${made.name}/runs/0` : `/${made.name}`);
  });
  useCommands([
    { name: "Submit this experiment", hint: "submit", run: () => submit.run() },
  ]);
  return (
    <>
      <div
        className="bar panel"
        style={{ position: "sticky", top: 48, zIndex: 10 }}
      >
        <Verdict checked={checked} problem={places.length} />
        {submit.error && (
          <span className="fault" role="alert">
            {submit.error}
          </span>
        )}
        <button
          type="button"
          className="primary push"
          disabled={checked.state !== "good" || submit.isBusy}
          onClick={() => submit.run()}
        >
          Submit
          {checked.state === "good" &&
            ` ${count(checked.estimate.runCount, "run")}`}
        </button>
      </div>
      <div className="split">
        {document.problem ? (
          <Empty title="The text cannot be read">
            Line {document.problem.line}: {document.problem.message}. The form
            is back when it can.
          </Empty>
        ) : (
          <WholeForm
            context={{ catalogue, value: document.value, edit, places }}
          />
        )}
        <Editor text={text} setText={setText} places={places} />
      </div>
    </>
  );
}

function Verdict({ checked, problem }: { checked: Checked; problem: number }) {
  if (checked.state === "busy")
    return (
      <span className="quiet" role="status">
        Checking …
      </span>
    );
  if (checked.state === "away")
    return (
      <span className="bad" role="status">
        The server cannot be reached; nothing is lost.
      </span>
    );
  if (checked.state === "faulty")
    return (
      <span className="bad" role="status">
        {problem > 0 ? count(problem, "fault") : "Nothing is written yet"}
      </span>
    );
  const e = checked.estimate;
  const wall = durationSeconds(e.wallTime);
  return (
    <span role="status" data-testid="estimate">
      <strong>{count(e.runCount, "run")}</strong>
      {e.axes.length > 0 &&
        ` (${e.axes.map((a) => `${a.path.split(".").slice(-2).join(".")}: ${integer(a.size)}`).join(" × ")})`}
      <span className="quiet">
        {" · "}
        {seconds(e.cpuSeconds)} of processor
        {Number.isFinite(wall) && `, ${seconds(wall)} if alone`} ·{" "}
        {bytes(e.memoryBytes)} memory a run · {bytes(e.recordBytes)} to keep ·{" "}
        {e.fromHistory
          ? "from earlier runs here"
          : "by the program’s own estimate"}
      </span>
    </span>
  );
}
