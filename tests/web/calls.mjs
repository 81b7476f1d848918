// Drives a headless Chromium through the page's calls. Arguments: the server's
// base URL, a token of an admin, the browser's folder for its own files, the
// server's log.
// Prints one line a test; the last says how many passed and failed.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import http from "node:http";
import { chromium } from "playwright-core";

const [baseUrl, token, profile, log] = process.argv.slice(2);
const EXPERIMENT = `
name: one small run
experiment:
  type: sequence_learning
  repetitions: 5
  network: {type: rate_rnn, units: 30}
  task: {type: item_sequence, items: 3, units_per_item: 10}
  rule: {type: hebbian}
  analyses: [{type: recall}]
seed: 1
`;

const context = await chromium.launchPersistentContext(profile, {
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  headless: true,
  args: [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
});
const page = await context.newPage();
await page.goto(baseUrl);
await page.waitForFunction(() => window.calls !== undefined);
const call = (name, ...values) =>
  page.evaluate(([n, v]) => window.calls[n](...v), [name, values]);

const tests = [];
const test = (name, body) => tests.push({ name, body });
const CODINGS = [
  ["JSON", { token, binary: false }],
  ["binary", { token, binary: true }],
];

for (const [coding, options] of CODINGS) {
  test(`${coding}: a unary call`, async () => {
    const me = await call("whoAmI", options);
    assert.match(me.user, /^users\/./);
    assert.match(me.token, /^tokens\/\d+$/);
    assert.equal(me.scope, 3);
  });
  test(`${coding}: a large answer`, async () => {
    const types = await call("catalog", options);
    assert.ok(types.includes("hebbian") && types.includes("rate_rnn"));
  });
  test(`${coding}: an error with its details`, async () => {
    const error = await call("unknownType", options);
    assert.equal(error.code, "NotFound");
    assert.equal(error.resource, "hebbain");
    assert.match(error.message, /did you mean hebbian\?/);
  });
  test(`${coding}: every fault of a text as a detail`, async () => {
    const error = await call(
      "badExperiment",
      options,
      "experiment: {type: sequence_learning, reptitions: 2, taks: 1}",
    );
    assert.equal(error.code, "InvalidArgument");
    assert.ok(error.fields.length >= 2, JSON.stringify(error));
  });
  test(`${coding}: a stream from submit to DONE`, async () => {
    const experiment = await call("submit", options, EXPERIMENT);
    assert.match(experiment.name, /^experiments\/[a-z0-9]{10}$/);
    assert.equal(experiment.runCount, 1);
    const watched = await call("watch", options, experiment.name);
    // QUEUED, STARTING, RUNNING, SUCCEEDED.
    assert.deepEqual(watched.states, [1, 2, 3, 5]);
    assert.ok(watched.isOrdered);
    assert.equal(watched.end, "DONE");
    const runs = await call("runs", options, experiment.name);
    assert.equal(runs.length, 1);
    assert.equal(runs[0].seed, "1");
  });
  test(`${coding}: a stream's error with its details`, async () => {
    const error = await call("watchFails", options, "experiments/zzzzzzzzzz");
    assert.equal(error.code, "NotFound");
  });
  test(`${coding}: a stream's time limit`, async () => {
    const { name } = await call("submit", options, EXPERIMENT);
    const error = await call("watchFails", options, name, 300);
    assert.equal(error.code, "DeadlineExceeded");
  });
  test(`${coding}: a stream that the page leaves`, async () => {
    const { name } = await call("submit", options, EXPERIMENT);
    const error = await call("watchAborted", options, name);
    assert.equal(error.code, "Canceled");
  });
}

test("without a token a call is refused", async () => {
  const error = await call("whoAmIFails", {});
  assert.equal(error.code, "Unauthenticated");
  assert.equal(error.reason, "TOKEN_MISSING");
});

test("the page's policy lets no inline script run", async () => {
  await assert.rejects(page.addScriptTag({ content: "window.injected = 1" }));
  assert.equal(await page.evaluate(() => window.injected), undefined);
});

test("a login link gives a session, once, until logout", async () => {
  const url = await call("loginLink", { token });
  const answer = await page.goto(url);
  assert.equal(answer.status(), 200);
  assert.equal(new URL(page.url()).pathname, "/");
  await page.waitForFunction(() => window.calls !== undefined);

  const [cookie] = await context.cookies(baseUrl);
  assert.ok(cookie.httpOnly);
  assert.equal(cookie.sameSite, "Strict");
  assert.equal(await page.evaluate(() => document.cookie), "");
  assert.match((await call("whoAmI", {})).user, /^users\/./);

  const other = await context.newPage();
  assert.equal((await other.goto(url)).status(), 404);
  await other.close();

  const out = await page.evaluate(() => fetch("/logout", { method: "POST" }));
  assert.ok(out !== undefined);
  assert.deepEqual(await context.cookies(baseUrl), []);
  await context.addCookies([cookie]);
  const error = await call("whoAmIFails", {});
  assert.equal(error.code, "Unauthenticated");
  assert.equal(error.reason, "TOKEN_REVOKED");
});

test("another server's page cannot use the session", async () => {
  await page.goto(await call("loginLink", { token }));
  const foreign = http.createServer((_, response) => {
    response.setHeader("Content-Type", "text/html");
    response.end("<title>another page</title>");
  });
  await new Promise((ready) => foreign.listen(0, "127.0.0.1", ready));
  const other = await context.newPage();
  await other.goto(`http://127.0.0.1:${foreign.address().port}/`);
  // Same site, as ports do not count: the browser sends the cookie.
  // Its answer is kept even from the tools; the server's log has it.
  const refusals = () =>
    readFileSync(log, "utf8").split('"path":"/engram.v1.Admin/WhoAmI","status":403')
      .length - 1;
  assert.equal(refusals(), 0);
  const outcome = await other.evaluate(
    (url) =>
      fetch(url, {
        method: "POST",
        mode: "no-cors",
        credentials: "include",
        body: "{}",
      }).then(
        () => "read",
        () => "withheld",
      ),
    `${baseUrl}/engram.v1.Admin/WhoAmI`,
  );
  assert.equal(outcome, "withheld");
  // The line is written once the answer has left.
  for (let i = 0; i < 100 && refusals() === 0; i++) {
    await new Promise((next) => setTimeout(next, 50));
  }
  assert.equal(refusals(), 1);
  // With a content type of the protocol the browser asks first, in vain.
  const read = await other.evaluate(
    (url) =>
      fetch(url, {
        method: "POST",
        credentials: "include",
        headers: { "Content-Type": "application/json" },
        body: "{}",
      }).then(
        () => "read",
        () => "refused",
      ),
    `${baseUrl}/engram.v1.Admin/WhoAmI`,
  );
  assert.equal(read, "refused");
  await other.close();
  foreign.close();
});

let failed = 0;
for (const { name, body } of tests) {
  try {
    await body();
    console.log(`ok      ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`FAILED  ${name}\n${error.stack}`);
  }
}
await context.close();
console.log(`${tests.length - failed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
