// Experiments from presets, forms and texts.
import assert from "node:assert/strict";
import { done, finished, test, visit } from "./harness.mjs";

test("a preset is submitted from the form, and watched to its end", async () => {
  const page = await visit("/submit?preset=flagship");
  const repetitions = page.locator(
    '[data-parameter="experiment.repetitions"] input',
  );
  await repetitions.fill("4");
  const text = page.getByLabel("Experiment as YAML");
  await page.waitForFunction(
    (element) => /repetitions: 4\b/.test(element.value),
    await text.elementHandle(),
  );
  assert.match(await text.inputValue(), /^# Which local learning rule/);
  const seeds = page.locator("#axis-seed");
  await seeds.fill("1..2");
  await page.getByRole("button", { name: "Submit 6 runs" }).click();
  await page.waitForURL(/\/experiments\/[a-z0-9]{10}$/);
  await page
    .getByRole("region", { name: "Experiment" })
    .getByText("6", { exact: false })
    .first()
    .waitFor();
  await page
    .locator("h1 ~ span", { hasText: /^6\s*succeeded$/ })
    .waitFor({ timeout: 60_000 });
  await page.getByText(/Claims: \d+ of 13 hold/).waitFor();
  await done(page);
});

test("the text edits the form", async () => {
  const page = await visit("/submit?program=sequence_learning");
  const text = page.getByLabel("Experiment as YAML");
  await text.fill(
    "name: typed\nexperiment:\n  type: sequence_learning\n  gain: 3.5\n  rule: {type: hebbian}\nseed: 1\n",
  );
  const gain = page.locator('[data-parameter="experiment.gain"] input');
  await page.waitForFunction(
    (e) => e.value === "3.5",
    await gain.elementHandle(),
  );
  assert.equal(await page.locator("#top-name").inputValue(), "typed");
  await page.getByTestId("estimate").waitFor();
  // The address has the text: another tab shows the same.
  await page.waitForFunction(() => location.hash.includes("typed"));
  await page.reload();
  assert.equal(await page.locator("#top-name").inputValue(), "typed");
  await done(page);
});

test("a fault is shown at its field and at its line", async () => {
  const page = await visit("/submit?preset=flagship");
  await page.getByTestId("estimate").waitFor();
  const field = page.locator('[data-parameter="experiment.gain"]');
  await field.locator("input").fill("-3");
  await field
    .locator(".fault")
    .filter({ hasText: "gain = -3 is outside [0, 1000]" })
    .waitFor();
  assert.equal(
    await field.locator("input").getAttribute("aria-invalid"),
    "true",
  );
  assert.equal(await page.locator(".editor li.faulty").count(), 1);
  assert.ok(
    await page
      .getByRole("button", { name: /^Submit/ })
      .last()
      .isDisabled(),
  );
  await field.locator("input").fill("2");
  await page.getByTestId("estimate").waitFor();
  assert.equal(
    await page.locator(".fault").filter({ hasText: "outside" }).count(),
    0,
  );
  await done(page);
});

test("a run is submitted again, as it was or changed", async () => {
  const page = await visit(`/${finished.name}/runs/11`);
  await page.getByRole("link", { name: "Submit again" }).click();
  const text = page.getByLabel("Experiment as YAML");
  await page.waitForFunction(
    (element) =>
      /tau: 20\b/.test(element.value) && /seed: 3\b/.test(element.value),
    await text.elementHandle(),
  );
  assert.doesNotMatch(await text.inputValue(), /sweep:/);
  await page.locator("#top-name").fill("submitted again");
  await page.waitForFunction(
    (element) => /name: submitted again/.test(element.value),
    await text.elementHandle(),
  );
  await page.getByRole("button", { name: "Submit 1 run" }).click();
  await page.waitForURL(
    (url) =>
      /\/experiments\/[a-z0-9]{10}/.test(url.pathname) &&
      !url.pathname.includes(finished.name),
  );
  await page
    .getByText(/^1?\s*succeeded$/)
    .first()
    .waitFor({ timeout: 30_000 });
  await done(page);
});

test("a sweep says how many runs it makes", async () => {
  const page = await visit("/submit?preset=flagship");
  await page.getByTestId("estimate").filter({ hasText: "30 runs" }).waitFor();
  await page
    .locator('[data-parameter="experiment.gain"]')
    .getByRole("button", { name: "Sweep gain" })
    .click();
  await page
    .locator('[data-parameter="experiment.gain"] input')
    .fill("[1, 2, 4]");
  await page.getByTestId("estimate").filter({ hasText: "90 runs" }).waitFor();
  await done(page);
});

test("a preset is found by words and by its tag", async () => {
  const page = await visit("/presets");
  const cards = page.locator("section.card");
  await cards.first().waitFor();
  const all = await cards.count();
  await page.getByRole("combobox", { name: /^tag/ }).selectOption("spiking");
  await page.getByLabel("Find presets").fill("brunel_regular sparse");
  await page.getByRole("status").getByText(`1 of ${all} presets`).waitFor();
  assert.equal(await cards.count(), 1);
  assert.match(page.url(), /find=brunel.*tag=spiking|tag=spiking.*find=brunel/);
  await page.getByLabel("Find presets").fill("a cat");
  await page.getByText("No preset has all of this").waitFor();
  await page.getByRole("button", { name: "Show all" }).click();
  await page.getByRole("status").getByText(`${all} presets`).waitFor();
  assert.equal(await cards.count(), all);
  await done(page);
});

test("a preset tells what was published and measured, and runs by one click", async () => {
  const page = await visit("/presets/flagship");
  await page.getByRole("cell", { name: "Kendall's tau 1.0" }).waitFor();
  await page.getByRole("button", { name: "Run it" }).click();
  await page.waitForURL(/\/experiments\//);
  await page.getByRole("button", { name: "Cancel" }).click();
  await page
    .locator("h1 ~ span", { hasText: /^\d+\s*cancelled$/ })
    .waitFor({ timeout: 20_000 });
  await done(page);
});
