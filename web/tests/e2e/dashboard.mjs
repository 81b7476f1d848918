// The dashboard in a headless Chromium against a real engramd. Arguments: the
// folder of engramd, the built dashboard, a folder for what is written.
// Prints one line a test; the last says how many passed and failed.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { chromium } from "playwright-core";
import { curves, large, long, many, short } from "./experiments.mjs";
import { BROWSER, Server } from "./server.mjs";

const [bin, web, work, only] = process.argv.slice(2);
const axe = readFileSync(
  createRequire(import.meta.url).resolve("axe-core/axe.min.js"),
  "utf8",
);
const server = new Server(bin, web, work);
await server.start();
const browser = await chromium.launch(BROWSER);

const tests = [];
const test = (name, body) => tests.push({ name, body });

/** A page of somebody who is logged in; what it complains of is kept. */
async function visit(path, { token, ...options } = {}) {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    // The tests may look into the page; its own scripts still may not.
    bypassCSP: options.mayInspect === true,
    ...options,
  });
  const page = await context.newPage();
  page.faults = [];
  page.on("pageerror", (error) => page.faults.push(error.stack));
  page.on("console", (message) => {
    if (message.type() === "error" && !/Failed to load resource|ERR_/.test(message.text()))
      page.faults.push(message.text());
  });
  await page.goto(await server.loginLink(token));
  if (path) await page.goto(server.url + path);
  return page;
}

async function done(page) {
  assert.deepEqual(page.faults, []);
  await page.context().close();
}

const stateOf = (page, state, timeout = 30_000) =>
  page.locator("[data-testid=run-state]").getByText(state, { exact: true }).waitFor({ timeout });

const finished = await server.submit(short());
await server.ended(finished.name);
const user = await server.change("Admin/CreateUser", { name: "visitor" });
const viewer = (
  await server.change("Admin/CreateToken", { user: user.name, scope: "SCOPE_VIEWER" })
).secret;

test("a token becomes a session, and no secret stays in the page", async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(server.url);
  await page.getByText("You are not logged in").waitFor();
  const field = page.getByLabel("Or a token");
  await field.fill("engram_wrong");
  await page.getByRole("button", { name: "Log in" }).click();
  await page.locator("#login-fault").filter({ hasText: /./ }).waitFor();
  await field.fill(server.token);
  await page.getByRole("button", { name: "Log in" }).click();
  await page.getByRole("grid", { name: "Experiments" }).waitFor();
  const [cookie] = await context.cookies();
  assert.ok(cookie.httpOnly && cookie.sameSite === "Strict");
  const kept = await page.evaluate(() =>
    JSON.stringify([document.cookie, { ...localStorage }, { ...sessionStorage }]),
  );
  assert.ok(!kept.includes("engram_"), kept);
  await page.getByRole("button", { name: /appearance and session/ }).click();
  await page.getByRole("button", { name: "Log out" }).click();
  await page.getByText("You are not logged in").waitFor();
  await context.close();
});

