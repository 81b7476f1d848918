// Which view the address names.
import { type ReactNode, useEffect, useState } from "react";
import { Empty, Loading } from "./layout/states";
import { Link } from "./layout/link";
import { Shell } from "./layout/shell";
import { go, useRoute } from "./route";
import { refreshSession, session } from "./server/session";
import { feed } from "./server/feed";
import { useStore } from "./server/store";
import { Compare } from "./views/compare/compare";
import { History } from "./views/history/history";
import { Login } from "./views/login";
import { QueueView } from "./views/machine/queue";
import { PresetView, Presets } from "./views/presets/presets";
import { RunView } from "./views/run/run";
import { Submit } from "./views/submit/submit";

const RUN = /^\/experiments\/([^/]+)\/runs\/(\d+)$/;
const PRESET = /^\/presets\/([^/]+)$/;
const EXPERIMENT = /^\/experiments\/([^/]+)$/;

function view(path: string): { title: string; content: ReactNode } {
  const run = RUN.exec(path);
  if (run) {
    const name = `experiments/${run[1]}/runs/${run[2]}`;
    return {
      title: `${run[1]}/${run[2]}`,
      content: <RunView key={name} name={name} />,
    };
  }
  const experiment = EXPERIMENT.exec(path);
  if (experiment) {
    const name = `experiments/${experiment[1]}`;
    return {
      title: experiment[1]!,
      content: <History key={name} parent={name} />,
    };
  }
  if (path === "/history")
    return { title: "History", content: <History key="all" parent="" /> };
  const preset = PRESET.exec(path);
  if (preset) {
    const name = decodeURIComponent(preset[1]!);
    return { title: name, content: <PresetView key={name} name={name} /> };
  }
  if (path === "/presets") return { title: "Presets", content: <Presets /> };
  if (path === "/submit") return { title: "Submit", content: <Submit /> };
  if (path === "/compare") return { title: "Compare", content: <Compare /> };
  if (path === "/queue") return { title: "Queue", content: <QueueView /> };
  return {
    title: "Not found",
    content: (
      <>
        <h1>There is no such view</h1>
        <Link to="/history">Go to the history</Link>
      </>
    ),
  };
}

export function App() {
  const { path } = useRoute();
  const current = useStore(session);
  // Views fetch once it is known from where on the stream tells of changes.
  const [isLocated, setLocated] = useState(false);
  useEffect(() => {
    void refreshSession();
    void feed.locate().then(() => setLocated(true));
  }, []);
  useEffect(() => {
    if (path === "/") go("/history", { replace: true });
  }, [path]);
  useEffect(() => {
    if (current.state !== "away") return undefined;
    const timer = setInterval(() => void refreshSession(), 2000);
    return () => clearInterval(timer);
  }, [current.state]);
  const { title, content } = view(path);
  useEffect(() => {
    document.title = current.state === "out" ? "Engram" : `${title} · Engram`;
  }, [title, current.state]);

  if (current.state === "out") return <Login />;
  if (current.state === "unknown" || !isLocated)
    return <Loading what="the dashboard" />;
  if (current.state === "away")
    return (
      <main>
        <Empty title="Disconnected">
          {current.message} This page tries again by itself.
        </Empty>
      </main>
    );
  return <Shell>{path === "/" ? null : content}</Shell>;
}
