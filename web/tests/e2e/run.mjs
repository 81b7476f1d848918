// One run, while it goes and afterwards.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { long } from "./experiments.mjs";
import { done, finished, server, stateOf, test, visit } from "./harness.mjs";

test("a live chart moves while its run goes, and cancel ends it", async () => {
  const { name } = await server.submit(long());
  const page = await visit(`/${name}/runs/0`);
  await stateOf(page, "running");
  const chart = page.locator("section[data-points]", {
    hasText: "weight norm",
  });
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

test("curves of a comparison grow while a run goes", async () => {
  const { name } = await server.submit(long("compared while it goes"));
  const id = (experiment) => experiment.replace("experiments/", "");
  const page = await visit(
    `/compare?runs=${id(finished.name)}/0,${id(name)}/0&each=1&series=weight_norm`,
  );
  const curves = page.getByRole("region", { name: "Curves" });
  await curves.locator("canvas").waitFor();
  const count = () => curves.getAttribute("data-points").then(Number);
  const first = await count();
  await page.waitForFunction(
    ([e, n]) => Number(e.getAttribute("data-points")) > n + 20,
    [await curves.elementHandle(), first],
  );
  await server.change("Experiments/Cancel", { name });
  // All of its points are there once it has ended.
  await server.ended(name);
  const { series } = await server.call("Runs/ListSeries", {
    name: `${name}/runs/0`,
  });
  const stored = Number(
    series.find((s) => s.name === "weight_norm").pointCount,
  );
  await page.waitForFunction(
    ([e, n]) => Number(e.getAttribute("data-points")) === n,
    [await curves.elementHandle(), stored + 12],
  );
  await done(page);
});

test("after a restart of the server in mid-run the page goes on by itself", async () => {
  const { name } = await server.submit(long("an interrupted run"));
  const page = await visit(`/${name}/runs/0`);
  await stateOf(page, "running");
  const chart = page.locator("section[data-points]", {
    hasText: "weight norm",
  });
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
  const { series } = await server.call("Runs/ListSeries", {
    name: `${name}/runs/0`,
  });
  const stored = Number(
    series.find((s) => s.name === "weight_norm").pointCount,
  );
  assert.equal(Number(await chart.getAttribute("data-points")), stored);
  page.faults = page.faults.filter((fault) => !/fetch|network/i.test(fault));
  await done(page);
});

test("the slider shows the weights of each snapshot", async () => {
  const page = await visit(`/${finished.name}/runs/1?tab=weights`);
  const picture = () =>
    page
      .locator("[data-testid=heatmap] canvas")
      .evaluate((canvas) => canvas.toDataURL());
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
  await page
    .getByRole("figure", {
      name: "rule.weights trial 1 less final",
      exact: true,
    })
    .waitFor();
  await done(page);
});

test("every figure is saved as a picture and as numbers", async () => {
  const page = await visit(`/${finished.name}/runs/0?tab=weights`);
  await page.getByTestId("spectrum").waitFor();
  const save = async (figure, what) => {
    await page
      .getByRole("button", { name: `Save ${figure}`, exact: true })
      .click();
    const [file] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: what, exact: true }).click(),
    ]);
    return readFileSync(await file.path());
  };
  const svg = (await save("rule.weights final", "SVG")).toString();
  assert.match(svg, /^<svg[^>]*xmlns/);
  assert.match(svg, /data:image\/png/);
  assert.equal(
    (await save("rule.weights final", "PNG")).subarray(1, 4).toString(),
    "PNG",
  );
  const csv = (await save("rule.weights final", "Numbers (CSV)")).toString();
  assert.equal(csv.trim().split("\r\n").length, 31);
  const spectrum = (
    await save("Eigenvalues of rule.weights final", "Numbers (CSV)")
  ).toString();
  assert.equal(spectrum.trim().split("\r\n").length, 31);
  await page.goto(`${server.url}/${finished.name}/runs/0`);
  await page.locator("section[data-points] canvas").first().waitFor();
  assert.equal(
    (await save("weight norm", "PNG")).subarray(1, 4).toString(),
    "PNG",
  );
  const curve = (await save("weight norm", "SVG")).toString();
  const drawn = await page.evaluate((text) => {
    const read = new DOMParser().parseFromString(text, "image/svg+xml");
    return {
      faults: read.querySelectorAll("parsererror").length,
      points: read.querySelector("g path").getAttribute("d").split(/[ML]/)
        .length,
      dots: read.querySelectorAll("circle").length,
    };
  }, curve);
  assert.deepEqual(drawn, { faults: 0, points: 13, dots: 12 });
  assert.equal(
    (await save("weight norm", "Numbers (CSV)")).toString().trim().split("\r\n")
      .length,
    13,
  );
  await done(page);
});

test("a zoom asks the server, is in the address, and ends", async () => {
  const page = await visit(`/${finished.name}/runs/0`);
  const chart = page.locator("section[data-points]", {
    hasText: "weight norm",
  });
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
  await page
    .getByRole("region", { name: "recall" })
    .getByText("sequence length", { exact: true })
    .waitFor();
  await page
    .getByRole("figure", { name: "item activity" })
    .locator("canvas")
    .waitFor();
  await page.getByRole("link", { name: "Provenance" }).click();
  await page.getByText(/^r1:[0-9a-f]{64}$/).waitFor();
  await page.getByRole("button", { name: "With its own build" }).click();
  await page.getByText(/EQUAL: every item/).waitFor({ timeout: 30_000 });
  await done(page);
});
