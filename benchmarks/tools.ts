// What the standard tools cost: their size, the time to build one from source, and a call of each with a fresh instance.
// It must not know what the tools do beyond one cheap call of each.

import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openGlovebox } from "../host/index.ts";
import { standardTool } from "../tools-wasm/build.ts";
import { buildTool } from "../tools-wasm/sdk/build.ts";
import { newTool } from "../tools-wasm/sdk/template.ts";
import { buildToolAt } from "../tools-wasm/sdk/tool.ts";
import { atMost, type Benchmark, type Figure, figure, percentile, sample } from "./harness.ts";

const ROOT = join(import.meta.dirname, "..");
const TOOLS = join(ROOT, "dist", "tools");
const MOST_KIB = 40;

/** A call of each tool that does next to nothing, so that what is measured is the call. */
const CALLS: Readonly<Record<string, { readonly action: string; readonly params: object }>> = {
  archive: { action: "archive.pack", params: { path: "/project/a.txt", to: "/project/a.zip" } },
  config: { action: "config.set", params: { path: "/project/a.env", key: ["A"], value: { integer: 2 } } },
  file: { action: "file.read", params: { path: "/project/a.txt" } },
  json: { action: "json.query", params: { text: '{"a":1}', query: "$.a" } },
  process: { action: "process.filter", params: { text: ["an ERROR", "nothing"], pattern: "ERROR" } },
  text: { action: "text.replace", params: { text: "one", pattern: "n", replacement: "m" } },
};

/** Sizes, build times and call times of the standard tools. */
export const benchmark: Benchmark = {
  name: "tools",
  about: "size of each standard tool, build time, one call of each with a fresh instance",
  run: async () => [...sizes(), ...(await buildTimes()), ...(await callTimes())],
};

function names(): readonly string[] {
  const files = readdirSync(TOOLS).filter((name) => name.endsWith(".wasm"));
  return files.map((name) => name.slice(0, -".wasm".length)).sort();
}

function sizes(): readonly Figure[] {
  return names().map((name) =>
    figure(`size, ${name}`, statSync(join(TOOLS, `${name}.wasm`)).size / 1024, "KiB", atMost(MOST_KIB)),
  );
}

async function buildTimes(): Promise<readonly Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), "glovebox-bench-"));
  const fresh = join(folder, "words");
  await newTool(fresh, "bench", "words");
  const work = new Map([["the tool of `tool new`", () => buildToolAt(fresh)]]);
  for (const name of names()) work.set(name, () => buildTool(standardTool(ROOT, name)));
  const figures: Figure[] = [];
  for (const [name, build] of work) {
    const times = await sample(build, { samples: 3, warmup: 1 });
    figures.push(figure(`build, ${name}`, percentile(times, 50), "ms"));
  }
  rmSync(folder, { recursive: true });
  return figures;
}

async function callTimes(): Promise<readonly Figure[]> {
  const workspace = mkdtempSync(join(tmpdir(), "glovebox-bench-"));
  writeFileSync(join(workspace, "a.txt"), "one\ntwo\n");
  writeFileSync(join(workspace, "a.env"), "A=1\n");
  const glovebox = await openGlovebox({ workspace, executor: "inline" });
  const offered = new Set(glovebox.actions.map(({ name }) => name));
  const figures: Figure[] = [];
  for (const [name, { action, params }] of Object.entries(CALLS)) {
    if (!offered.has(action)) continue;
    const plan = { value: { plan_id: "bench", steps: [{ action, params }] } };
    const scope = {
      value: { scope: "bench", actions: [action], filesystem: [{ path: "/project", access: "write" }] },
      directory: workspace,
    };
    const run = async (): Promise<void> => {
      const { status, findings, error } = await glovebox.run(plan, scope, { dryRun: true });
      if (status !== "completed") throw new Error(`${name} ended ${status}: ${error?.message ?? findings[0]?.message}`);
    };
    figures.push(
      figure(
        `one call, fresh instance, ${action}, p50`,
        percentile(await sample(run, { samples: 300, warmup: 50 }), 50),
        "ms",
      ),
    );
  }
  await glovebox.close();
  rmSync(workspace, { recursive: true });
  return figures;
}
