// What administrators may: users with their quotas, tokens, and drain.
import { useState } from "react";
import { Scope } from "../../api/engram/v1/access_pb";
import type { Token, User } from "../../api/engram/v1/admin_pb";
import { integer, number, relative, seconds, time } from "../../format";
import { CopyButton } from "../../layout/copy";
import { Dialog } from "../../layout/dialog";
import { Fetched } from "../../layout/states";
import { admin, newRequestId } from "../../server/client";
import { useAction, useQuery } from "../../server/query";

export function Administration({
  isDraining,
  refresh,
}: {
  isDraining: boolean;
  refresh: () => void;
}) {
  const drain = useAction(async (isOn: boolean) => {
    await admin.drain({ drain: isOn, requestId: newRequestId() });
    refresh();
  });
  const users = useQuery("users", (signal) => admin.listUsers({}, { signal }));
  const tokens = useQuery("tokens", (signal) => admin.listTokens({}, { signal }));
  return (
    <section className="stack" aria-label="Administration">
      <div className="bar">
        <h2>Administration</h2>
        <button type="button" disabled={drain.isBusy} onClick={() => drain.run(!isDraining)}>
          {isDraining ? "Start runs again" : "Drain: start no more runs"}
        </button>
        {drain.error && <span className="fault">{drain.error}</span>}
      </div>
      <Fetched query={users} what="users">
        {(answer) => <UserTable users={answer.users} refresh={users.refresh} />}
      </Fetched>
      <Fetched query={tokens} what="tokens">
        {(answer) => (
          <TokenTable
            tokens={answer.tokens}
            users={(users.data?.users ?? []).map((u) => u.name)}
            refresh={tokens.refresh}
          />
        )}
      </Fetched>
    </section>
  );
}

const limit = (n: bigint | number, unit = ""): string =>
  Number(n) === 0 ? "no limit" : `${typeof n === "bigint" ? integer(n) : number(n)}${unit}`;

