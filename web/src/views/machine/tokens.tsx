// Tokens and sessions: made, shown once, revoked.
import { useState } from "react";
import { Scope } from "../../api/engram/v1/access_pb";
import type { Token } from "../../api/engram/v1/admin_pb";
import { relative, time } from "../../format";
import { DataTable, unseen } from "../../layout/data_table";
import { CopyButton } from "../../layout/copy";
import { Dialog } from "../../layout/dialog";
import { admin, newRequestId } from "../../server/client";
import { useAction } from "../../server/query";

const SCOPES = [Scope.VIEWER, Scope.SUBMITTER, Scope.ADMIN];
const scopeName = (scope: Scope) => Scope[scope].toLowerCase();

export function TokenTable({
  tokens,
  users,
  refresh,
}: {
  tokens: readonly Token[];
  users: readonly string[];
  refresh: () => void;
}) {
  const [isMaking, setMaking] = useState(false);
  const [withEnded, setWithEnded] = useState(false);
  const revoke = useAction(async (name: string) => {
    await admin.revokeToken({ name, requestId: newRequestId() });
    refresh();
  });
  const now = Date.now() / 1000;
  const isEnded = (t: Token) =>
    t.revokeTime !== undefined ||
    (t.expireTime && Number(t.expireTime.seconds) < now);
  const shown = tokens.filter((t) => withEnded || !isEnded(t));
  return (
    <section className="stack">
      <div className="bar">
        <h3>Tokens and sessions</h3>
        <button type="button" onClick={() => setMaking(true)}>
          New token
        </button>
        <label className="check">
          <input
            type="checkbox"
            checked={withEnded}
            onChange={(event) => setWithEnded(event.target.checked)}
          />
          ended ones, too
        </label>
        {revoke.error && <span className="fault">{revoke.error}</span>}
      </div>
      <DataTable
        label="Tokens"
        style={{ maxHeight: 360 }}
        columns={[
          "token",
          "user",
          "scope",
          "label",
          "made",
          "last used",
          "ends",
          unseen("revoke"),
        ]}
      >
        {shown.map((t) => (
          <tr key={t.name}>
            <th scope="row">{t.name.replace("tokens/", "")}</th>
            <td>{t.user.replace("users/", "")}</td>
            <td>{scopeName(t.scope)}</td>
            <td>{t.label}</td>
            <td>{time(t.createTime)}</td>
            <td>{relative(t.lastUseTime)}</td>
            <td>
              {t.revokeTime
                ? `revoked ${relative(t.revokeTime)}`
                : t.expireTime
                  ? relative(t.expireTime)
                  : "never"}
            </td>
            <td>
              {!isEnded(t) && (
                <button
                  type="button"
                  className="plain danger"
                  aria-label={`Revoke token ${t.name.replace("tokens/", "")}`}
                  disabled={revoke.isBusy}
                  onClick={() => revoke.run(t.name)}
                >
                  Revoke
                </button>
              )}
            </td>
          </tr>
        ))}
      </DataTable>
      {isMaking && (
        <TokenDialog
          users={users}
          close={() => {
            setMaking(false);
            refresh();
          }}
        />
      )}
    </section>
  );
}

function TokenDialog({
  users,
  close,
}: {
  users: readonly string[];
  close: () => void;
}) {
  const [user, setUser] = useState(users[0] ?? "");
  const [scope, setScope] = useState(Scope.SUBMITTER);
  const [label, setLabel] = useState("");
  const [days, setDays] = useState("90");
  const [secret, setSecret] = useState("");
  const make = useAction(async () => {
    const life = Number(days);
    const answer = await admin.createToken({
      user,
      scope,
      label,
      ...(life > 0
        ? { life: { seconds: BigInt(Math.round(life * 86400)), nanos: 0 } }
        : {}),
      requestId: newRequestId(),
    });
    setSecret(answer.secret);
  });
  if (secret)
    return (
      <Dialog title="The new token" close={close}>
        <p>It is shown now and never again.</p>
        <pre className="text">{secret}</pre>
        <div className="bar">
          <CopyButton text={secret} label="Copy" />
          <button type="button" className="primary" onClick={close}>
            Done
          </button>
        </div>
      </Dialog>
    );
  return (
    <Dialog title="New token" close={close}>
      <label className="field">
        <span>User</span>
        <select value={user} onChange={(event) => setUser(event.target.value)}>
          {users.map((name) => (
            <option key={name} value={name}>
              {name.replace("users/", "")}
            </option>
          ))}
        </select>
      </label>
      <label className="field">
        <span>Scope</span>
        <select
          value={scope}
          onChange={(event) => setScope(Number(event.target.value))}
        >
          {SCOPES.map((s) => (
            <option key={s} value={s}>
              {scopeName(s)}
            </option>
          ))}
        </select>
      </label>
      <label className="field">
        <span>Label</span>
        <input
          value={label}
          onChange={(event) => setLabel(event.target.value)}
        />
      </label>
      <label className="field">
        <span>Life [d]; 0: for ever</span>
        <input
          inputMode="decimal"
          value={days}
          onChange={(event) => setDays(event.target.value)}
        />
      </label>
      <p className="fault" role="alert">
        {make.error}
      </p>
      <div>
        <button
          type="button"
          className="primary"
          disabled={make.isBusy || user === ""}
          onClick={() => make.run()}
        >
          Make it
        </button>
      </div>
    </Dialog>
  );
}
