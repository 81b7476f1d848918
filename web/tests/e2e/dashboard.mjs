// The dashboard in a headless Chromium against a real engramd; see harness.mjs
// for the arguments. The last test leaves a queue that never drains.
import { runAll } from "./harness.mjs";
import "./access.mjs";
import "./submit.mjs";
import "./run.mjs";
import "./analyses.mjs";
import "./spikes.mjs";
import "./gaps.mjs";
import "./history.mjs";
import "./looks.mjs";
import "./speed.mjs";

await runAll();