function UserTable({ users, refresh }: { users: readonly User[]; refresh: () => void }) {
  const [name, setName] = useState("");
  const [edited, setEdited] = useState<User | null>(null);
  const make = useAction(async () => {
    await admin.createUser({ name: name.trim(), requestId: newRequestId() });
    setName("");
    refresh();
  });
  return (
    <section className="stack">
      <form
        className="bar"
        onSubmit={(event) => {
          event.preventDefault();
          make.run();
        }}
      >
        <h3>Users</h3>
        <input
          aria-label="Name of a new user"
          placeholder="name of a new user"
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <button type="submit" disabled={name.trim() === "" || make.isBusy}>
          Add
        </button>
        {make.error && <span className="fault">{make.error}</span>}
      </form>
      <div className="table lines" tabIndex={0} role="region" aria-label="Users">
        <table>
          <thead>
            <tr>
              <th scope="col">user</th>
              <th scope="col">since</th>
              <th scope="col" className="number">recent processor time</th>
              <th scope="col" className="number">waiting runs</th>
              <th scope="col" className="number">running runs</th>
              <th scope="col" className="number">processor time</th>
              <th scope="col" className="number">stored</th>
              <th scope="col">
                <span className="sr">change</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {users.map((u) => (
              <tr key={u.name}>
                <th scope="row">{u.name.replace("users/", "")}</th>
                <td>{time(u.createTime)}</td>
                <td className="number">{seconds(u.recentCpuSeconds)}</td>
                <td className="number">{limit(u.quota?.queuedRuns ?? 0n)}</td>
                <td className="number">{limit(u.quota?.runningRuns ?? 0n)}</td>
                <td className="number">{limit(u.quota?.cpuHours ?? 0, " h")}</td>
                <td className="number">{limit(Number(u.quota?.storedBytes ?? 0n) / 1e9, " GB")}</td>
                <td>
                  <button
                    type="button"
                    className="plain"
                    aria-label={`Quota of ${u.name}`}
                    onClick={() => setEdited(u)}
                  >
                    Quota
                  </button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {edited && (
        <QuotaDialog
          user={edited}
          close={() => {
            setEdited(null);
            refresh();
          }}
        />
      )}
    </section>
  );
}

function QuotaDialog({ user, close }: { user: User; close: () => void }) {
  const [queued, setQueued] = useState(String(user.quota?.queuedRuns ?? 0n));
  const [running, setRunning] = useState(String(user.quota?.runningRuns ?? 0n));
  const [hours, setHours] = useState(String(user.quota?.cpuHours ?? 0));
  const [stored, setStored] = useState(String(Number(user.quota?.storedBytes ?? 0n) / 1e9));
  const save = useAction(async () => {
    await admin.updateQuota({
      name: user.name,
      etag: user.etag,
      quota: {
        queuedRuns: BigInt(Math.round(Number(queued))),
        runningRuns: BigInt(Math.round(Number(running))),
        cpuHours: Number(hours),
        storedBytes: BigInt(Math.round(Number(stored) * 1e9)),
      },
      requestId: newRequestId(),
    });
    close();
  });
  const field = (label: string, value: string, set: (v: string) => void) => (
    <label className="field">
      <span>{label}</span>
      <input inputMode="decimal" value={value} onChange={(event) => set(event.target.value)} />
    </label>
  );
  return (
    <Dialog title={`Quota of ${user.name.replace("users/", "")}`} close={close}>
      <p className="quiet">0 means no limit.</p>
      {field("Waiting runs", queued, setQueued)}
      {field("Running runs", running, setRunning)}
      {field("Processor time [h]", hours, setHours)}
      {field("Stored [GB]", stored, setStored)}
      <p className="fault" role="alert">
        {save.error}
      </p>
      <div>
        <button type="button" className="primary" disabled={save.isBusy} onClick={() => save.run()}>
          Save
        </button>
      </div>
    </Dialog>
  );
}

const SCOPES = [Scope.VIEWER, Scope.SUBMITTER, Scope.ADMIN];
const scopeName = (scope: Scope) => Scope[scope].toLowerCase();

function TokenTable({
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
    t.revokeTime !== undefined || (t.expireTime && Number(t.expireTime.seconds) < now);
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
      <div className="table lines" tabIndex={0} role="region" aria-label="Tokens" style={{ maxHeight: 360 }}>
        <table>
          <thead>
            <tr>
              <th scope="col">token</th>
              <th scope="col">user</th>
              <th scope="col">scope</th>
              <th scope="col">label</th>
              <th scope="col">made</th>
              <th scope="col">last used</th>
              <th scope="col">ends</th>
              <th scope="col">
                <span className="sr">revoke</span>
              </th>
            </tr>
          </thead>
          <tbody>
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
          </tbody>
        </table>
      </div>
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

function TokenDialog({ users, close }: { users: readonly string[]; close: () => void }) {
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
      ...(life > 0 ? { life: { seconds: BigInt(Math.round(life * 86400)), nanos: 0 } } : {}),
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
        <select value={scope} onChange={(event) => setScope(Number(event.target.value))}>
          {SCOPES.map((s) => (
            <option key={s} value={s}>
              {scopeName(s)}
            </option>
          ))}
        </select>
      </label>
      <label className="field">
        <span>Label</span>
        <input value={label} onChange={(event) => setLabel(event.target.value)} />
      </label>
      <label className="field">
        <span>Life [d]; 0: for ever</span>
        <input inputMode="decimal" value={days} onChange={(event) => setDays(event.target.value)} />
      </label>
      <p className="fault" role="alert">
        {make.error}
      </p>
      <div>
        <button type="button" className="primary" disabled={make.isBusy || user === ""} onClick={() => make.run()}>
          Make it
        </button>
      </div>
    </Dialog>
  );
}
