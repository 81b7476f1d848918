// What the run read from outside its tree, and the state that it left: as files.
import type { ArrayManifest } from "../../api/engram/v1/array_pb";
import type {
  ListArraysResponse,
  RecordedArray,
  Run,
} from "../../api/engram/v1/runs_pb";
import { elementName, npyOf, shapeText } from "../../charts/npy";
import { fileName, saveBlob } from "../../charts/save";
import { bytes } from "../../format";
import { DataTable, numbers } from "../../layout/data_table";
import { Link } from "../../layout/link";
import { Fetched } from "../../layout/states";
import { runs } from "../../server/client";
import { type Query, useAction, useQuery } from "../../server/query";

type Wanted = { input: Uint8Array } | { finalState: true };

async function save(run: Run, wanted: Wanted, title: string): Promise<void> {
  const parts: Uint8Array[] = [];
  let array: RecordedArray | undefined;
  for await (const answer of runs.readArray({ name: run.name, ...wanted })) {
    array ??= answer.array;
    parts.push(answer.data);
  }
  saveBlob(fileName(title, "npy"), npyOf(array!.manifest!, parts));
}

const hex = (digest: Uint8Array): string =>
  Array.from(digest, (b) => b.toString(16).padStart(2, "0")).join("");

/** "k7m2q9xw4p/17/state@final" leads to that run; a dataset has no page. */
const runOf = (name: string): string | null => {
  const match = /^(?:experiments\/)?([a-z0-9]{10})\/(?:runs\/)?(\d+)\//.exec(
    name,
  );
  return match ? `/experiments/${match[1]}/runs/${match[2]}` : null;
};

export function Files({
  run,
  arrays,
}: {
  run: Run;
  arrays: Query<ListArraysResponse>;
}) {
  const inputs = useQuery(`inputs ${run.name}`, (signal) =>
    runs.listInputs({ name: run.name }, { signal }),
  );
  const state = arrays.data?.finalState?.manifest;
  return (
    <Fetched query={inputs} what="inputs">
      {(answer) =>
        answer.inputs.length === 0 && !state ? null : (
          <section className="stack">
            <h2>Inputs and final state</h2>
            <DataTable
              label="Inputs and final state"
              columns={[
                "name",
                "elements",
                "shape",
                numbers("size"),
                "digest",
                "file",
              ]}
            >
              {answer.inputs.map((input) => (
                <FileRow
                  key={input.name}
                  run={run}
                  name={input.name}
                  manifest={input.manifest!}
                  wanted={{ input: input.manifest!.digest }}
                />
              ))}
              {state && (
                <FileRow
                  run={run}
                  name="state@final"
                  manifest={state}
                  wanted={{ finalState: true }}
                />
              )}
            </DataTable>
          </section>
        )
      }
    </Fetched>
  );
}

function FileRow({
  run,
  name,
  manifest,
  wanted,
}: {
  run: Run;
  name: string;
  manifest: ArrayManifest;
  wanted: Wanted;
}) {
  const action = useAction(() => save(run, wanted, name));
  const source = runOf(name);
  const digest = hex(manifest.digest);
  return (
    <tr>
      <th scope="row" className="mono">
        {source ? <Link to={source}>{name}</Link> : name}
      </th>
      <td>
        {elementName(manifest.type)}
        {manifest.unit !== "1" && manifest.unit !== ""
          ? ` [${manifest.unit}]`
          : ""}
      </td>
      <td>{shapeText(manifest.shape)}</td>
      <td className="number">{bytes(manifest.byteSize)}</td>
      <td className="mono" title={digest}>
        {digest.slice(0, 10)}
      </td>
      <td>
        <button
          type="button"
          className="plain"
          disabled={action.isBusy}
          aria-label={`Save ${name} as NPY`}
          onClick={() => action.run()}
        >
          NPY
        </button>
        {action.error && <span className="fault">{action.error}</span>}
      </td>
    </tr>
  );
}
