// Users with what they may use.
import { useState } from "react";
import type { User } from "../../api/engram/v1/admin_pb";
import { integer, number, seconds, time } from "../../format";
import { DataTable, numbers, unseen } from "../../layout/data_table";
import { Dialog } from "../../layout/dialog";
import { admin, newRequestId } from "../../server/client";
import { useAction } from "../../server/query";

const limit = (n: bigint | number, unit = ""): string =>
  Number(n) === 0
    ? "no limit"
    : `${typeof n === "bigint" ? integer(n) : number(n)}${unit}`;

export function UserTable({
  users,
  refresh,
}: {
  users: readonly User[];
  refresh: () => void;
}) {
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
      <DataTable
        label="Users"
        columns={[
          "user",
          "since",
          numbers("recent processor time"),
          numbers("waiting runs"),
          numbers("running runs"),
          numbers("processor time"),
          numbers("stored"),
          unseen("change"),
        ]}
      >
        {users.map((u) => (
          <tr key={u.name}>
            <th scope="row">{u.name.replace("users/", "")}</th>
            <td>{time(u.createTime)}</td>
            <td className="number">{seconds(u.recentCpuSeconds)}</td>
            <td className="number">{limit(u.quota?.queuedRuns ?? 0n)}</td>
            <td className="number">{limit(u.quota?.runningRuns ?? 0n)}</td>
            <td className="number">{limit(u.quota?.cpuHours ?? 0, " h")}</td>
            <td className="number">
              {limit(Number(u.quota?.storedBytes ?? 0n) / 1e9, " GB")}
            </td>
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
      </DataTable>
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
  const [stored, setStored] = useState(
    String(Number(user.quota?.storedBytes ?? 0n) / 1e9),
  );
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
      <input
        inputMode="decimal"
        value={value}
        onChange={(event) => set(event.target.value)}
      />
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
        <button
          type="button"
          className="primary"
          disabled={save.isBusy}
          onClick={() => save.run()}
        >
          Save
        </button>
      </div>
    </Dialog>
  );
}
