// Published experiments: what each found, what ours finds, and one click to run
// it here.
import { useMemo } from "react";
import { parse } from "yaml";
import {
  ClaimOutcome,
  ClaimResultSchema,
  type ClaimResult,
  type Experiment,
} from "../../api/engram/v1/experiments_pb";
import type { Preset } from "../../api/engram/v1/catalog_pb";
import { create } from "@bufbuild/protobuf";
import { count, plain, relative, time } from "../../format";
import { Link } from "../../layout/link";
import { Empty, Fetched } from "../../layout/states";
import { go, setParameters, shortName, useParameter } from "../../route";
import { catalog, experiments, newRequestId } from "../../server/client";
import { useAction, useQuery } from "../../server/query";
import { useRights } from "../../server/session";
import { ClaimTable } from "../claim_table";
import { ComparedFigure } from "../compare/compared_figure";
import { claimCounts } from "../history/columns";
import { countedTags, found } from "./find";

const newestOf = async (preset: string, signal: AbortSignal) => {
  const { experiments: found } = await experiments.listExperiments(
    { filter: `preset = "${preset}"`, pageSize: 1 },
    { signal },
  );
  return found[0] ?? null;
};

export function Presets() {
  const query = useQuery("presets", async (signal) => {
    const { presets } = await catalog.listPresets({}, { signal });
    const newest = await Promise.all(
      presets.map((p) => newestOf(p.name, signal)),
    );
    return presets.map((preset, i) => ({
      preset,
      newest: newest[i] ?? null,
    }));
  });
  return (
    <>
      <h1>Presets</h1>
      <Fetched query={query} what="presets">
        {(all) =>
          all.length === 0 ? (
            <Empty title="This server has no presets" />
          ) : (
            <Cards all={all} />
          )
        }
      </Fetched>
    </>
  );
}

interface Shelved {
  preset: Preset;
  newest: Experiment | null;
}

function Cards({ all }: { all: readonly Shelved[] }) {
  const [words, setWords] = useParameter("find");
  const [tag, setTag] = useParameter("tag");
  const some = useMemo(() => found(all, words, tag), [all, words, tag]);
  const tags = useMemo(() => countedTags(all), [all]);
  return (
    <>
      <div className="bar">
        <input
          type="search"
          size={36}
          aria-label="Find presets"
          placeholder="Find by words: gates, parity, Brunel"
          value={words}
          onChange={(event) => setWords(event.target.value)}
        />
        <label className="check">
          tag
          <select value={tag} onChange={(event) => setTag(event.target.value)}>
            <option value="">any</option>
            {tags.map((t) => (
              <option key={t.tag} value={t.tag}>
                {t.tag} ({t.count})
              </option>
            ))}
          </select>
        </label>
        <span className="quiet" role="status">
          {some.length < all.length
            ? `${some.length} of ${count(all.length, "preset")}`
            : count(all.length, "preset")}
        </span>
      </div>
      {some.length === 0 ? (
        <Empty title="No preset has all of this">
          <button
            type="button"
            onClick={() => setParameters({ find: null, tag: null })}
          >
            Show all
          </button>
        </Empty>
      ) : (
        <div className="grid">
          {some.map((one) => (
            <Card key={one.preset.name} {...one} />
          ))}
        </div>
      )}
    </>
  );
}

function Card({ preset, newest }: Shelved) {
  const claims = newest ? claimCounts(newest) : null;
  return (
    <section className="panel stack card" aria-label={preset.name}>
      <div>
        <h2>
          <Link to={`/presets/${preset.name}`}>
            {preset.title || preset.name}
          </Link>
        </h2>
        <span className="mono quiet">{preset.name}</span>
      </div>
      <p className="quiet clamped" title={preset.notes}>
        {preset.notes}
      </p>
      <div className="bar small quiet foot">
        <span>{count(preset.runCount, "run")}</span>
        <span>{count(preset.claimCount, "claim")}</span>
        {preset.tags.includes("long") && (
          <span className="tag" title="Takes long: look at its estimate first">
            long
          </span>
        )}
        {claims && newest ? (
          <Link to={`/${newest.name}`}>
            {claims.open === claims.all && claims.all > 0
              ? "under way"
              : `${claims.holds} of ${claims.all} hold`}
            , {relative(newest.createTime)}
          </Link>
        ) : (
          <span>not yet run here</span>
        )}
        <span className="push">
          <RunButton preset={preset.name} />
        </span>
      </div>
    </section>
  );
}