test("a preset is submitted from the form, and watched to its end", async () => {
  const page = await visit("/submit?preset=flagship");
  const repetitions = page.locator('[data-parameter="experiment.repetitions"] input');
  await repetitions.fill("4");
  const text = page.getByLabel("Experiment as YAML");
  await page.waitForFunction(
    (element) => /repetitions: 4\b/.test(element.value),
    await text.elementHandle(),
  );
  assert.match(await text.inputValue(), /^# Which local learning rule/);
  const seeds = page.locator("#axis-seed");
  await seeds.fill("1..2");
  await page.getByRole("button", { name: "Submit 6 runs" }).click();
  await page.waitForURL(/\/experiments\/[a-z0-9]{10}$/);
  await page.getByRole("region", { name: "Experiment" }).getByText("6", { exact: false }).first().waitFor();
  await page.locator("h1 ~ span", { hasText: /^6\s*succeeded$/ }).waitFor({ timeout: 60_000 });
  await page.getByText(/Claims: \d+ of 13 hold/).waitFor();
  await done(page);
});

test("the text edits the form", async () => {
  const page = await visit("/submit?program=sequence_learning");
  const text = page.getByLabel("Experiment as YAML");
  await text.fill("name: typed\nexperiment:\n  type: sequence_learning\n  gain: 3.5\n  rule: {type: hebbian}\nseed: 1\n");
  const gain = page.locator('[data-parameter="experiment.gain"] input');
  await page.waitForFunction((e) => e.value === "3.5", await gain.elementHandle());
  assert.equal(await page.locator("#top-name").inputValue(), "typed");
  await page.getByTestId("estimate").waitFor();
  // The address has the text: another tab shows the same.
  await page.waitForFunction(() => location.hash.includes("typed"));
  await page.reload();
  assert.equal(await page.locator("#top-name").inputValue(), "typed");
  await done(page);
});

test("a fault is shown at its field and at its line", async () => {
  const page = await visit("/submit?preset=flagship");
  await page.getByTestId("estimate").waitFor();
  const field = page.locator('[data-parameter="experiment.gain"]');
  await field.locator("input").fill("-3");
  await field.locator(".fault").filter({ hasText: "gain = -3 is outside [0, 1000]" }).waitFor();
  assert.equal(await field.locator("input").getAttribute("aria-invalid"), "true");
  assert.equal(await page.locator(".editor li.faulty").count(), 1);
  assert.ok(await page.getByRole("button", { name: /^Submit/ }).last().isDisabled());
  await field.locator("input").fill("2");
  await page.getByTestId("estimate").waitFor();
  assert.equal(await page.locator(".fault").filter({ hasText: "outside" }).count(), 0);
  await done(page);
});

test("a sweep says how many runs it makes", async () => {
  const page = await visit("/submit?preset=flagship");
  await page.getByTestId("estimate").filter({ hasText: "30 runs" }).waitFor();
  await page.locator('[data-parameter="experiment.gain"]').getByRole("button", { name: "Sweep gain" }).click();
  await page.locator('[data-parameter="experiment.gain"] input').fill("[1, 2, 4]");
  await page.getByTestId("estimate").filter({ hasText: "90 runs" }).waitFor();
  await done(page);
});

test("a live chart moves while its run goes, and cancel ends it", async () => {
  const { name } = await server.submit(long());
  const page = await visit(`/${name}/runs/0`);
  await stateOf(page, "running");
  const chart = page.locator("section[data-points]", { hasText: "weight norm" });
  await chart.waitFor();
  const points = () => chart.getAttribute("data-points").then(Number);
  const first = await points();
  await page.waitForFunction(
    ([e, n]) => Number(e.getAttribute("data-points")) > n + 20,
    [await chart.elementHandle(), first],
    { timeout: 20_000 },
  );
  const before = await page.getByTestId("progress").innerText();
  await page.waitForFunction(
    ([e, text]) => e.innerText !== text,
    [await page.getByTestId("progress").elementHandle(), before],
  );
  await page.getByRole("link", { name: "Activity" }).click();
  await page.getByTestId("preview").waitFor();
  await page.getByRole("button", { name: "Cancel" }).click();
  await stateOf(page, "cancelled");
  await done(page);
});

test("after a restart of the server in mid-run the page goes on by itself", async () => {
  const { name } = await server.submit(long("an interrupted run"));
  const page = await visit(`/${name}/runs/0`);
  await stateOf(page, "running");
  const chart = page.locator("section[data-points]", { hasText: "weight norm" });
  await chart.waitFor();
  await server.stop("SIGKILL");
  await page.getByText("Disconnected: the server does not answer").waitFor();
  const shown = Number(await chart.getAttribute("data-points"));
  await server.start();
  await page.locator(".wire.live").waitFor({ timeout: 40_000 });
  await page.waitForFunction(
    ([e, n]) => Number(e.getAttribute("data-points")) > n,
    [await chart.elementHandle(), shown],
    { timeout: 60_000 },
  );
  // No point is missing or there twice: they are those of the server.
  await server.change("Experiments/Cancel", { name });
  await stateOf(page, "cancelled");
  await page.waitForTimeout(800);
  const { series } = await server.call("Runs/ListSeries", { name: `${name}/runs/0` });
  const stored = Number(series.find((s) => s.name === "weight_norm").pointCount);
  assert.equal(Number(await chart.getAttribute("data-points")), stored);
  page.faults = page.faults.filter((fault) => !/fetch|network/i.test(fault));
  await done(page);
});

test("the slider shows the weights of each snapshot", async () => {
  const page = await visit(`/${finished.name}/runs/1?tab=weights`);
  const picture = () =>
    page.locator("[data-testid=heatmap] canvas").evaluate((canvas) => canvas.toDataURL());
  await page.getByTestId("spectrum").waitFor();
  assert.equal(await page.getByTestId("snapshot").innerText(), "final");
  const final = await picture();
  const slider = page.getByRole("slider", { name: "Snapshot" });
  await slider.focus();
  await page.keyboard.press("Home");
  await page.getByTestId("snapshot").filter({ hasText: "trial 1" }).waitFor();
  await page.waitForFunction(
    ([selector, old]) => document.querySelector(selector).toDataURL() !== old,
    ["[data-testid=heatmap] canvas", final],
  );
  assert.match(page.url(), /step=1/);
  await page.getByLabel("Less").selectOption({ label: "final" });
  await page.getByRole("figure", { name: "rule.weights trial 1 less final", exact: true }).waitFor();
  await done(page);
});

test("every figure is saved as a picture and as numbers", async () => {
  const page = await visit(`/${finished.name}/runs/0?tab=weights`);
  await page.getByTestId("spectrum").waitFor();
  const save = async (figure, what) => {
    await page.getByRole("button", { name: `Save ${figure}`, exact: true }).click();
    const [file] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: what, exact: true }).click(),
    ]);
    return readFileSync(await file.path());
  };
  const svg = (await save("rule.weights final", "SVG")).toString();
  assert.match(svg, /^<svg[^>]*xmlns/);
  assert.match(svg, /data:image\/png/);
  assert.equal((await save("rule.weights final", "PNG")).subarray(1, 4).toString(), "PNG");
  const csv = (await save("rule.weights final", "Numbers (CSV)")).toString();
  assert.equal(csv.trim().split("\r\n").length, 31);
  const spectrum = (await save("Eigenvalues of rule.weights final", "Numbers (CSV)")).toString();
  assert.equal(spectrum.trim().split("\r\n").length, 31);
  await page.goto(`${server.url}/${finished.name}/runs/0`);
  await page.locator("section[data-points] canvas").first().waitFor();
  assert.equal((await save("weight norm", "PNG")).subarray(1, 4).toString(), "PNG");
  assert.equal(
    (await save("weight norm", "Numbers (CSV)")).toString().trim().split("\r\n").length,
    13,
  );
  await done(page);
});

