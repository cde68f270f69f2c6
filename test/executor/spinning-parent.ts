// A process that runs a guest that never ends; it is there to be killed.
// Usage: node spinning-parent.ts WORKSPACE TOOL CACHE

import { readFileSync } from "node:fs";
import { openGlovebox } from "../../host/index.ts";

const [workspace = "", tool = "", cacheDirectory = ""] = process.argv.slice(2);
const tools = [{ name: "hostile", bytes: readFileSync(tool) }];
const glovebox = await openGlovebox({ workspace, tools, cacheDirectory });
const limits = { fuel: 100_000_000_000_000, step_seconds: 600, duration_seconds: 600 };
await glovebox.run(
  { value: { plan_id: "spin", steps: [{ action: "test/hostile.spin", fuel: limits.fuel, timeout_seconds: 600 }] } },
  { value: { scope: "spin", actions: ["*"], limits } },
);
