// The services of the server that this page came from. The session cookie says
// who calls.
import { createClient, type Interceptor } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-web";
import { Admin } from "../api/engram/v1/admin_pb";
import { Catalog } from "../api/engram/v1/catalog_pb";
import { Events } from "../api/engram/v1/events_pb";
import { Experiments } from "../api/engram/v1/experiments_pb";
import { Runs } from "../api/engram/v1/runs_pb";

function transport(interceptors: Interceptor[] = []) {
  return createConnectTransport({
    baseUrl: location.origin,
    useBinaryFormat: true,
    interceptors,
  });
}

const own = transport();
export const admin = createClient(Admin, own);
export const catalog = createClient(Catalog, own);
export const events = createClient(Events, own);
export const experiments = createClient(Experiments, own);
export const runs = createClient(Runs, own);

/** `Admin` for whoever holds this token: used once, to make a session of it. */
export function adminWithToken(token: string) {
  return createClient(
    Admin,
    transport([
      (next) => (request) => {
        request.header.set("Authorization", `Bearer ${token}`);
        return next(request);
      },
    ]),
  );
}

/** Says which request a change is, so that a repeated one is done once. */
export const newRequestId = (): string => {
  // crypto.randomUUID is there on secure origins and on localhost alone.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = [...bytes].map((b) => b.toString(16).padStart(2, "0")).join("");
  return [8, 4, 4, 4, 12]
    .map((length, i, all) => {
      const from = all.slice(0, i).reduce((a, b) => a + b, 0);
      return hex.slice(from, from + length);
    })
    .join("-");
};
