// A real engramd on a folder and ports of its own, and what talks to it without
// a browser.
import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const STARTS = /"http": ?"(https?:[^"]*)"/;

export class Server {
  constructor(bin, web, work) {
    Object.assign(this, { bin, web, work, listen: "127.0.0.1:0", url: "" });
    for (const folder of ["data", "home", "run"])
      mkdirSync(join(work, folder), { recursive: true });
  }

  /** Starts it, on the same port as before when there was one. */
  async start() {
    const { work } = this;
    const home = join(work, "home");
    const environment = {
      ...process.env,
      HOME: home,
      XDG_CONFIG_HOME: join(home, ".config"),
      XDG_RUNTIME_DIR: join(work, "run"),
    };
    delete environment.XDG_DATA_HOME;
    delete environment.ENGRAM_TOKEN;
    this.output = "";
    this.process = spawn(
      join(this.bin, "engramd"),
      [
        "--data",
        join(work, "data"),
        "--listen",
        "127.0.0.1:0",
        "--socket",
        join(work, "run/engramd.sock"),
        "--http-listen",
        this.listen,
        "--web",
        this.web,
      ],
      { env: environment, stdio: ["ignore", "pipe", "pipe"] },
    );
    // Whatever ends these tests, no server of theirs stays behind.
    const { process: child } = this;
    const end = () => child.kill();
    process.once("exit", end);
    child.once("exit", () => process.off("exit", end));
    const note = (text) => {
      this.output += text;
    };
    this.process.stdout.on("data", note);
    this.process.stderr.on("data", note);
    for (let tries = 0; tries < 300; tries += 1) {
      const found = STARTS.exec(this.output);
      if (found) {
        this.url = found[1];
        this.listen = new URL(this.url).host;
        break;
      }
      if (this.process.exitCode !== null) break;
      await new Promise((next) => setTimeout(next, 100));
    }
    if (this.process.exitCode !== null || this.url === "")
      throw new Error(`engramd does not serve:\n${this.output}`);
    const settings = readFileSync(
      join(home, ".config/engram/client.yaml"),
      "utf8",
    );
    this.token = /^ *token: *"?([^" \n]*)/m.exec(settings)[1];
  }

  async stop(signal = "SIGTERM") {
    if (!this.process || this.process.exitCode !== null) return;
    const ended = new Promise((done) => this.process.once("exit", done));
    this.process.kill(signal);
    await ended;
    writeFileSync(join(this.work, "engramd.log"), this.output, { flag: "a" });
  }

  /** A unary call as JSON. */
  async call(method, request, token = this.token) {
    const answer = await fetch(`${this.url}/engram.v1.${method}`, {
      method: "POST",
      headers: {
        Authorization: `Bearer ${token}`,
        "Content-Type": "application/json",
      },
      body: JSON.stringify(request),
    });
    const body = await answer.json();
    if (!answer.ok) throw new Error(`${method}: ${body.code}: ${body.message}`);
    return body;
  }

  change(method, request, token) {
    return this.call(
      method,
      { ...request, requestId: crypto.randomUUID() },
      token,
    );
  }

  submit(text) {
    return this.change("Experiments/CreateExperiment", { source: { text } });
  }

  async ended(experiment) {
    for (let tries = 0; tries < 600; tries += 1) {
      const { endTime } = await this.call("Experiments/GetExperiment", {
        name: experiment,
      });
      if (endTime) return;
      await new Promise((next) => setTimeout(next, 200));
    }
    throw new Error(`${experiment} did not end`);
  }

  async loginLink(token) {
    return (await this.change("Admin/CreateLoginLink", {}, token)).url;
  }
}

export const BROWSER = {
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    // /dev/shm is small in containers, and a page that finds it full dies.
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
};
