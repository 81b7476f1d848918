// Who is logged in, and what he may do.
import { Scope } from "../api/engram/v1/access_pb";
import type { WhoAmIResponse } from "../api/engram/v1/admin_pb";
import { admin, adminWithToken, newRequestId } from "./client";
import { isLoggedOut, messageOf } from "./faults";
import { Store, useStore } from "./store";

export type Session =
  | { state: "unknown" }
  | { state: "out" }
  | { state: "away"; message: string }
  | { state: "in"; me: WhoAmIResponse };

export const session = new Store<Session>({ state: "unknown" });

export async function refreshSession(): Promise<void> {
  try {
    session.set({ state: "in", me: await admin.whoAmI({}) });
  } catch (thrown) {
    if (isLoggedOut(thrown)) session.set({ state: "out" });
    else if (session.get().state !== "in") {
      session.set({ state: "away", message: messageOf(thrown) });
    }
  }
}

/** Opens a login link made with the token: the page itself keeps no secret. */
export async function logInWithToken(token: string): Promise<void> {
  const link = await adminWithToken(token).createLoginLink({
    requestId: newRequestId(),
  });
  const { pathname, search } = new URL(link.url);
  location.assign(pathname + search);
}

export async function logOut(): Promise<void> {
  await fetch("/logout", { method: "POST", redirect: "manual" });
  session.set({ state: "out" });
}

export interface Rights {
  user: string;
  maySubmit: boolean;
  mayAdminister: boolean;
  /** Whether what belongs to this user may be changed. */
  mayChange(owner: string): boolean;
}

export function rightsOf(current: Session): Rights {
  const me = current.state === "in" ? current.me : undefined;
  const scope = me?.scope ?? Scope.UNSPECIFIED;
  const isAdmin = scope === Scope.ADMIN;
  const maySubmit = isAdmin || scope === Scope.SUBMITTER;
  return {
    user: me?.user ?? "",
    maySubmit,
    mayAdminister: isAdmin,
    mayChange: (owner) => isAdmin || (maySubmit && owner === me?.user),
  };
}

export const useRights = (): Rights => rightsOf(useStore(session));
