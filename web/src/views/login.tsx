// Logging in: by the link that `engram login --link` prints, or by a token.
import { useState } from "react";
import { Mark } from "../layout/shell";
import { useAction } from "../server/query";
import { logInWithToken } from "../server/session";

export function Login() {
  const [token, setToken] = useState("");
  const action = useAction(logInWithToken);
  return (
    <main className="login">
      <h1 className="brand">
        <Mark />
        Engram
      </h1>
      <p>
        You are not logged in. Print a link in a terminal and open it here; it
        works once, for ten minutes:
      </p>
      <pre className="text">engram login --link</pre>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          action.run(token.trim());
        }}
      >
        <label className="stack">
          <span>Or a token, which becomes a session of this browser</span>
          <input
            type="password"
            autoComplete="off"
            spellCheck={false}
            value={token}
            aria-invalid={action.error !== "" || undefined}
            aria-describedby="login-fault"
            onChange={(event) => setToken(event.target.value)}
          />
        </label>
        <p className="fault" id="login-fault" role="alert">
          {action.error}
        </p>
        <div>
          <button
            className="primary"
            type="submit"
            disabled={token.trim() === "" || action.isBusy}
          >
            Log in
          </button>
        </div>
      </form>
    </main>
  );
}
