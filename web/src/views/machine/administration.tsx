// What administrators may: users with their quotas, tokens, and drain.
import { Fetched } from "../../layout/states";
import { admin, newRequestId } from "../../server/client";
import { useAction, useQuery } from "../../server/query";
import { TokenTable } from "./tokens";
import { UserTable } from "./users";

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
  const tokens = useQuery("tokens", (signal) =>
    admin.listTokens({}, { signal }),
  );
  return (
    <section className="stack" aria-label="Administration">
      <div className="bar">
        <h2>Administration</h2>
        <button
          type="button"
          disabled={drain.isBusy}
          onClick={() => drain.run(!isDraining)}
        >
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
