// The tab's one stream of events: what the views are interested in, joined to
// one Watch. It goes on from its last bookmark after every interruption, so
// nothing is missed, and is closed while the page is hidden.
import { Code } from "@connectrpc/connect";
import {
  type Event,
  type EventKind,
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
  /** The thread was lost: what is shown must be fetched again. */
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

const LONGEST_WAIT_MS = 15_000;

export class EventFeed {
  readonly state = new Store<FeedState>({ state: "idle" });
  /** Counts how often the stream came back after it was away. */
  readonly returns = new Store(0);
  private readonly interests = new Set<Interest>();
  private bookmark: bigint | null = null;
  private running: { key: string; controller: AbortController } | null = null;
  private failures = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private isScheduled = false;

  constructor() {
    document.addEventListener("visibilitychange", () => this.schedule());
    window.addEventListener("online", () => this.retry());
    window.addEventListener("pagehide", () => this.stop());
  }

  subscribe(interest: Interest): () => void {
    this.interests.add(interest);
    this.schedule();
    return () => {
      this.interests.delete(interest);
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
    const request = joinInterests(this.interests);
    if (document.hidden || request === null) {
      this.stop();
      this.state.set({ state: document.hidden ? "hidden" : "idle" });
      return;
    }
    const key = JSON.stringify(request);
    if (this.running?.key === key) return;
    this.stop();
    const controller = new AbortController();
    this.running = { key, controller };
    void this.run(request, controller);
  }

  private async run(request: Request, controller: AbortController) {
    const { state } = this.state.get();
    if (state !== "away" && state !== "live") {
      this.state.set({ state: "connecting" });
    }
    try {
      // A stream says nothing until something happens: a call tells that the
      // server is there, and where the first stream begins.
      if (this.bookmark === null || this.state.get().state !== "live") {
        const status = await admin.getStatus({}, { signal: controller.signal });
        this.bookmark ??= status.lastSequence;
        this.hasConnected();
      }
      const stream = events.watch(
        { ...request, fromSequence: this.bookmark },
        { signal: controller.signal },
      );
      for await (const response of stream) {
        this.deliver(response.events);
        if (response.bookmark > 0n) this.bookmark = response.bookmark;
        if (response.end !== WatchResponse_End.UNSPECIFIED) break;
      }
      if (controller.signal.aborted) return;
      this.again(200);
    } catch (thrown) {
      if (controller.signal.aborted) return;
      if (isLoggedOut(thrown)) {
        this.stop();
        session.set({ state: "out" });
        return;
      }
      const code = faultOf(thrown).code;
      if (code === Code.OutOfRange || code === Code.NotFound) {
        // Too long ago, another history, or something that is gone.
        if (code === Code.OutOfRange) this.bookmark = null;
        for (const interest of [...this.interests]) interest.onReset?.();
        if (code === Code.NotFound) {
          // What is shown is gone: nothing to wait for until another view is.
          this.state.set({ state: "idle" });
          return;
        }
      }
      this.failures += 1;
      this.again(Math.min(LONGEST_WAIT_MS, 250 * 2 ** this.failures));
    }
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

  private deliver(batch: readonly Event[]): void {
    if (batch.length === 0) return;
    for (const interest of [...this.interests]) {
      const own = batch.filter((event) =>
        isFor(interest.parents, event.parent),
      );
      if (own.length > 0) interest.onEvents(own);
    }
  }
}

export const feed = new EventFeed();
