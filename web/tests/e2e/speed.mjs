// What must be quick: how much is done is held to, how long it takes is said.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { curves, large, longCurves, many } from "./experiments.mjs";
import { done, server, test, visit } from "./harness.mjs";

test("the first view asks for little before it is there", async () => {
  const page = await visit();
  const times = [];
  let asked = [];
  page.on("request", (request) => asked.push(request));
  for (let i = 0; i < 3; i += 1) {
    // What the page before it still asks for is not its own.
    await page.goto("about:blank");
    asked = [];
    const start = performance.now();
    await page.goto(`${server.url}/history`);
    await page.getByRole("grid").getByText("short runs").first().waitFor();
    times.push(performance.now() - start);
    // Page, script, style, icon, fonts; session, rows, catalogue, names, stream.
    assert.ok(
      asked.length <= 14,
      asked.map((r) => `${r.method()} ${r.url()}`).join("\n"),
    );
  }
  console.log(
    `        first view: ${Math.min(...times).toFixed(0)} ms, ${asked.length} requests`,
  );
  await done(page);
});

/** What the page drew under a name: how often, and the middle duration [ms]. */
const measured = (page, name) =>
  page.evaluate((n) => {
    const all = performance
      .getEntriesByName(n)
      .map((e) => e.duration)
      .sort((a, b) => a - b);
    return { count: all.length, ms: all[Math.floor(all.length / 2)] ?? NaN };
  }, name);

test("a matrix of a million elements is drawn once for each snapshot", async () => {
  const { name } = await server.submit(large);
  await server.ended(name);
  const page = await visit(`/${name}/runs/0?tab=weights`);
  const slider = page.getByRole("slider", { name: "Snapshot" });
  await page.locator("[data-testid=heatmap] canvas").waitFor();
  for (let i = 0; i < 8; i += 1) {
    await slider.focus();
    await page.keyboard.press(i % 2 ? "End" : "Home");
    await page
      .getByTestId("snapshot")
      .filter({ hasText: i % 2 ? "final" : "trial 1" })
      .waitFor();
    await page.waitForTimeout(250);
  }
  const { count, ms } = await measured(page, "heatmap");
  console.log(
    `        1000 x 1000 heatmap: ${ms.toFixed(1)} ms, ${count} times`,
  );
  assert.ok(count >= 8 && count <= 12, `${count} drawings of 8 changes`);
  await done(page);
});

test("ten curves are drawn once for each change of what is shown", async () => {
  const { name } = await server.submit(curves);
  await server.ended(name);
  const page = await visit(
    `/compare?experiment=${name.slice(12)}&series=weight_norm&each=1`,
  );
  const box = page.getByRole("region", { name: "Curves" }).getByLabel("log y");
  await page
    .getByRole("region", { name: "Curves" })
    .locator("canvas")
    .waitFor();
  for (let i = 0; i < 8; i += 1) {
    await box.click();
    await page.waitForTimeout(150);
  }
  const { count, ms } = await measured(page, "chart");
  console.log(
    `        ten curves of 3000 points: ${ms.toFixed(1)} ms, ${count} times`,
  );
  assert.ok(count >= 8 && count <= 12, `${count} drawings of 8 changes`);
  await done(page);
});

test("long curves are drawn of as many points as the screen has room for", async () => {
  const { name } = await server.submit(longCurves);
  await server.ended(name);
  const page = await visit(
    `/compare?experiment=${name.slice(12)}&series=weight_norm&each=1`,
  );
  const curves = page.getByRole("region", { name: "Curves" });
  await curves
    .getByText(/120.000 points; least and greatest of each of 1000 buckets/)
    .waitFor();
  await curves.getByRole("button", { name: "Save weight norm" }).click();
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Numbers (CSV)", exact: true }).click(),
  ]);
  const drawn =
    readFileSync(await file.path(), "utf8").split("\r\n").length - 2;
  console.log(`        ten curves of 12000 points: ${drawn} are drawn`);
  assert.ok(drawn > 10 * 1000 && drawn <= 10 * 2 * 1000, `${drawn}`);
  // Means of the same buckets: one point of all runs each, with their band.
  await curves.getByLabel("each run").uncheck();
  await curves.getByText(/the mean of each of 1000 buckets/).waitFor();
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
    await grid.evaluate((element) =>
      element.scrollTo({ top: element.scrollHeight }),
    );
    await page.waitForTimeout(120);
    const rows = await grid
      .locator(".row")
      .evaluateAll((all) =>
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
