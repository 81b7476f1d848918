// What runs in the page: the stock Connect client against the server that the
// page came from. `calls.mjs` drives it and checks what comes back.
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-web";
import { Admin } from "./engram/v1/admin_pb.js";
import { Catalog } from "./engram/v1/catalog_pb.js";
import { EventKind, Events, WatchResponse_End } from "./engram/v1/events_pb.js";
import { Experiments } from "./engram/v1/experiments_pb.js";
import { Runs } from "./engram/v1/runs_pb.js";
import {
  BadRequestSchema,
  ErrorInfoSchema,
  ResourceInfoSchema,
} from "./google/rpc/error_details_pb.js";

// `token` empty: the session cookie is what says who calls.
function client(service, { token = "", binary = false } = {}) {
  const interceptors = [
    (next) => (request) => {
      if (token) request.header.set("Authorization", `Bearer ${token}`);
      return next(request);
    },
  ];
  return createClient(
    service,
    createConnectTransport({
      baseUrl: location.origin,
      useBinaryFormat: binary,
      interceptors,
    }),
  );
}

// The outcome of a call that must fail, as plain values.
async function failure(call) {
  try {
    await call();
  } catch (thrown) {
    const error = ConnectError.from(thrown);
    return {
      code: Code[error.code],
      message: error.rawMessage,
      resource: error.findDetails(ResourceInfoSchema)[0]?.resourceName,
      reason: error.findDetails(ErrorInfoSchema)[0]?.reason,
      fields: error
        .findDetails(BadRequestSchema)
        .flatMap((detail) => detail.fieldViolations.map((v) => v.field)),
    };
  }
  return { code: "none" };
}

window.calls = {
  async whoAmI(options) {
    const answer = await client(Admin, options).whoAmI({});
    return { user: answer.user, token: answer.token, scope: answer.scope };
  },
  whoAmIFails: (options) => failure(() => client(Admin, options).whoAmI({})),

  async catalog(options) {
    const answer = await client(Catalog, options).listComponentTypes({});
    return answer.componentTypes.map((type) => type.type);
  },
  unknownType: (options) =>
    failure(() =>
      client(Catalog, options).getComponentType({ type: "hebbain" }),
    ),
  badExperiment: (options, text) =>
    failure(() =>
      client(Experiments, options).createExperiment({
        source: { text },
        validateOnly: true,
      }),
    ),

  async submit(options, text) {
    const answer = await client(Experiments, options).createExperiment({
      source: { text },
      requestId: crypto.randomUUID(),
    });
    return { name: answer.name, runCount: Number(answer.runCount) };
  },
  // Every state that is told until all runs have ended.
  async watch(options, parent) {
    const states = [];
    let last = 0n;
    let end = 0;
    let isOrdered = true;
    for await (const answer of client(Events, options).watch({
      parents: [parent],
      kinds: [EventKind.STATE],
      untilDone: true,
    })) {
      for (const event of answer.events) {
        isOrdered = isOrdered && event.sequence > last;
        last = event.sequence;
        states.push(event.content.value.transition.toState);
      }
      end = answer.end;
    }
    return { states, isOrdered, end: WatchResponse_End[end] };
  },
  watchFails: (options, parent, timeoutMs) =>
    failure(async () => {
      const stream = client(Events, options).watch(
        { parents: [parent], fromSequence: -1n },
        { timeoutMs },
      );
      for await (const answer of stream) void answer;
    }),
  // Leaves a stream that would go on for ever after its first message.
  watchAborted: (options, parent) =>
    failure(async () => {
      const controller = new AbortController();
      const stream = client(Events, options).watch(
        { parents: [parent], fromSequence: -1n },
        { signal: controller.signal },
      );
      for await (const answer of stream) {
        void answer;
        controller.abort();
      }
    }),
  async runs(options, parent) {
    const answer = await client(Runs, options).listRuns({ parent });
    return answer.runs.map((run) => ({ name: run.name, seed: String(run.seed) }));
  },
  async loginLink(options) {
    const answer = await client(Admin, options).createLoginLink({
      requestId: crypto.randomUUID(),
    });
    return answer.url;
  },
};
