// What the tests of the pages share: a server, a browser, visits. Arguments of
// the process: the folder of engramd, the built dashboard, a folder for what is
// written, and, if not all are wanted, a part of the tests' names.
import assert from "node:assert/strict";
import { freemem, loadavg } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { short } from "./experiments.mjs";
import { BROWSER, Server } from "./server.mjs";

const [bin, folder, work, only] = process.argv.slice(2);
export const web = folder;
export const server = new Server(bin, folder, work);
await server.start();
export let browser = await chromium.launch(BROWSER);

const tests = [];
export const test = (name, body) => tests.push({ name, body });

/** A page of somebody who is logged in; what it complains of is kept. */
export async function visit(path, { token, ...options } = {}) {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    // The tests may look into the page; its own scripts still may not.
    bypassCSP: options.mayInspect === true,
    ...options,
  });
  const page = await context.newPage();
  page.faults = [];
  page.on("crash", () => page.faults.push("the page crashed"));
  page.on("pageerror", (error) => page.faults.push(error.stack));
  page.on("console", (message) => {
    if (
      message.type() === "error" &&
      !/Failed to load resource|ERR_/.test(message.text())
    )
      page.faults.push(message.text());
  });
  await page.goto(await server.loginLink(token));
  if (path) await page.goto(server.url + path);
  return page;
}

export async function done(page) {
  assert.deepEqual(page.faults, []);
  await page.context().close();
}

export const stateOf = (page, state, timeout = 30_000) =>
  page
    .locator("[data-testid=run-state]")
    .getByText(state, { exact: true })
    .waitFor({ timeout });

export const finished = await server.submit(short());
await server.ended(finished.name);
const user = await server.change("Admin/CreateUser", { name: "visitor" });
export const viewer = (
  await server.change("Admin/CreateToken", {
    user: user.name,
    scope: "SCOPE_VIEWER",
  })
).secret;

// Once in all tests a browser that died is started anew and its test repeated:
// the machine may have run out of memory. It is told, and a second is a failure.
let mayDie = true;

async function runOne({ name, body }) {
  try {
    await body();
  } catch (error) {
    if (browser.isConnected() || !mayDie) throw error;
    mayDie = false;
    const free = (freemem() / 1e9).toFixed(1);
    const load = loadavg()[0].toFixed(1);
    console.log(
      `        the browser died in “${name}” (${free} GB free, load ${load}): once again`,
    );
    browser = await chromium.launch(BROWSER);
    await body();
  }
}

/** Prints one line a test; the last says how many passed and failed. */
export async function runAll() {
  let passed = 0;
  let failed = 0;
  for (const own of tests.filter((t) => !only || t.name.includes(only))) {
    const { name } = own;
    const start = performance.now();
    try {
      await runOne(own);
      passed += 1;
      console.log(
        `ok      ${name} (${((performance.now() - start) / 1000).toFixed(1)} s)`,
      );
    } catch (error) {
      failed += 1;
      console.log(`FAILED  ${name}\n${error.stack}`);
      for (const context of browser.contexts()) {
        for (const page of context.pages()) {
          await page
            .screenshot({ path: join(work, `failed-${failed}.png`) })
            .catch(() => undefined);
          if (page.faults?.length) console.log(page.faults.join("\n"));
        }
        await context.close();
      }
    }
  }
  await browser.close();
  await server.stop();
  console.log(`${passed} passed, ${failed} failed`);
  process.exit(failed === 0 ? 0 : 1);
}
