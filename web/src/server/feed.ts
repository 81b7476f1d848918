// The tab's one stream of events: what the views are interested in, joined to
// one Watch. Each interest has its own place in the sequence, from where the
// fetch of its data began, and the stream begins at the first of them: nothing
// is missed between a fetch and the stream, nor in an interruption. The stream
// is closed while the page is hidden.
import { Code } from "@connectrpc/connect";
import {
  type Event,
  type EventKind,
  type WatchResponse,
  WatchResponse_End,
} from "../api/engram/v1/events_pb";
import { admin, events } from "./client";
import { faultOf, isLoggedOut } from "./faults";
import { session } from "./session";
import { Store } from "./store";

export interface Interest {
  /** Names of experiments and runs; none for everything. */
  parents: readonly string[];
  kinds: readonly EventKind[];
  onEvents(events: readonly Event[]): void;
  /** Wants to know that the server is there, and no events of its own. */
  isWeak?: boolean;
  /**
   * Where the feed was when the fetch of this interest's data began; where it
   * is, when that fetch begins together with the interest.
   */
  since?: bigint | null;
  /** Events may have been missed: what is shown must be fetched again. */
  onReset?(): void;
}

export type FeedState =
  | { state: "idle" }
  | { state: "connecting" }
  | { state: "live" }
  | { state: "hidden" }
  | { state: "away"; retryTime: number };

/** What one Watch asks for. */
export interface Request {
  parents: string[];
  kinds: EventKind[];
}

/** The least that serves every interest. */
export function joinInterests(all: Iterable<Interest>): Request | null {
  const every = [...all];
  const strong = every.filter((interest) => !interest.isWeak);
  const interests = strong.length > 0 ? strong : every;
  const parents = new Set<string>();
  const kinds = new Set<EventKind>();
  let everything = false;
  let any = false;
  for (const interest of interests) {
    any = true;
    everything ||= interest.parents.length === 0;
    for (const parent of interest.parents) parents.add(parent);
    for (const kind of interest.kinds) kinds.add(kind);
  }
  if (!any) return null;
  return {
    parents: everything ? [] : [...parents].sort(),
    kinds: [...kinds].sort((a, b) => a - b),
  };
}

/** Whether an event about `parent` is for who named these parents. */
export function isFor(parents: readonly string[], parent: string): boolean {
  return (
    parents.length === 0 ||
    parents.some(
      (own) =>
        parent === own ||
        parent.startsWith(`${own}/`) ||
        own.startsWith(`${parent}/`),
    )
  );
}

/** The server, as far as the feed calls it. */
export interface Wire {
  lastSequence(signal?: AbortSignal): Promise<bigint>;
  watch(
    request: Request & { fromSequence: bigint },
    signal: AbortSignal,
  ): AsyncIterable<Pick<WatchResponse, "events" | "bookmark" | "end">>;
}

const server: Wire = {
  lastSequence: async (signal) =>
    (await admin.getStatus({}, signal ? { signal } : {})).lastSequence,
  watch: (request, signal) => events.watch(request, { signal }),
};

/** An interest, and up to where it has had its events; null: nobody knows. */
interface Follower {
  interest: Interest;
  seen: bigint | null;
}

/** A stream, and whose events it brings. */
interface Running {
  key: string;
  followers: Set<Follower>;
  controller: AbortController;
}

const later = (a: bigint | null, b: bigint): bigint =>
  a === null || b > a ? b : a;

const LONGEST_WAIT_MS = 15_000;

export class EventFeed {
  readonly state = new Store<FeedState>({ state: "idle" });
  /** Counts how often the stream came back after it was away. */
  readonly returns = new Store(0);
  private readonly followers = new Set<Follower>();
  private place: bigint | null = null;
  private running: Running | null = null;
  private failures = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private isScheduled = false;

  constructor(private readonly wire: Wire = server) {
    document.addEventListener("visibilitychange", () => this.schedule());
    window.addEventListener("online", () => this.retry());
    window.addEventListener("pagehide", () => this.stop());
  }

  /** All events up to here are in what is fetched from now on. */
  get position(): bigint | null {
    return this.place;
  }

  /** Learns where the sequence is, before the first view fetches. */
  async locate(): Promise<void> {
    try {
      const last = await this.wire.lastSequence();
      this.place ??= last;
    } catch {
      // The first stream learns it, and has everything fetched again.
    }
  }

  subscribe(interest: Interest): () => void {
    const { since } = interest;
    const follower = {
      interest,
      seen: since === undefined ? this.place : since,
    };
    this.followers.add(follower);
    this.schedule();
    return () => {
      this.followers.delete(follower);
      this.schedule();
    };
  }

  /** Tries again at once instead of at the end of the wait. */
  retry = (): void => {
    clearTimeout(this.timer);
    this.schedule();
  };