test("a zoom asks the server, is in the address, and ends", async () => {
  const page = await visit(`/${finished.name}/runs/0`);
  const chart = page.locator("section[data-points]", { hasText: "weight norm" });
  const over = chart.locator(".u-over");
  const box = await over.boundingBox();
  await page.mouse.move(box.x + box.width * 0.2, box.y + 40);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.6, box.y + 60, { steps: 5 });
  await page.mouse.up();
  await page.waitForURL(/zoom=trial:/);
  await page.getByRole("button", { name: "Show all" }).click();
  await page.waitForURL((url) => !url.search.includes("zoom"));
  await done(page);
});

test("analyses are drawn, provenance is told, and a run is verified", async () => {
  const page = await visit(`/${finished.name}/runs/1?tab=results`);
  await page.getByRole("region", { name: "recall" }).getByText("sequence length", { exact: true }).waitFor();
  await page.getByRole("figure", { name: "item activity" }).locator("canvas").waitFor();
  await page.getByRole("link", { name: "Provenance" }).click();
  await page.getByText(/^r1:[0-9a-f]{64}$/).waitFor();
  await page.getByRole("button", { name: "With its own build" }).click();
  await page.getByText(/EQUAL: every item/).waitFor({ timeout: 30_000 });
  await done(page);
});

test("runs are compared: what differs, curves, dots, two axes, weights", async () => {
  const page = await visit("/history?of=runs&filter=title+%3D+%22short+runs%22");
  await page.getByLabel("Select all that are loaded").check();
  await page.getByRole("toolbar", { name: "Selection" }).getByRole("button", { name: "Compare" }).click();
  await page.getByRole("heading", { name: "Compare 12 runs" }).waitFor();
  const table = page.getByRole("region", { name: "Runs" });
  await table.getByRole("columnheader", { name: "rule.type" }).waitFor();
  await page.getByRole("region", { name: "Curves" }).locator("canvas").waitFor();
  assert.equal(await page.getByRole("region", { name: "Results" }).getByRole("link").count(), 12);
  await page.getByRole("figure", { name: /^mean .* by / }).locator("canvas").waitFor();
  await page.waitForFunction(
    () => document.querySelectorAll('[aria-label="Weights"] canvas').length === 2,
  );
  await done(page);
});

