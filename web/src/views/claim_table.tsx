// Claims with what was published, what was measured, and whether they hold.
import {
  ClaimOutcome,
  type ClaimResult,
} from "../api/engram/v1/experiments_pb";
import { number, typeset } from "../format";

const WORDS: Record<ClaimOutcome, [string, string]> = {
  [ClaimOutcome.UNSPECIFIED]: ["", ""],
  [ClaimOutcome.PENDING]: ["pending", "quiet"],
  [ClaimOutcome.HOLDS]: ["✓ holds", "good"],
  [ClaimOutcome.FAILS]: ["✗ fails", "bad"],
  [ClaimOutcome.UNDECIDED]: ["? undecided", "warn"],
};

export function ClaimTable({ claims }: { claims: readonly ClaimResult[] }) {
  return (
    <div className="table" tabIndex={0} role="region" aria-label="Claims">
      <table>
        <thead>
          <tr>
            <th scope="col">claim</th>
            <th scope="col">outcome</th>
            <th scope="col">published</th>
            <th scope="col" className="number">
              measured
            </th>
            <th scope="col">expected</th>
            <th scope="col" className="number">
              runs
            </th>
            <th scope="col">source</th>
          </tr>
        </thead>
        <tbody>
          {claims.map((claim) => {
            const [word, tone] = WORDS[claim.outcome];
            return (
              <tr key={claim.that}>
                <td title={claim.subject} style={{ minWidth: 220 }}>
                  {claim.that}
                </td>
                <td className={tone} style={{ whiteSpace: "nowrap" }}>
                  {word}
                  {claim.reason && (
                    <span className="small quiet"> {claim.reason}</span>
                  )}
                </td>
                <td style={{ minWidth: 110 }}>{typeset(claim.published)}</td>
                <td className="number">
                  {claim.measured === undefined
                    ? "–"
                    : number(claim.measured, 4)}
                </td>
                <td style={{ whiteSpace: "nowrap" }}>
                  {typeset(claim.expect)}
                </td>
                <td className="number">{Number(claim.runCount)}</td>
                <td className="quiet small" style={{ minWidth: 160 }}>
                  {claim.source}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
