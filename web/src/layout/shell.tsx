// What every view stands in: where one can go, who one is, and whether the
// server is there.
import { type ReactNode, useEffect, useMemo, useState } from "react";
import { go, useRoute } from "../route";
import { EventKind } from "../api/engram/v1/events_pb";
import { type Interest, feed } from "../server/feed";
import { useEvents } from "../server/query";
import { logOut, useRights } from "../server/session";
import { useStore } from "../server/store";
import { Link } from "./link";
import { Menu } from "./menu";
import { type Command, Palette, openPalette } from "./palette";
import { theme, toggleTheme } from "./theme";

const VIEWS = [
  { name: "History", to: "/history", also: "/experiments" },
  { name: "Submit", to: "/submit", needsSubmit: true },
  { name: "Presets", to: "/presets" },
  { name: "Compare", to: "/compare" },
  { name: "Queue", to: "/queue" },
];

// Every view notices when the server is away, those without events too.
const HEARTBEAT: Interest = {
  parents: [],
  kinds: [EventKind.NOTE],
  isWeak: true,
  onEvents: () => undefined,
};

export const Mark = () => (
  <svg viewBox="0 0 24 24" aria-hidden="true">
    <path
      d="M2 18c4.500 0 5-12 10-12s5.500 12 10 12"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.800"
    />
    <circle cx="12" cy="6" r="2.200" fill="currentColor" />
  </svg>
);

function Wire() {
  const state = useStore(feed.state);
  const text = {
    idle: "",
    connecting: "connecting",
    live: "live",
    hidden: "paused",
    away: "disconnected",
  }[state.state];
  if (!text) return null;
  return (
    <span
      className={`wire ${state.state}`}
      role="status"
      title={
        state.state === "live"
          ? "Changes appear as they happen"
          : "No changes are arriving"
      }
    >
      {text}
    </span>
  );
}

function AwayBanner() {
  const state = useStore(feed.state);
  const [, tick] = useState(0);
  const isAway = state.state === "away";
  useEffect(() => {
    if (!isAway) return undefined;
    const timer = setInterval(() => tick((n) => n + 1), 1000);
    return () => clearInterval(timer);
  }, [isAway]);
  if (state.state !== "away") return null;
  const wait = Math.max(0, Math.ceil((state.retryTime - Date.now()) / 1000));
  return (
    <div className="banner" role="alert">
      <span>
        Disconnected: the server does not answer. What is shown is as it was;
        nothing that happens meanwhile is missed.
      </span>
      <button type="button" onClick={feed.retry}>
        Try again{wait > 0 ? ` (by itself in ${wait} s)` : ""}
      </button>
    </div>
  );
}

export function Shell({ children }: { children: ReactNode }) {
  const { path } = useRoute();
  const rights = useRights();
  const now = useStore(theme);
  useEvents(HEARTBEAT);
  const views = VIEWS.filter((v) => !v.needsSubmit || rights.maySubmit);
  const commands = useMemo<Command[]>(
    () => [
      ...views.map((v) => ({
        name: `Go to ${v.name}`,
        hint: "view",
        run: () => go(v.to),
      })),
      {
        name: "History: failed runs",
        hint: "filter",
        run: () => go("/history?filter=state+%3D+FAILED&of=runs"),
      },
      {
        name: "History: running now",
        hint: "filter",
        run: () => go("/history?filter=state+%3D+RUNNING&of=runs"),
      },
      {
        name: "History: my runs",
        hint: "filter",
        run: () =>
          go(
            `/history?of=runs&filter=${encodeURIComponent(`user = ${rights.user.replace("users/", "")}`)}`,
          ),
      },
      {
        name: "Switch between light and dark",
        hint: "appearance",
        run: toggleTheme,
      },
      { name: "Log out", hint: "session", run: () => void logOut() },
    ],
    [rights.maySubmit, rights.user],
  );
  const isAt = (view: (typeof VIEWS)[number]) =>
    path === view.to ||
    path.startsWith(`${view.to}/`) ||
    (view.also !== undefined && path.startsWith(view.also));

  return (
    <div className="shell">
      <a className="sr" href="#main">
        Skip to the content
      </a>
      <header className="top">
        <Link to="/history" className="brand">
          <Mark />
          Engram
        </Link>
        <nav aria-label="Views">
          {views.map((view) => (
            <Link
              key={view.to}
              to={view.to}
              aria-current={isAt(view) ? "page" : undefined}
            >
              {view.name}
            </Link>
          ))}
        </nav>
        <div className="end">
          <Wire />
          <button
            type="button"
            className="plain"
            onClick={openPalette}
            title="Commands (Ctrl K)"
          >
            <span className="kbd">Ctrl K</span>
            <svg className="lens" viewBox="0 0 16 16" aria-hidden="true">
              <path
                d="M7 2a5 5 0 1 1 0 10A5 5 0 0 1 7 2zM10.800 10.800L14 14"
                fill="none"
                stroke="currentColor"
                strokeWidth="1.600"
              />
            </svg>
            <span className="sr">Commands</span>
          </button>
          <Menu
            isPlain
            label={rights.user.replace("users/", "")}
            title={`${rights.user.replace("users/", "")}: appearance and session`}
            items={[
              {
                name: now === "dark" ? "Light" : "Dark",
                run: toggleTheme,
              },
              { name: "Log out", run: () => void logOut() },
            ]}
          />
        </div>
      </header>
      <AwayBanner />
      <main id="main" tabIndex={-1}>
        {children}
      </main>
      <Palette commands={commands} />
    </div>
  );
}