  // Views come and go together: their interests are joined once.
  private schedule(): void {
    if (this.isScheduled) return;
    this.isScheduled = true;
    setTimeout(() => {
      this.isScheduled = false;
      this.update();
    }, 0);
  }

  private stop(): void {
    clearTimeout(this.timer);
    this.running?.controller.abort();
    this.running = null;
  }

  private update(): void {
    const followers = new Set(this.followers);
    const request = joinInterests([...followers].map((f) => f.interest));
    if (document.hidden || request === null) {
      this.stop();
      this.state.set({ state: document.hidden ? "hidden" : "idle" });
      return;
    }
    const key = JSON.stringify(request);
    const { running } = this;
    if (running?.key === key && !this.isBehind(running, followers)) {
      running.followers = followers;
      return;
    }
    this.stop();
    const controller = new AbortController();
    this.running = { key, followers, controller };
    void this.run(request, this.running);
  }

  // Whether a stream has passed events that somebody new still has to get.
  private isBehind(running: Running, followers: Iterable<Follower>): boolean {
    return [...followers].some(
      (f) =>
        !f.interest.isWeak &&
        !running.followers.has(f) &&
        (f.seen === null || (this.place !== null && f.seen < this.place)),
    );
  }

  private async run(request: Request, running: Running) {
    const { signal } = running.controller;
    const { state } = this.state.get();
    if (state !== "away" && state !== "live") {
      this.state.set({ state: "connecting" });
    }
    try {
      // A stream says nothing until something happens: a call tells that the
      // server is there, and where to begin who has no place yet.
      if (
        [...running.followers].some((f) => f.seen === null) ||
        this.state.get().state !== "live"
      ) {
        const last = await this.wire.lastSequence(signal);
        this.place ??= last;
        this.hasConnected();
        this.begin(last);
      }
      const stream = this.wire.watch(
        { ...request, fromSequence: this.first(running.followers) },
        signal,
      );
      for await (const response of stream) {
        if (signal.aborted) return;
        this.deliver(response.events, running);
        if (response.bookmark > 0n) this.mark(response.bookmark, running);
        if (response.end !== WatchResponse_End.UNSPECIFIED) break;
      }
      if (signal.aborted) return;
      this.again(200);
    } catch (thrown) {
      if (signal.aborted) return;
      this.fail(thrown);
    }
  }

  // Who has no place may have missed events before this one.
  private begin(last: bigint): void {
    for (const follower of [...this.followers]) {
      if (follower.seen !== null) continue;
      follower.seen = last;
      follower.interest.onReset?.();
    }
  }

  private first(followers: Iterable<Follower>): bigint {
    const all = [...followers];
    const strong = all.filter((f) => !f.interest.isWeak);
    return (strong.length > 0 ? strong : all)
      .map((f) => f.seen ?? 0n)
      .reduce((least, seen) => (seen < least ? seen : least));
  }

  private mark(bookmark: bigint, { followers }: Running): void {
    this.place = later(this.place, bookmark);
    for (const follower of followers)
      follower.seen = later(follower.seen, bookmark);
  }

  private fail(thrown: unknown): void {
    if (isLoggedOut(thrown)) {
      this.stop();
      session.set({ state: "out" });
      return;
    }
    const code = faultOf(thrown).code;
    if (code === Code.OutOfRange) {
      // Too long ago, or another history: everybody begins where it is now.
      this.place = null;
      for (const follower of this.followers) follower.seen = null;
    }
    if (code === Code.NotFound) {
      // What is shown is gone: nothing to wait for until another view is.
      for (const { interest } of [...this.followers]) interest.onReset?.();
      this.state.set({ state: "idle" });
      return;
    }
    this.failures += 1;
    this.again(Math.min(LONGEST_WAIT_MS, 250 * 2 ** this.failures));
  }

  private hasConnected(): void {
    const wasAway = this.failures > 0;
    this.failures = 0;
    this.state.set({ state: "live" });
    if (wasAway) this.returns.set(this.returns.get() + 1);
  }

  private again(waitMs: number): void {
    this.running = null;
    if (this.failures === 0) this.state.set({ state: "connecting" });
    else {
      this.state.set({ state: "away", retryTime: Date.now() + waitMs });
    }
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.schedule(), waitMs);
  }

  // Who has come since the stream began is served by the next one, from his own
  // place on.
  private deliver(batch: readonly Event[], { followers }: Running): void {
    if (batch.length === 0) return;
    for (const follower of [...followers]) {
      if (!this.followers.has(follower)) continue;
      const { interest, seen } = follower;
      // Live items have no place in the sequence.
      const own = batch.filter(
        ({ sequence, parent }) =>
          (sequence === 0n || seen === null || sequence > seen) &&
          isFor(interest.parents, parent),
      );
      if (own.length > 0) interest.onEvents(own);
    }
  }
}

export const feed = new EventFeed();
