// Frames of a live chart with ten curves of 100,000 points: nine runs that have
// ended and one that goes, in a headless Chromium against a real engramd. Says
// how long frames take while points arrive, and while the pointer moves over
// the chart; what a drawing costs, and how many points it has. Not a test: a
// machine that does other things has fewer frames.
//
//   node web/tests/bench/live_chart.mjs BIN WEB    BIN: folder of engramd; WEB:
//                                                  the built dashboard
import { mkdtempSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { BROWSER, Server } from "../e2e/server.mjs";

const [bin, web] = process.argv.slice(2);
if (!web) {
  console.error("usage: node web/tests/bench/live_chart.mjs BIN WEB");
  process.exit(2);
}
const SECONDS = 10;
const TASK =
  "{type: item_sequence, items: 2, units_per_item: 2, item_duration: 10, silence: 10, cue_duration: 5, recall_duration: 20}";
const runs = (name, units, sigma, seeds) => `
name: ${name}
experiment:
  type: sequence_learning
  repetitions: 100000
  test_every: 0
  network: {type: rate_rnn, units: ${units}, sigma: ${sigma}}
  task: ${TASK}
  rule: {type: hebbian, eta: 1e-7}
seed: 1
${seeds ? `sweep: {seed: ${seeds}}` : ""}
record: {metrics: every trial}
`;

/** Milliseconds between the frames of some seconds, as the page sees them. */
const framesOf = (page, seconds) =>
  page.evaluate(
    (ms) =>
      new Promise((done) => {
        const gaps = [];
        let last = 0;
        const from = performance.now();
        performance.clearMeasures("chart");
        const next = (now) => {
          if (last > 0) gaps.push(now - last);
          last = now;
          if (now - from < ms) requestAnimationFrame(next);
          else
            done({
              gaps,
              drawings: performance
                .getEntriesByName("chart")
                .map((e) => e.duration),
            });
        };
        requestAnimationFrame(next);
      }),
    seconds * 1000,
  );

const at = (sorted, share) =>
  sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;

function tell(what, { gaps, drawings }) {
  const sorted = [...gaps].sort((a, b) => a - b);
  const cost = [...drawings].sort((a, b) => a - b);
  const total = gaps.reduce((sum, gap) => sum + gap, 0);
  // A frame that takes half as long again was one that came too late.
  const late = gaps.filter((gap) => gap > 25).length;
  console.log(
    `${what}: ${((gaps.length / total) * 1000).toFixed(1)} frames a second; ` +
      `a frame ${at(sorted, 0.5).toFixed(1)} ms (99 % under ${at(sorted, 0.99).toFixed(1)}, longest ${at(sorted, 1).toFixed(1)}), ` +
      `${late} of ${gaps.length} late; ` +
      (cost.length > 0
        ? `${cost.length} drawings of ${at(cost, 0.5).toFixed(1)} ms (longest ${at(cost, 1).toFixed(1)})`
        : "nothing drawn anew"),
  );
}

async function pointerFrames(page, chart, seconds) {
  const box = await chart.boundingBox();
  let isMoving = true;
  const moves = (async () => {
    for (let i = 0; isMoving; i += 1)
      await page.mouse.move(
        box.x + ((i * 7) % Math.floor(box.width)),
        box.y + box.height / 2,
      );
  })();
  const frames = await framesOf(page, seconds);
  isMoving = false;
  await moves;
  return frames;
}

const work = mkdtempSync(join(tmpdir(), "engram-live-chart-"));
const server = new Server(bin, web, work);
await server.start();
const browser = await chromium.launch(BROWSER);
try {
  const ended = await server.submit(runs("ended", 4, 0, "1..9"));
  await server.ended(ended.name);
  const going = await server.submit(runs("going", 300, 0.1, ""));
  const load = () => loadavg()[0].toFixed(1);
  const page = await browser.newPage({
    viewport: { width: 1440, height: 900 },
  });
  await page.goto(await server.loginLink());
  const id = (e) => e.name.replace("experiments/", "");
  console.log(`load ${load()} on this machine`);
  await page.goto(
    `${server.url}/compare?runs=${id(ended)},${id(going)}&each=1&series=weight_norm`,
  );
  const chart = page.getByRole("region", { name: "Curves" }).locator(".u-over");
  await chart.waitFor();
  await page.waitForTimeout(3000);
  console.log(
    await page
      .getByRole("region", { name: "Curves" })
      .locator("p.quiet")
      .innerText(),
  );
  await page.mouse.move(2, 2);
  tell("ten curves, live", await framesOf(page, SECONDS));
  tell(
    "ten curves, live, pointer moving",
    await pointerFrames(page, chart, SECONDS),
  );
  await page.goto(`${server.url}/${going.name}/runs/0`);
  await page.locator("section[data-points] .u-over").first().waitFor();
  await page.waitForTimeout(2000);
  tell("the run's own charts, live", await framesOf(page, SECONDS));
  const points = await page
    .locator("section[data-points]")
    .first()
    .getAttribute("data-points");
  console.log(`${points} points in each of its series; load ${load()}`);
  const { state } = await server.call("Runs/GetRun", {
    name: `${going.name}/runs/0`,
  });
  if (state !== "RUN_STATE_RUNNING")
    console.log(`the run was ${state} before the end: nothing was live`);
} finally {
  await browser.close();
  await server.stop();
  rmSync(work, { recursive: true, force: true });
}
