// A stored run executed again, every item that it records compared to the bit.
import { useEffect, useState } from "react";
import {
  type Verification,
  Verification_Outcome as Outcome,
} from "../../api/engram/v1/experiments_pb";
import type { Run } from "../../api/engram/v1/runs_pb";
import { integer, number, quantity } from "../../format";
import { experiments, newRequestId } from "../../server/client";
import { useAction } from "../../server/query";
import { useRights } from "../../server/session";

const WORDS: Record<Outcome, [string, string]> = {
  [Outcome.UNSPECIFIED]: ["", ""],
  [Outcome.PENDING]: ["under way", "quiet"],
  [Outcome.EQUAL]: [
    "EQUAL: every item and the result hash are the same to the bit",
    "good",
  ],
  [Outcome.DIFFERENT]: ["DIFFERENT", "bad"],
  [Outcome.FAILED]: ["could not be executed to its end", "bad"],
  [Outcome.CLOSE]: [
    "CLOSE: bits differ, every value is within the tolerance",
    "good",
  ],
};

export function Verify({ run }: { run: Run }) {
  const rights = useRights();
  const [found, setFound] = useState<Verification | null>(null);
  const start = useAction(async (current: boolean) => {
    setFound(
      await experiments.verifyRun({
        name: run.name,
        current,
        requestId: newRequestId(),
      }),
    );
  });
  useEffect(() => {
    if (found?.outcome !== Outcome.PENDING) return undefined;
    const timer = setTimeout(
      () =>
        void experiments
          .getVerification({ name: found.name })
          .then(setFound, () => setFound({ ...found })),
      700,
    );
    return () => clearTimeout(timer);
  }, [found]);
  if (!rights.maySubmit) return null;
  const isBusy = start.isBusy || found?.outcome === Outcome.PENDING;
  return (
    <section className="panel stack" aria-label="Verify">
      <div className="bar">
        <h2>Verify</h2>
        <button
          type="button"
          disabled={isBusy}
          onClick={() => start.run(false)}
        >
          With its own build
        </button>
        <button type="button" disabled={isBusy} onClick={() => start.run(true)}>
          With today’s build
        </button>
        {found && (
          <span className={WORDS[found.outcome][1]} role="status">
            {WORDS[found.outcome][0]} ({integer(found.itemsCompared)} items)
          </span>
        )}
      </div>
      {found?.difference && <p className="bad wrap">{found.difference}</p>}
      {found && found.values.length > 0 && (
        <div className="table">
          <table>
            <thead>
              <tr>
                <th scope="col">value</th>
                <th scope="col" className="number">
                  stored
                </th>
                <th scope="col" className="number">
                  now
                </th>
                <th scope="col" className="number">
                  relative difference
                </th>
              </tr>
            </thead>
            <tbody>
              {found.values.map((v) => (
                <tr key={v.name} className={v.isClose ? "" : "bad"}>
                  <th scope="row">{v.name}</th>
                  <td className="number">
                    {v.stored === undefined
                      ? "absent"
                      : quantity(v.stored, v.unit, 6)}
                  </td>
                  <td className="number">
                    {v.now === undefined
                      ? "absent"
                      : quantity(v.now, v.unit, 6)}
                  </td>
                  <td className="number">
                    {v.relativeDifference === undefined
                      ? "–"
                      : number(v.relativeDifference, 2)}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {start.error && (
        <p className="fault" role="alert">
          {start.error}
        </p>
      )}
    </section>
  );
}
