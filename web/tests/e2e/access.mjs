// Who gets in, and what each may do.
import assert from "node:assert/strict";
import { short } from "./experiments.mjs";
import {
  browser,
  done,
  finished,
  server,
  test,
  viewer,
  visit,
} from "./harness.mjs";

test("a token becomes a session, and no secret stays in the page", async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(server.url);
  await page.getByText("You are not logged in").waitFor();
  const field = page.getByLabel("Or a token");
  await field.fill("engram_wrong");
  await page.getByRole("button", { name: "Log in" }).click();
  await page.locator("#login-fault").filter({ hasText: /./ }).waitFor();
  await field.fill(server.token);
  await page.getByRole("button", { name: "Log in" }).click();
  await page.getByRole("grid", { name: "Experiments" }).waitFor();
  const [cookie] = await context.cookies();
  assert.ok(cookie.httpOnly && cookie.sameSite === "Strict");
  const kept = await page.evaluate(() =>
    JSON.stringify([
      document.cookie,
      { ...localStorage },
      { ...sessionStorage },
    ]),
  );
  assert.ok(!kept.includes("engram_"), kept);
  await page.getByRole("button", { name: /appearance and session/ }).click();
  await page.getByRole("button", { name: "Log out" }).click();
  await page.getByText("You are not logged in").waitFor();
  await context.close();
});

test("a viewer sees everything and may change nothing", async () => {
  const page = await visit("/history", { token: viewer });
  await page
    .getByRole("grid", { name: "Experiments" })
    .getByText("short runs")
    .first()
    .waitFor();
  assert.equal(
    await page.getByRole("link", { name: "Submit", exact: true }).count(),
    0,
  );
  await page.goto(`${server.url}/submit?preset=flagship`);
  await page.getByText("You may not submit").waitFor();
  await page.goto(`${server.url}/presets/flagship`);
  await page.getByRole("heading", { level: 1 }).waitFor();
  assert.equal(await page.getByRole("button", { name: "Run it" }).count(), 0);
  await page.goto(`${server.url}/${finished.name}`);
  await page.getByText("Claims:", { exact: false }).first().waitFor();
  for (const name of ["Delete", "Notes and tags", "Cancel"])
    assert.equal(
      await page.getByRole("button", { name, exact: true }).count(),
      0,
    );
  await page.goto(`${server.url}/queue`);
  await page.getByRole("heading", { name: "Workers" }).waitFor();
  assert.equal(await page.getByText("Administration").count(), 0);
  await done(page);
});

test("an administrator makes users and tokens, sets quotas, drains", async () => {
  const page = await visit("/queue");
  await page.getByLabel("Name of a new user").fill("grace");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await page.getByRole("button", { name: "Quota of users/grace" }).click();
  await page.getByLabel("Running runs").fill("3");
  await page.getByRole("button", { name: "Save" }).click();
  await page
    .getByRole("row", { name: /grace.*3/ })
    .first()
    .waitFor();
  await page.getByRole("button", { name: "New token" }).click();
  await page.getByRole("dialog").getByLabel("User").selectOption("users/grace");
  await page.getByRole("button", { name: "Make it" }).click();
  await page.getByText(/^engram_/).waitFor();
  await page.getByRole("button", { name: "Done" }).click();
  await page.getByRole("button", { name: "Drain: start no more runs" }).click();
  await page.getByText("Draining: no more runs are started.").waitFor();
  const { name } = await server.submit(
    short("1..1").replace("short runs", "while draining"),
  );
  await page
    .getByRole("region", { name: "Queue" })
    .getByText(name.slice(12))
    .first()
    .waitFor();
  await page.getByRole("button", { name: "Start runs again" }).click();
  await server.ended(name);
  await done(page);
});
