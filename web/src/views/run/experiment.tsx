// The experiment that this run is a point of, with every default shown.
import type { Run } from "../../api/engram/v1/runs_pb";
import { plain } from "../../format";
import { Fetched } from "../../layout/states";
import { type Part, partsOf, useCatalogue } from "../../spec/catalogue";

export function ExperimentTab({ run }: { run: Run }) {
  const catalogue = useCatalogue();
  const tree = JSON.parse(run.treeJson || "{}") as { experiment?: unknown };
  return (
    <Fetched query={catalogue} what="catalogue">
      {(types) => (
        <div className="stack">
          {partsOf(tree.experiment, types).map((part) => (
            <PartTable key={part.path} part={part} varying={run.varying} />
          ))}
        </div>
      )}
    </Fetched>
  );
}

function PartTable({ part, varying }: { part: Part; varying: Run["varying"] }) {
  return (
    <section className="stack" aria-label={part.path}>
      <div className="bar">
        <h2 className="mono">{part.path}</h2>
        <span>{part.type.type}</span>
        <span className="quiet">{part.type.summary}</span>
      </div>
      {part.type.parameters.length > 0 && (
        <div className="table values four">
          <table>
            <thead>
              <tr>
                <th scope="col">parameter</th>
                <th scope="col" className="number">
                  value
                </th>
                <th scope="col">unit</th>
                <th scope="col">meaning</th>
              </tr>
            </thead>
            <tbody>
              {part.type.parameters.map((p) => (
                <tr key={p.name}>
                  <th scope="row">
                    {p.name}
                    {`${part.path}.${p.name}` in varying && (
                      <span className="tag">varies</span>
                    )}
                  </th>
                  <td className="number">{plain(part.values[p.name])}</td>
                  <td className="quiet">{p.unit === "1" ? "" : p.unit}</td>
                  <td className="quiet">{p.meaning}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
