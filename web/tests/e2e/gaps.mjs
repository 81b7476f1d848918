// A run that ends while a view is still being fetched is shown as ended: the
// answers below are from before the end, and arrive after it.
import { long } from "./experiments.mjs";
import { done, server, stateOf, test, visit } from "./harness.mjs";

const CALL = (name) => `**/engram.v1.${name}`;

async function running(name) {
  const { name: experiment } = await server.submit(long(name));
  for (let tries = 0; tries < 300; tries += 1) {
    const run = await server.call("Runs/GetRun", {
      name: `${experiment}/runs/0`,
    });
    if (run.state.endsWith("RUNNING")) return experiment;
    await new Promise((next) => setTimeout(next, 100));
  }
  throw new Error(`${experiment} does not start`);
}

async function end(experiment) {
  await server.change("Experiments/Cancel", { name: experiment });
  await server.ended(experiment);
}

test("a run that ends while a comparison is fetched is shown as ended", async () => {
  const experiment = await running("ends while it is compared");
  const page = await visit("/history");
  await page.locator(".wire.live").waitFor();
  let release;
  const ended = new Promise((next) => (release = next));
  const asked = new Promise((next) => {
    let isFirst = true;
    void page.route(CALL("Runs/GetRun"), async (route) => {
      const answer = await route.fetch();
      if (isFirst) {
        isFirst = false;
        next();
        await ended;
      }
      await route.fulfill({ response: answer });
    });
  });
  // Within the page, so that its stream is there already and passes the end.
  await page.evaluate(
    (to) => {
      history.pushState(null, "", to);
      dispatchEvent(new PopStateEvent("popstate"));
    },
    `/compare?runs=${experiment.slice(12)}/0`,
  );
  await asked;
  await end(experiment);
  const { etag } = await server.call("Experiments/GetExperiment", {
    name: experiment,
  });
  await server.change("Experiments/UpdateExperiment", {
    experiment: { name: experiment, etag, notes: "ended" },
    updateMask: "notes",
  });
  await page.waitForTimeout(700);
  release();
  await page
    .getByRole("region", { name: "Runs", exact: true })
    .getByText("cancelled")
    .waitFor({ timeout: 10_000 });
  await done(page);
});

test("a run that ends before the first stream is there is shown as ended", async () => {
  const experiment = await running("ends while the page loads");
  const page = await visit("/presets");
  const fetched = page
    .waitForResponse(CALL("Runs/GetRun"), { timeout: 1500 })
    .catch(() => undefined);
  let isFirst = true;
  await page.route(CALL("Admin/GetStatus"), async (route) => {
    if (isFirst) {
      isFirst = false;
      await fetched;
      await end(experiment);
    }
    await route.continue();
  });
  await page.goto(`${server.url}/${experiment}/runs/0`);
  await stateOf(page, "cancelled", 10_000);
  await done(page);
});
