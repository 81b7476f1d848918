// What every view must be: accessible, narrow enough, small, from here alone.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { plane } from "./experiments.mjs";
import { done, finished, server, test, visit, web } from "./harness.mjs";

const axe = readFileSync(
  createRequire(import.meta.url).resolve("axe-core/axe.min.js"),
  "utf8",
);
const analysed = await server.submit(plane);
await server.ended(analysed.name);
const VIEWS = () => [
  ["history", "/history"],
  ["runs", "/history?of=runs"],
  ["experiment", `/${finished.name}`],
  ["metrics", `/${finished.name}/runs/0`],
  ["weights", `/${finished.name}/runs/0?tab=weights`],
  ["activity", `/${finished.name}/runs/0?tab=activity`],
  ["results", `/${finished.name}/runs/0?tab=results`],
  ["plane", `/${analysed.name}/runs/0?tab=results`],
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
        await page.waitForFunction(
          () => !document.querySelector(".notice[role=status]"),
        );
        await page.waitForTimeout(400);
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