test("a filter is completed, kept in the address, and its faults are told", async () => {
  const page = await visit("/history?of=runs");
  const filter = page.getByRole("combobox", { name: "Filter" });
  await filter.fill("sta");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  assert.match(await filter.inputValue(), /^state /);
  await filter.fill("state = SUCCEEDED AND title = \"short runs\"");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Enter");
  await page.getByText("12 runs", { exact: true }).waitFor();
  assert.match(page.url(), /filter=state/);
  await page.getByRole("button", { name: "Columns" }).click();
  await page.getByLabel("Find a parameter or a result").fill("symmetry_index");
  await page.getByRole("list", { name: "Others" }).getByText("symmetry_index", { exact: true }).click();
  await page.getByRole("button", { name: "Done" }).click();
  await page.getByRole("button", { name: "symmetry_index" }).click();
  await page.waitForURL(/sort=symmetry_index/);
  await filter.fill("stat = FAILED");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Enter");
  await page.locator("#filter-fault").filter({ hasText: "did you mean state" }).waitFor();
  await page.goBack();
  await done(page);
});

test("a new run appears in the history by itself", async () => {
  const page = await visit("/history");
  await page.getByRole("grid", { name: "Experiments" }).getByText("short runs").first().waitFor();
  const { name } = await server.submit(short("1..1").replace("short runs", "appears by itself"));
  await page.getByText("appears by itself").waitFor({ timeout: 10_000 });
  await page
    .getByRole("row", { name: /appears by itself/ })
    .getByText(/4\s*succeeded/)
    .waitFor({ timeout: 30_000 });
  await server.ended(name);
  await done(page);
});

test("a preset tells what was published and measured, and runs by one click", async () => {
  const page = await visit("/presets/flagship");
  await page.getByRole("cell", { name: "Kendall's tau 1.0" }).waitFor();
  await page.getByRole("button", { name: "Run it" }).click();
  await page.waitForURL(/\/experiments\//);
  await page.getByRole("button", { name: "Cancel" }).click();
  await page.locator("h1 ~ span", { hasText: /^\d+\s*cancelled$/ }).waitFor({ timeout: 20_000 });
  await done(page);
});

test("a viewer sees everything and may change nothing", async () => {
  const page = await visit("/history", { token: viewer });
  await page.getByRole("grid", { name: "Experiments" }).getByText("short runs").first().waitFor();
  assert.equal(await page.getByRole("link", { name: "Submit", exact: true }).count(), 0);
  await page.goto(`${server.url}/submit?preset=flagship`);
  await page.getByText("You may not submit").waitFor();
  await page.goto(`${server.url}/presets/flagship`);
  await page.getByRole("heading", { level: 1 }).waitFor();
  assert.equal(await page.getByRole("button", { name: "Run it" }).count(), 0);
  await page.goto(`${server.url}/${finished.name}`);
  await page.getByText("Claims:", { exact: false }).first().waitFor();
  for (const name of ["Delete", "Notes and tags", "Cancel"])
    assert.equal(await page.getByRole("button", { name, exact: true }).count(), 0);
  await page.goto(`${server.url}/queue`);
  await page.getByRole("heading", { name: "Workers" }).waitFor();
  assert.equal(await page.getByText("Administration").count(), 0);
  await done(page);
});

test("an administrator makes users and tokens, sets quotas, drains", async () => {
  const page = await visit("/queue");
  await page.getByLabel("Name of a new user").fill("grace");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await page.getByRole("button", { name: "Quota of users/grace" }).click();
  await page.getByLabel("Running runs").fill("3");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("row", { name: /grace.*3/ }).first().waitFor();
  await page.getByRole("button", { name: "New token" }).click();
  await page.getByRole("dialog").getByLabel("User").selectOption("users/grace");
  await page.getByRole("button", { name: "Make it" }).click();
  await page.getByText(/^engram_/).waitFor();
  await page.getByRole("button", { name: "Done" }).click();
  await page.getByRole("button", { name: "Drain: start no more runs" }).click();
  await page.getByText("Draining: no more runs are started.").waitFor();
  const { name } = await server.submit(short("1..1"));
  await page.getByRole("region", { name: "Queue" }).getByText(name.slice(12)).first().waitFor();
  await page.getByRole("button", { name: "Start runs again" }).click();
  await server.ended(name);
  await done(page);
});

test("the palette goes everywhere by keys, and Back comes back", async () => {
  const page = await visit("/history");
  await page.getByRole("grid", { name: "Experiments" }).getByText("short runs").first().waitFor();
  await page.keyboard.press("Control+k");
  await page.keyboard.type("queue");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/queue$/);
  await page.keyboard.press("Control+k");
  await page.keyboard.type(finished.name.slice(12));
  await page.keyboard.press("Enter");
  await page.waitForURL(new RegExp(`${finished.name}$`));
  const grid = page.getByRole("grid", { name: "Runs" });
  await grid.locator('[aria-rowindex="2"]').focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Space");
  await page.getByRole("toolbar", { name: "Selection" }).waitFor();
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/runs\/1$/);
  await page.goBack();
  await page.waitForURL(new RegExp(`${finished.name}$`));
  await page.goBack();
  await page.waitForURL(/\/queue$/);
  await done(page);
});

