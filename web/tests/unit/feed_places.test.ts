// Nothing is missed between the fetch of a view and the stream.
import { Code, ConnectError } from "@connectrpc/connect";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Event } from "../../src/api/engram/v1/events_pb";
import {
  EventKind,
  WatchResponse_End,
} from "../../src/api/engram/v1/events_pb";
import { EventFeed, type Wire } from "../../src/server/feed";

interface Stream {
  parents: string[];
  from: bigint;
  isOpen: boolean;
  send(sequences: bigint[], bookmark: bigint): void;
  fail(error: Error): void;
}

/** A server whose answers and events the test decides. */
class FakeServer implements Wire {
  last = 0n;
  asked = 0;
  streams: Stream[] = [];

  async lastSequence(): Promise<bigint> {
    this.asked += 1;
    return this.last;
  }

  watch(
    request: Parameters<Wire["watch"]>[0],
    signal: AbortSignal,
  ): ReturnType<Wire["watch"]> {
    const waiting: (() => Response)[] = [];
    let wake = () => undefined as void;
    const put = (answer: () => Response) => {
      waiting.push(answer);
      wake();
    };
    type Response = { events: Event[]; bookmark: bigint; end: number };
    const stream: Stream = {
      parents: request.parents,
      from: request.fromSequence,
      isOpen: true,
      send: (sequences, bookmark) =>
        put(() => ({
          events: sequences.map(eventOf),
          bookmark,
          end: WatchResponse_End.UNSPECIFIED,
        })),
      fail: (error) =>
        put(() => {
          throw error;
        }),
    };
    this.streams.push(stream);
    signal.addEventListener("abort", () => {
      stream.isOpen = false;
      wake();
    });
    return (async function* () {
      while (!signal.aborted) {
        const next = waiting.shift();
        if (next) yield next();
        else await new Promise<void>((done) => (wake = done));
      }
    })();
  }

  get open(): Stream {
    const all = this.streams.filter((s) => s.isOpen);
    expect(all.length).toBe(1);
    return all[0]!;
  }
}

const eventOf = (sequence: bigint) =>
  ({ sequence, parent: "experiments/a/runs/0", content: {} }) as Event;

function view(since?: bigint | null) {
  const got: bigint[] = [];
  let resets = 0;
  return {
    got,
    resets: () => resets,
    interest: {
      parents: ["experiments/a/runs/0"],
      kinds: [EventKind.STATE],
      ...(since === undefined ? {} : { since }),
      onEvents: (events: readonly Event[]) =>
        void got.push(...events.map((e) => e.sequence)),
      onReset: () => {
        resets += 1;
      },
    },
  };
}

const settle = () => vi.advanceTimersByTimeAsync(5);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

async function located(last: bigint): Promise<[FakeServer, EventFeed]> {
  const server = new FakeServer();
  server.last = last;
  const feed = new EventFeed(server);
  await feed.locate();
  return [server, feed];
}

test("what happens between the first fetch and the stream is delivered", async () => {
  const [server, feed] = await located(7n);
  expect(feed.position).toBe(7n);
  const run = view();
  feed.subscribe(run.interest);
  server.last = 9n; // The run ends before the stream is there.
  await settle();
  expect(server.open.from).toBe(7n);
  server.open.send([8n, 9n], 9n);
  await settle();
  expect(run.got).toEqual([8n, 9n]);
  expect(run.resets()).toBe(0);
});

test("who fetched before the stream passed gets what it has passed", async () => {
  const [server, feed] = await located(7n);
  const other = view();
  feed.subscribe(other.interest);
  await settle();
  const fetched = feed.position; // A comparison begins to fetch here.
  server.open.send([8n, 9n], 9n);
  await settle();
  const compare = view(fetched);
  feed.subscribe(compare.interest);
  await settle();
  expect(server.open.from).toBe(7n);
  server.open.send([8n, 9n, 10n], 10n);
  await settle();
  expect(compare.got).toEqual([8n, 9n, 10n]);
  // The other has had two of these already.
  expect(other.got).toEqual([8n, 9n, 10n]);
});

test("who needs nothing of the past leaves the stream alone", async () => {
  const [server, feed] = await located(7n);
  feed.subscribe(view().interest);
  await settle();
  server.open.send([8n], 8n);
  await settle();
  const second = view();
  feed.subscribe(second.interest);
  await settle();
  expect(server.streams.length).toBe(1);
  server.open.send([9n], 9n);
  await settle();
  expect(second.got).toEqual([9n]);
});

test("who fetched before the place was known fetches once again", async () => {
  const server = new FakeServer();
  server.last = 7n;
  const feed = new EventFeed(server);
  expect(feed.position).toBeNull();
  const run = view();
  feed.subscribe(run.interest);
  await settle();
  expect(run.resets()).toBe(1);
  expect(server.open.from).toBe(7n);
  server.open.send([8n], 8n);
  await settle();
  expect(run.got).toEqual([8n]);
  expect(run.resets()).toBe(1);
});

test("a place that is no longer kept is learned anew before fetching again", async () => {
  const [server, feed] = await located(7n);
  const run = view();
  feed.subscribe(run.interest);
  await settle();
  server.last = 3n; // Another history.
  server.open.fail(new ConnectError("gone", Code.OutOfRange));
  await settle();
  expect(run.resets()).toBe(0);
  await vi.advanceTimersByTimeAsync(1000);
  expect(run.resets()).toBe(1);
  expect(server.streams.at(-1)!.from).toBe(3n);
  expect(feed.position).toBe(3n);
});

test("an interrupted stream goes on from its last bookmark", async () => {
  const [server, feed] = await located(7n);
  const run = view();
  feed.subscribe(run.interest);
  await settle();
  server.open.send([8n], 8n);
  await settle();
  server.open.fail(new ConnectError("away", Code.Unavailable));
  await vi.advanceTimersByTimeAsync(1000);
  expect(server.streams.at(-1)!.from).toBe(8n);
  expect(run.resets()).toBe(0);
});
