// The pictures of the docs, taken of the running product: starts an engramd of
// its own, runs presets, and looks at them.
//
//   node web/pictures.mjs BIN WEB OUT    BIN: folder of engramd; WEB: the built
//                                        dashboard; OUT: such as docs/pictures
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { BROWSER, Server } from "./tests/e2e/server.mjs";

const [bin, web, out] = process.argv.slice(2);
if (!out) {
  console.error("usage: node web/pictures.mjs BIN WEB OUT");
  process.exit(2);
}
mkdirSync(out, { recursive: true });
const work = mkdtempSync(join(tmpdir(), "engram-pictures-"));
const server = new Server(bin, web, work);
await server.start();
const browser = await chromium.launch(BROWSER);
try {
  const run = async (preset) => {
    const { name } = await server.change("Experiments/CreateExperiment", {
      source: { preset },
    });
    await server.ended(name);
    return name;
  };
  const name = await run("flagship");
  const short = name.replace("experiments/", "");
  const VIEWS = [
    [
      "history",
      "light",
      640,
      `/history?of=runs&columns=run,state,varying,sequence_length,order_fidelity,symmetry_index,duration&sort=sequence_length+desc`,
      '[role="row"]',
    ],
    [
      "run",
      "light",
      700,
      `/${name}/runs/21?tab=weights&array=sorted_weights`,
      "[data-testid=spectrum]",
    ],
    [
      "compare",
      "light",
      800,
      `/compare?experiment=${short}&result=sequence_length&series=weight_norm`,
      '[aria-label="Weights"] canvas',
      '[aria-label="Results"]',
    ],
    ["preset", "dark", 800, "/presets/flagship", "table"],
    [
      "submit",
      "light",
      800,
      "/submit?preset=flagship",
      "[data-testid=estimate]",
    ],
  ];
  const look = async (file, colorScheme, height, path, ready, shown) => {
    const context = await browser.newContext({
      viewport: { width: 1200, height },
      colorScheme,
    });
    const page = await context.newPage();
    await page.goto(await server.loginLink());
    await page.goto(server.url + path);
    await page.locator(ready).first().waitFor();
    await page.waitForTimeout(800);
    const part = page.locator(shown ?? "main").first();
    if (shown) await part.evaluate((e) => window.scrollTo(0, e.offsetTop - 56));
    await page.waitForTimeout(200);
    await page.screenshot({ path: join(out, `${file}.png`) });
    await context.close();
    console.log(join(out, `${file}.png`));
  };
  for (const view of VIEWS) await look(...view);
  const cortex = await run("izhikevich_cortex");
  await look(
    "activity",
    "light",
    880,
    `/${cortex}/runs/0?tab=activity`,
    "[data-testid=recorded-spikes]",
  );
} finally {
  await browser.close();
  await server.stop();
  rmSync(work, { recursive: true, force: true });
}
