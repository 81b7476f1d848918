// Spikes of a network, while it runs and afterwards.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { spiking } from "./experiments.mjs";
import { done, server, stateOf, test, visit } from "./harness.mjs";

const raster = "[data-testid=raster]";
const marksOf = (page) =>
  page.locator(raster).getAttribute("data-marks").then(Number);

test("a raster moves while its network runs, and what was recorded is there", async () => {
  const { name } = await server.submit(spiking("a live network", 4e6));
  const page = await visit(`/${name}/runs/0?tab=activity`);
  await page.getByTestId("live-spikes").waitFor({ timeout: 30_000 });
  const picture = () =>
    page.locator(raster).evaluate((canvas) => canvas.toDataURL());
  const first = await picture();
  await page.waitForFunction(
    ([selector, old]) => document.querySelector(selector).toDataURL() !== old,
    [raster, first],
  );
  await page.getByRole("figure", { name: "Rates, live" }).waitFor();
  await page.getByRole("button", { name: "Recorded" }).click();
  await page.getByTestId("recorded-spikes").waitFor();
  assert.match(page.url(), /spikes=recorded/);
  await page.getByRole("button", { name: "Live" }).click();
  await page.getByTestId("live-spikes").waitFor();
  await server.change("Experiments/Cancel", { name });
  await stateOf(page, "cancelled");
  await done(page);
});

test("a zoom into recorded spikes asks the server for the range", async () => {
  const { name } = await server.submit(spiking("a short network", 2000, 400));
  await server.ended(name);
  const { populations } = await server.call("Runs/ListPopulations", {
    name: `${name}/runs/0`,
  });
  assert.deepEqual(
    populations.map((p) => [p.name, Number(p.unitCount), p.dt]),
    [
      ["excitatory", 400, 1],
      ["inhibitory", 100, 1],
    ],
  );
  const spikes = populations.reduce((sum, p) => sum + Number(p.spikeCount), 0);
  assert.ok(spikes > 500, `${spikes} spikes`);
  const page = await visit(`/${name}/runs/0?tab=activity`);
  await page.getByTestId("recorded-spikes").waitFor();
  const all = await marksOf(page);
  assert.ok(all > 100 && all <= spikes, `${all} of ${spikes} drawn`);
  const plot = page.getByRole("figure", { name: "Spikes", exact: true });
  const box = await plot.locator("svg[role=application]").boundingBox();
  const at = (part) => box.x + 66 + part * (box.width - 90);
  await page.mouse.move(at(0.25), box.y + 60);
  await page.mouse.down();
  await page.mouse.move(at(0.5), box.y + 80, { steps: 5 });
  await page.mouse.up();
  await page.waitForURL(/zoom=ms:/);
  await page.getByText(/spikes, all of them drawn/).waitFor();
  const zoomed = await marksOf(page);
  assert.ok(zoomed > 0 && zoomed < spikes / 2, `${zoomed} after the zoom`);
  const save = async (what) => {
    await page
      .getByRole("button", { name: "Save Spikes", exact: true })
      .click();
    const [file] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: what, exact: true }).click(),
    ]);
    return readFileSync(await file.path());
  };
  const csv = (await save("Numbers (CSV)")).toString().trim().split("\r\n");
  assert.equal(csv[0], "population,time [ms],unit");
  assert.equal(csv.length, zoomed + 1);
  for (const line of csv.slice(1)) {
    const ms = Number(line.split(",")[1]);
    assert.ok(ms > 480 && ms < 1020, line);
  }
  assert.match((await save("SVG")).toString(), /data:image\/png/);
  assert.equal((await save("PNG")).subarray(1, 4).toString(), "PNG");
  await page.getByRole("button", { name: "Show all" }).first().click();
  await page.waitForURL((url) => !url.search.includes("zoom"));
  await done(page);
});
