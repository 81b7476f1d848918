// What every view must be: accessible, narrow enough, small, from here alone.
// With ENGRAM_LOOKS=FOLDER in the environment each is kept there as a picture,
// to be looked at.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { long, plane, spiking } from "./experiments.mjs";
import { done, finished, server, test, visit, web } from "./harness.mjs";

const axe = readFileSync(
  createRequire(import.meta.url).resolve("axe-core/axe.min.js"),
  "utf8",
);
const pictures = process.env.ENGRAM_LOOKS;
if (pictures) mkdirSync(pictures, { recursive: true });

const preset = (name) =>
  server.change("Experiments/CreateExperiment", { source: { preset: name } });
const analysed = await server.submit(plane);
const network = await server.submit(spiking("a network to look at", 600, 200));
const protocol = await preset("stdp_window");
const timescales = await preset("intrinsic_timescales");
const failing = await server.submit(
  `${long("a run that takes too long")}resources: {time: 1 s}\n`,
);
for (const { name } of [analysed, network, protocol, timescales, failing])
  await server.ended(name);
const id = (experiment) => experiment.name.slice(12);

const press = (name) => (page) =>
  page.getByRole("button", { name, exact: true }).first().click();
/** A name, an address, and what is done there before it is looked at. */
const VIEWS = () => [
  ["history", "/history"],
  ["runs", "/history?of=runs"],
  ["experiment", `/${finished.name}`],
  ["metrics", `/${finished.name}/runs/0`],
  ["weights", `/${finished.name}/runs/0?tab=weights`],
  ["difference", `/${finished.name}/runs/1?tab=weights&step=4&less=-1`],
  ["activity", `/${finished.name}/runs/0?tab=activity`],
  ["results", `/${finished.name}/runs/0?tab=results`],
  ["plane", `/${analysed.name}/runs/0?tab=results`],
  ["spikes", `/${network.name}/runs/0?tab=activity`],
  ["zoomed spikes", `/${network.name}/runs/0?tab=activity&zoom=ms:100:200`],
  ["rates", `/${network.name}/runs/0?tab=results`],
  ["window", `/${protocol.name}/runs/0`],
  ["values", `/${protocol.name}/runs/0?tab=results`],
  ["fits", `/${timescales.name}/runs/0?tab=results`],
  ["windows", `/compare?experiment=${id(protocol)}&each=1`],
  ["failed", `/${failing.name}/runs/0`],
  ["log", `/${finished.name}/runs/0?tab=log`],
  ["tree", `/${finished.name}/runs/0?tab=experiment`],
  ["provenance", `/${finished.name}/runs/0?tab=provenance`],
  ["submit", "/submit?preset=flagship"],
  [
    "faulty",
    "/submit?preset=flagship",
    (page) =>
      page.locator('[data-parameter="experiment.gain"] input').fill("-3"),
  ],
  ["columns", "/history?of=runs", press("Columns")],
  ["palette", "/history", (page) => page.keyboard.press("Control+k")],
  ["menu", `/${finished.name}/runs/0`, press("Copy")],
  ["presets", "/presets"],
  ["preset", "/presets/flagship"],
  ["measured", "/presets/stdp_window"],
  ["compare", `/compare?experiment=${id(finished)}`],
  ["nothing to compare", "/compare"],
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
      for (const [name, path, act] of VIEWS()) {
        await page.goto(server.url + path);
        await page.locator("h1").first().waitFor();
        await page.waitForFunction(
          () => !document.querySelector(".notice[role=status]"),
        );
        if (act) await act(page);
        await page.waitForTimeout(pictures ? 600 : 150);
        if (pictures)
          await page.screenshot({
            path: join(pictures, `${name}-${width}-${colorScheme}.png`),
            fullPage: true,
          });
        await page.evaluate(axe);
        const { violations } = await page.evaluate(() => globalThis.axe.run());
        for (const v of violations)
          found.push(`${name}: ${v.id}: ${v.nodes[0].html.slice(0, 160)}`);
        const over = await page.evaluate(
          () =>
            document.documentElement.scrollWidth -
            document.documentElement.clientWidth,
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
    .reduce(
      (sum, name) => sum + gzipSync(readFileSync(join(assets, name))).length,
      0,
    );
  console.log(`        script: ${(bytes / 1000).toFixed(0)} kB compressed`);
  assert.ok(bytes < 300_000);
  const page = await visit();
  const foreign = [];
  page.on("request", (r) => {
    if (
      new URL(r.url()).origin !== server.url &&
      !/^(data|blob):/.test(r.url())
    )
      foreign.push(r.url());
  });
  await page.goto(`${server.url}/${finished.name}/runs/0?tab=weights`);
  await page.getByTestId("spectrum").waitFor();
  assert.deepEqual(foreign, []);
  await done(page);
});
