// Everything found again, by filter, keys and comparison.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { short, waiting } from "./experiments.mjs";
import { done, finished, server, test, visit } from "./harness.mjs";

test("runs are compared: what differs, curves, dots, two axes, weights", async () => {
  const page = await visit(
    "/history?of=runs&filter=title+%3D+%22short+runs%22",
  );
  await page.getByLabel("Select all that are loaded").check();
  await page
    .getByRole("toolbar", { name: "Selection" })
    .getByRole("button", { name: "Compare" })
    .click();
  await page.getByRole("heading", { name: "Compare 12 runs" }).waitFor();
  const table = page.getByRole("region", { name: "Runs" });
  await table.getByRole("columnheader", { name: "rule.type" }).waitFor();
  await page
    .getByRole("region", { name: "Curves" })
    .locator("canvas")
    .waitFor();
  assert.equal(
    await page
      .getByRole("region", { name: "Results" })
      .getByRole("link")
      .count(),
    12,
  );
  await page
    .getByRole("figure", { name: /^mean .* by / })
    .locator("canvas")
    .waitFor();
  await page.waitForFunction(
    () =>
      document.querySelectorAll('[aria-label="Weights"] canvas').length === 2,
  );
  await done(page);
});

test("a filter is completed, kept in the address, and its faults are told", async () => {
  const page = await visit("/history?of=runs");
  const filter = page.getByRole("combobox", { name: "Filter" });
  await filter.fill("sta");
  await page.getByRole("option", { name: "state", exact: true }).waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  assert.match(await filter.inputValue(), /^state /);
  await filter.fill('state = SUCCEEDED AND title = "short runs"');
  await page.keyboard.press("Escape");
  await page.keyboard.press("Enter");
  await page.getByText("12 runs", { exact: true }).waitFor();
  assert.match(page.url(), /filter=state/);
  await page.getByRole("button", { name: "Columns" }).click();
  await page.getByLabel("Find a parameter or a result").fill("symmetry_index");
  await page
    .getByRole("list", { name: "Others" })
    .getByText("symmetry_index", { exact: true })
    .click();
  await page.getByRole("button", { name: "Done" }).click();
  await page.getByRole("button", { name: "symmetry_index" }).click();
  await page.waitForURL(/sort=symmetry_index/);
  await filter.fill("stat = FAILED");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Enter");
  await page
    .locator("#filter-fault")
    .filter({ hasText: "did you mean state" })
    .waitFor();
  await page.goBack();
  await done(page);
});

test("names that runs have brought are completed where none is loaded", async () => {
  const page = await visit("/history?of=runs");
  const filter = page.getByRole("combobox", { name: "Filter" });
  await filter.fill('title = "there is none"');
  await page.keyboard.press("Escape");
  await page.keyboard.press("Enter");
  await page.getByText("Nothing matches the filter").waitFor();
  await filter.fill("spectrum_up");
  await page
    .getByRole("option", {
      name: "experiment.analyses.0.spectrum_up_to",
      exact: true,
    })
    .waitFor();
  // The first offered is one that finds something.
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.keyboard.type('= 300 AND title = "short runs"');
  await page.keyboard.press("Escape");
  await page.keyboard.press("Enter");
  await page
    .getByRole("grid", { name: "Runs" })
    .getByText("short runs")
    .first()
    .waitFor();
  await done(page);
});

test("what is selected is tagged, cancelled, retried and exported", async () => {
  const { name } = await server.submit(waiting("to be selected"));
  const page = await visit(`/${name}`);
  const grid = page.getByRole("grid", { name: "Runs" });
  await grid.getByText("running").first().waitFor();
  await page.getByLabel("Select all that are loaded").check();
  const bar = page.getByRole("toolbar", { name: "Selection" });
  await bar.getByText("4 rows").waitFor();
  await bar.getByRole("button", { name: "Tag", exact: true }).click();
  await page.getByLabel("Tags to add").fill("thesis figure_2");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await page
    .getByRole("region", { name: "Experiment" })
    .getByText("figure_2")
    .waitFor();
  const table = await grid.elementHandle();
  const allAre = (words) =>
    page.waitForFunction(
      ([element, pattern]) => {
        const rows = [...element.querySelectorAll(".row")];
        const are = new RegExp(pattern);
        return rows.length === 4 && rows.every((r) => are.test(r.innerText));
      },
      [table, words],
    );
  await bar.getByRole("button", { name: "Cancel" }).click();
  await allAre("cancelled");
  await bar.getByRole("button", { name: "Retry" }).click();
  await allAre("queued|starting|running");
  await bar.getByRole("button", { name: "Cancel" }).click();
  await allAre("cancelled");
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    bar.getByRole("button", { name: "Export CSV" }).click(),
  ]);
  const lines = readFileSync(await file.path(), "utf8")
    .trim()
    .split("\r\n");
  assert.equal(lines.length, 5);
  assert.match(lines[1], /CANCELLED|cancelled/);
  await done(page);
});

test("the queue says who waits for what, and a run that waits says it, too", async () => {
  const { name } = await server.submit(waiting("that fill the machine", 40));
  const page = await visit("/queue");
  const queue = page.getByRole("region", { name: "Queue" });
  await queue
    .getByText(
      /first in line: needs 1 of \d+ cpus?, of which \d+ (is|are) taken/,
    )
    .waitFor({ timeout: 20_000 });
  await page.goto(`${server.url}/${name}/runs/39`);
  await page.getByText(/number \d+ in line/).waitFor();
  await server.change("Experiments/Cancel", { name });
  await page
    .locator("[data-testid=run-state]")
    .getByText("cancelled", { exact: true })
    .waitFor();
  await server.ended(name);
  await done(page);
});

test("a new run appears in the history by itself", async () => {
  const page = await visit("/history");
  await page
    .getByRole("grid", { name: "Experiments" })
    .getByText("short runs")
    .first()
    .waitFor();
  const { name } = await server.submit(
    short("1..1").replace("short runs", "appears by itself"),
  );
  await page.getByText("appears by itself").waitFor({ timeout: 10_000 });
  await page
    .getByRole("row", { name: /appears by itself/ })
    .getByText(/4\s*succeeded/)
    .waitFor({ timeout: 30_000 });
  await server.ended(name);
  await done(page);
});

test("the palette goes everywhere by keys, and Back comes back", async () => {
  const page = await visit("/history");
  await page
    .getByRole("grid", { name: "Experiments" })
    .getByText("short runs")
    .first()
    .waitFor();
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
    Object.defineProperty(document, "hidden", {
      value: true,
      configurable: true,
    });
    document.dispatchEvent(new Event("visibilitychange"));
  });
  await page.locator(".wire.hidden").waitFor();
  await page.waitForTimeout(200);
  assert.equal(watches.size, 0);
  await page.evaluate(() => {
    Object.defineProperty(document, "hidden", {
      value: false,
      configurable: true,
    });
    document.dispatchEvent(new Event("visibilitychange"));
  });
  await page.locator(".wire.live").waitFor();
  await done(page);
});