test("one stream a tab, closed while the page is hidden", async () => {
  const page = await visit(`/${finished.name}/runs/0`);
  const watches = new Set();
  const isWatch = (request) => request.url().endsWith("Events/Watch");
  page.on("request", (r) => isWatch(r) && watches.add(r));
  page.on("requestfailed", (r) => watches.delete(r));
  page.on("requestfinished", (r) => watches.delete(r));
  await page.goto(`${server.url}/history`);
  await page.locator(".wire.live").waitFor();
  for (const view of ["Queue", "Presets", "History"]) {
    await page.getByRole("link", { name: view, exact: true }).click();
    await page.waitForTimeout(400);
    assert.ok(watches.size <= 1, `${view}: ${watches.size} streams`);
  }
  await page.evaluate(() => {
    Object.defineProperty(document, "hidden", { value: true, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  });
  await page.locator(".wire.hidden").waitFor();
  await page.waitForTimeout(200);
  assert.equal(watches.size, 0);
  await page.evaluate(() => {
    Object.defineProperty(document, "hidden", { value: false, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  });
  await page.locator(".wire.live").waitFor();
  await done(page);
});

const VIEWS = () => [
  ["history", "/history"],
  ["runs", "/history?of=runs"],
  ["experiment", `/${finished.name}`],
  ["metrics", `/${finished.name}/runs/0`],
  ["weights", `/${finished.name}/runs/0?tab=weights`],
  ["activity", `/${finished.name}/runs/0?tab=activity`],
  ["results", `/${finished.name}/runs/0?tab=results`],
  ["log", `/${finished.name}/runs/0?tab=log`],
  ["tree", `/${finished.name}/runs/0?tab=experiment`],
  ["provenance", `/${finished.name}/runs/0?tab=provenance`],
  ["submit", "/submit?preset=flagship"],
  ["presets", "/presets"],
  ["preset", "/presets/flagship"],
  ["compare", `/compare?experiment=${finished.name.slice(12)}`],
  ["queue", "/queue"],
  ["nowhere", "/no/such/view"],
];

for (const colorScheme of ["light", "dark"])
  for (const width of [1280, 360])
    test(`axe finds nothing in any view, ${colorScheme}, ${width} px; none is wider than the screen`, async () => {
      const page = await visit("", {
        colorScheme,
        viewport: { width, height: 800 },
        mayInspect: true,
      });
      const found = [];
      for (const [name, path] of VIEWS()) {
        await page.goto(server.url + path);
        await page.locator("h1").first().waitFor();
        await page.waitForFunction(() => !document.querySelector(".notice[role=status]"));
        await page.waitForTimeout(400);
        await page.evaluate(axe);
        const { violations } = await page.evaluate(() => globalThis.axe.run());
        for (const v of violations)
          found.push(`${name}: ${v.id}: ${v.nodes[0].html.slice(0, 160)}`);
        const over = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        if (over > 0) found.push(`${name} is ${over} px wider than the screen`);
      }
      assert.deepEqual(found, []);
      await done(page);
    });

test("the script is under 300 kB compressed, and comes from here alone", async () => {
  const assets = join(web, "assets");
  const bytes = readdirSync(assets)
    .filter((name) => name.endsWith(".js"))
    .reduce((sum, name) => sum + gzipSync(readFileSync(join(assets, name))).length, 0);
  console.log(`        script: ${(bytes / 1000).toFixed(0)} kB compressed`);
  assert.ok(bytes < 300_000);
  const page = await visit();
  const foreign = [];
  page.on("request", (r) => {
    if (new URL(r.url()).origin !== server.url && !/^(data|blob):/.test(r.url()))
      foreign.push(r.url());
  });
  await page.goto(`${server.url}/${finished.name}/runs/0?tab=weights`);
  await page.getByTestId("spectrum").waitFor();
  assert.deepEqual(foreign, []);
  await done(page);
});

test("the first view is there within a second", async () => {
  const page = await visit();
  const times = [];
  for (let i = 0; i < 3; i += 1) {
    const start = performance.now();
    await page.goto(`${server.url}/history`);
    await page.getByRole("grid").getByText("short runs").first().waitFor();
    times.push(performance.now() - start);
  }
  const best = Math.min(...times);
  console.log(`        first view: ${best.toFixed(0)} ms`);
  assert.ok(best < 1000, `${times}`);
  await done(page);
});

/** Milliseconds of what the page measured under a name, the middle of them. */
const measured = (page, name) =>
  page.evaluate((n) => {
    const all = performance.getEntriesByName(n).map((e) => e.duration).sort((a, b) => a - b);
    return all.length ? all[Math.floor(all.length / 2)] : NaN;
  }, name);

test("a matrix of a million elements is redrawn within a frame", async () => {
  const { name } = await server.submit(large);
  await server.ended(name);
  const page = await visit(`/${name}/runs/0?tab=weights`);
  const slider = page.getByRole("slider", { name: "Snapshot" });
  await page.locator("[data-testid=heatmap] canvas").waitFor();
  for (let i = 0; i < 8; i += 1) {
    await slider.focus();
    await page.keyboard.press(i % 2 ? "End" : "Home");
    await page.getByTestId("snapshot").filter({ hasText: i % 2 ? "final" : "trial 1" }).waitFor();
    await page.waitForTimeout(250);
  }
  const ms = await measured(page, "heatmap");
  console.log(`        1000 x 1000 heatmap: ${ms.toFixed(1)} ms`);
  // Four times the goal: the machine may be doing other things.
  assert.ok(ms < 64, `${ms} ms`);
  await done(page);
});

test("ten curves are drawn within a frame", async () => {
  const { name } = await server.submit(curves);
  await server.ended(name);
  const page = await visit(`/compare?experiment=${name.slice(12)}&series=weight_norm&each=1`);
  const box = page.getByRole("region", { name: "Curves" }).getByLabel("log y");
  await page.getByRole("region", { name: "Curves" }).locator("canvas").waitFor();
  for (let i = 0; i < 8; i += 1) {
    await box.click();
    await page.waitForTimeout(150);
  }
  const ms = await measured(page, "chart");
  console.log(`        ten curves of 3000 points: ${ms.toFixed(1)} ms`);
  assert.ok(ms < 64, `${ms} ms`);
  await done(page);
});

test("100 000 runs scroll with at most 60 rows in the page", async () => {
  await server.change("Admin/Drain", { drain: true });
  const { name } = await server.submit(many);
  const page = await visit(`/${name}`);
  const grid = page.getByRole("grid", { name: "Runs" });
  await grid.locator('[aria-rowindex="2"]').waitFor();
  let most = 0;
  let shown = 0;
  for (let i = 0; i < 60 && shown < 20_000; i += 1) {
    await grid.evaluate((element) => element.scrollTo({ top: element.scrollHeight }));
    await page.waitForTimeout(120);
    const rows = await grid.locator(".row").evaluateAll((all) =>
      all.map((row) => Number(row.getAttribute("aria-rowindex"))),
    );
    most = Math.max(most, rows.length);
    shown = Math.max(shown, ...rows);
  }
  console.log(`        ${most} rows in the page at most, scrolled to ${shown}`);
  assert.ok(most > 0 && most <= 60);
  assert.ok(shown > 10_000, `scrolled to ${shown} only`);
  await done(page);
});

let passed = 0;
let failed = 0;
for (const { name, body } of tests.filter((t) => !only || t.name.includes(only))) {
  const start = performance.now();
  try {
    await body();
    passed += 1;
    console.log(`ok      ${name} (${((performance.now() - start) / 1000).toFixed(1)} s)`);
  } catch (error) {
    failed += 1;
    console.log(`FAILED  ${name}\n${error.stack}`);
    for (const context of browser.contexts()) {
      for (const page of context.pages()) {
        await page.screenshot({ path: join(work, `failed-${failed}.png`) }).catch(() => undefined);
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