function RunButton({ preset }: { preset: string }) {
  const rights = useRights();
  const action = useAction(async () => {
    const made = await experiments.createExperiment({
      source: { preset },
      requestId: newRequestId(),
    });
    go(`/${made.name}`);
  });
  if (!rights.maySubmit) return null;
  return (
    <>
      {action.error && (
        <span className="fault" role="alert">
          {action.error}{" "}
        </span>
      )}
      <button
        type="button"
        disabled={action.isBusy}
        onClick={() => action.run()}
      >
        Run it
      </button>
    </>
  );
}

interface WrittenClaim {
  that?: string;
  value?: string;
  where?: Record<string, unknown>;
  reduce?: unknown;
  expect?: unknown;
  source?: string;
  published?: string;
}

/** Claims as a preset's text has them: nothing has been measured. */
export function writtenClaims(text: string): ClaimResult[] {
  const { claims } = parse(text) as { claims?: WrittenClaim[] };
  return (claims ?? []).map((claim) =>
    create(ClaimResultSchema, {
      that: claim.that ?? "",
      subject: `${plain(claim.reduce ?? "mean")} of ${claim.value ?? ""}`,
      expect: plain(claim.expect)
        .replace(/^\{|\}$/g, "")
        .replaceAll("_", " ")
        .replace(":", ""),
      published: claim.published === undefined ? "" : String(claim.published),
      source: claim.source ?? "",
      outcome: ClaimOutcome.UNSPECIFIED,
    }),
  );
}

/** What the first claim is about: the figure of the preset. */
export function figureOf(text: string): string {
  const { claims } = parse(text) as { claims?: WrittenClaim[] };
  return claims?.[0]?.value ?? "";
}

export function PresetView({ name }: { name: string }) {
  const preset = useQuery(`preset ${name}`, (signal) =>
    catalog.getPreset({ name }, { signal }),
  );
  const newest = useQuery(`newest ${name}`, (signal) => newestOf(name, signal));
  return (
    <Fetched query={preset} what="preset">
      {(own) => <Shown preset={own} newest={newest.data ?? null} />}
    </Fetched>
  );
}

function Shown({
  preset,
  newest,
}: {
  preset: Preset;
  newest: Experiment | null;
}) {
  const rights = useRights();
  const written = useMemo(() => writtenClaims(preset.text), [preset.text]);
  return (
    <>
      <div className="bar">
        <h1 className="wrap">{preset.title || preset.name}</h1>
        <span className="mono quiet">{preset.name}</span>
        <span className="push bar">
          {rights.maySubmit && (
            <Link className="button" to={`/submit?preset=${preset.name}`}>
              Change and submit
            </Link>
          )}
          <RunButton preset={preset.name} />
        </span>
      </div>
      <p className="wrap">{preset.notes}</p>
      {newest ? (
        <p className="quiet small">
          Measured by{" "}
          <Link className="mono" to={`/${newest.name}`}>
            {shortName(newest.name)}
          </Link>
          , {time(newest.createTime)}, {count(newest.runCount, "run")}
        </p>
      ) : (
        <p className="quiet small">
          It has not been run on this server: {count(preset.runCount, "run")}.
        </p>
      )}
      <ClaimTable
        claims={newest && newest.claims.length > 0 ? newest.claims : written}
      />
      {newest && newest.endTime && (
        <ComparedFigure
          experiment={newest.name}
          value={figureOf(preset.text)}
        />
      )}
      <details className="panel">
        <summary>Text</summary>
        <pre className="text" tabIndex={0}>
          {preset.text}
        </pre>
      </details>
    </>
  );
}
