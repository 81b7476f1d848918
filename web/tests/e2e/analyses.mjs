// What analyses leave, drawn from real runs of theirs; and what runs read.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { look, plane, short } from "./experiments.mjs";
import { done, finished, server, test, visit } from "./harness.mjs";

const saved = async (page, button) => {
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    button.click(),
  ]);
  return readFileSync(await file.path());
};

test("a phase plane has field, nullclines and fixed points by stability", async () => {
  const { name } = await server.submit(plane);
  await server.ended(name);
  const page = await visit(`/${name}/runs/0?tab=results`);
  const figure = page.getByRole("figure", { name: "phase plane" });
  await figure.locator("svg polyline").first().waitFor();
  const count = (selector) => figure.locator(selector).count();
  // Every fifth of the 81 points along each axis.
  assert.equal(await count("line[marker-end]"), 16 * 16);
  // Twelve trajectories, and at least one line of each nullcline.
  assert.ok((await count("polyline")) >= 14);
  assert.equal(await count("circle"), 2);
  assert.equal(await count("path[stroke-width='1.8']"), 1);
  await figure.getByText("unit 1", { exact: false }).waitFor();
  await figure.getByRole("button", { name: "Save phase plane" }).click();
  const svg = await saved(
    page,
    page.getByRole("button", { name: "SVG", exact: true }),
  );
  assert.match(svg.toString(), /^<svg[^>]*xmlns/);
  await figure.getByRole("button", { name: "Save phase plane" }).click();
  const csv = await saved(
    page,
    page.getByRole("button", { name: "Numbers (CSV)", exact: true }).first(),
  );
  const lines = csv.toString().trim().split("\r\n");
  for (const what of ["field", "nullcline 1", "nullcline 2", "saddle"])
    assert.ok(
      lines.some((line) => line.startsWith(what)),
      what,
    );
  // The fixed points that the searches found are those of the plane.
  const points = page.getByRole("region", { name: "points", exact: true });
  const rows = await points
    .locator("tbody tr")
    .evaluateAll((all) =>
      all.map((row) => [...row.children].map((cell) => cell.textContent)),
    );
  assert.deepEqual(
    rows.map((row) => row[1]),
    ["stable", "stable", "saddle, 1 unstable"],
  );
  const crossings = lines
    .filter((line) => /^(stable|saddle|unstable),/.test(line))
    .map((line) => line.split(",").slice(1, 3).map(Number));
  for (const row of rows) {
    const place = row.slice(3, 5).map((t) => Number(t.replace("\u2212", "-")));
    assert.ok(
      crossings.some(([x, y]) => Math.hypot(x - place[0], y - place[1]) < 0.02),
      `${row} is none of ${crossings.join(" | ")}`,
    );
  }
  await done(page);
});

test("what a run reads is named, and saved like its final state", async () => {
  const id = finished.name.replace("experiments/", "");
  const { name } = await server.submit(look(`${id}/1`));
  await server.ended(name);
  const page = await visit(`/${name}/runs/0?tab=provenance`);
  const table = page.getByRole("region", { name: "Inputs and final state" });
  const source = `${id}/1/snapshots/rule.weights@final`;
  const input = await saved(
    page,
    table.getByRole("button", { name: `Save ${source} as NPY` }),
  );
  assert.equal(input.subarray(1, 6).toString(), "NUMPY");
  const words = input.subarray(10, 128).toString();
  assert.match(words, /'descr': '<f[48]'/);
  assert.match(words, /'shape': \(30, 30\)/);
  const size = /<f4/.test(words) ? 4 : 8;
  assert.equal(input.length, 128 + 30 * 30 * size);
  const state = await saved(
    page,
    table.getByRole("button", { name: "Save state@final as NPY" }),
  );
  assert.match(state.subarray(10, 128).toString(), /'descr': '\|u1'/);
  await table.getByRole("link", { name: source }).click();
  await page.waitForURL(new RegExp(`${finished.name}/runs/1$`));
  await done(page);
});

test("an autocorrelation is drawn with the decay that fits it, and its constant", async () => {
  const { name } = await server.change("Experiments/CreateExperiment", {
    source: { preset: "intrinsic_timescales" },
  });
  await server.ended(name);
  // One of those for which a decay with one time constant was chosen.
  const { runs } = await server.call("Runs/ListRuns", {
    parent: name,
    filter: "terms = 1",
  });
  const [{ name: run, summary }] = runs;
  const page = await visit(`/${run}?tab=results`);
  const figure = page.getByRole("figure", {
    name: "autocorrelation",
    exact: true,
  });
  await figure.locator("canvas").waitFor();
  const legend = figure.getByText(/autocorrelation fit \(tau [\d.]+\sms\)/);
  const [, shown] = /tau ([\d.]+)/.exec(await legend.innerText());
  assert.equal(Number(shown), Number(summary.tau.value.toPrecision(3)));
  await figure.getByRole("button", { name: "Save autocorrelation" }).click();
  const csv = await saved(
    page,
    page.getByRole("button", { name: "Numbers (CSV)", exact: true }).first(),
  );
  const lines = csv.toString().trim().split("\r\n");
  assert.equal(lines[0], "curve,lag [ms],autocorrelation [1]");
  const fit = lines
    .filter((line) => line.startsWith("autocorrelation fit (tau "))
    .map((line) => line.split(",").slice(1).map(Number))
    .filter(([, y]) => y > 0);
  // The fit is that decay.
  const [x0, y0] = fit[0];
  const [x1, y1] = fit.at(-1);
  const tau = (x1 - x0) / Math.log(y0 / y1);
  assert.ok(
    Math.abs(tau / summary.tau.value - 1) < 0.02,
    `the curve falls with ${tau} ms, ${summary.tau.value} ms were found`,
  );
  await page.getByRole("button", { name: "log y" }).click();
  await page.waitForURL(/log=y/);
  await figure.locator("canvas").waitFor();
  await done(page);
});

test("weights are sorted by an analysis' order, and keep their units' names", async () => {
  const { name } = await server.submit(
    short("1..1")
      .replace("{type: recall}", "{type: weight_order}, {type: recall}")
      .replace("short runs", "weights in order"),
  );
  await server.ended(name);
  const page = await visit(`/${name}/runs/1?tab=weights&array=rule.weights`);
  const numbersOf = async (title) => {
    await page.getByRole("figure", { name: title, exact: true }).waitFor();
    await page
      .getByRole("button", { name: `Save ${title}`, exact: true })
      .click();
    const csv = await saved(
      page,
      page.getByRole("button", { name: "Numbers (CSV)", exact: true }).first(),
    );
    const [head, ...rows] = csv.toString().trim().split("\r\n");
    return {
      units: head.split(",").slice(1).map(Number),
      rows: rows.map((row) => row.split(",").map(Number)),
    };
  };
  const plain = await numbersOf("rule.weights final");
  await page.getByLabel("Sort by").selectOption("order");
  const sorted = await numbersOf("rule.weights final by order");
  const all = Array.from({ length: 30 }, (_, i) => i);
  assert.deepEqual(plain.units, all);
  assert.notDeepEqual(sorted.units, all);
  assert.deepEqual(
    [...sorted.units].sort((a, b) => a - b),
    all,
  );
  // Each weight is still that between the units it is named by.
  for (const [post, ...weights] of sorted.rows)
    weights.forEach((w, j) =>
      assert.equal(w, plain.rows[post][1 + sorted.units[j]]),
    );
  await done(page);
});
